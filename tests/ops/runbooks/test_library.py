"""The library of this release: complete, linked from what it belongs to, and true."""

import re

import pytest
from django.urls import Resolver404, resolve, reverse

from guildry.config.__main__ import _parser
from guildry.kernel.guides import GUIDES
from guildry.kernel.points import COMMANDS, COMPONENTS, HEALTH_CHECKS, QUEUES
from guildry.ops.doctor import rules as doctor
from guildry.ops.runbooks import queries
from guildry.ops.runbooks.rules import Runbook
from tools import steps

LIBRARY = queries.library()
NEEDED = {
    "start", "stop", "upgrade", "restore", "database-down", "queue-backlog", "disk-full", "redis-down", "certificate",
    "spam-wave", "data-request", "security-incident", "lost-second-factor", "mail-not-leaving", "stuck-migration",
    "rotate-secrets", "scale-out", "slow-pages",
}  # fmt: skip
CODE = re.compile(r"`([^`\n]+)`")


def is_answered(path: str) -> bool:
    try:
        return bool(resolve(path))
    except Resolver404:
        return False


def texts(runbook: Runbook) -> str:
    return "\n".join(block.content for section in runbook.sections for block in section.blocks)


def test_the_library_covers_what_operators_meet() -> None:
    assert {runbook.slug for runbook in LIBRARY} >= NEEDED


def test_every_health_check_has_exactly_one_runbook() -> None:
    covered = sorted(check for runbook in LIBRARY for check in runbook.checks)
    parts = {component.name for component in COMPONENTS if component.probe}
    queues = {f"queue {queue.key}" for queue in QUEUES}

    assert covered == sorted({check.name for check in HEALTH_CHECKS} | parts | queues)


@pytest.mark.parametrize("runbook", LIBRARY, ids=lambda runbook: runbook.slug)
def test_a_runbook_names_only_what_exists(runbook: Runbook) -> None:
    words = CODE.findall(texts(runbook))
    slugs = {entry.slug for entry in LIBRARY}

    for name in re.findall(r"runbooks? `([a-z-]+)`", texts(runbook)):
        assert name in slugs, name
    for path in (word for word in words if re.fullmatch(r"/[a-z/]+/", word)):
        assert is_answered(path), path
    for name in re.findall(r"(?<!-u )\bguildry ([a-z][a-z-]+)", texts(runbook)):
        assert name in COMMANDS, name


@pytest.mark.parametrize("runbook", LIBRARY, ids=lambda runbook: runbook.slug)
def test_every_guildry_command_is_spelt_as_the_program_takes_it(runbook: Runbook) -> None:
    lines = re.findall(r"^(?:for .*; do )?guildry ([^|&;>\n]+)", texts(runbook), re.MULTILINE)

    for line in lines:
        parsed = re.sub(r'"\$PORT"', "8000", re.sub(r'"[^"$]+"', "words", line))
        _parser().parse_args(parsed.split())


@pytest.mark.parametrize("runbook", LIBRARY, ids=lambda runbook: runbook.slug)
def test_a_runbook_is_found_by_its_name_and_by_those_who_link_it(runbook: Runbook) -> None:
    guide = GUIDES[runbook.slug]

    assert guide.url == reverse("runbooks:runbook", kwargs={"slug": runbook.slug})
    assert (guide.title, guide.checks, guide.alerts) == (runbook.title, runbook.checks, runbook.alerts)


def test_the_doctor_names_only_runbooks_that_exist() -> None:
    folder = steps.ROOT / "src" / "guildry" / "ops" / "doctor"
    source = "".join(path.read_text() for path in folder.rglob("*.py"))
    slugs = {runbook.slug for runbook in LIBRARY}
    named = set(re.findall(r'"([a-z]+(?:-[a-z]+)+|restore|upgrade|start|certificate)"', source))

    assert doctor.Finding.__dataclass_fields__["runbook"].default == ""
    assert {word for word in named if word in slugs} >= {"database-down", "redis-down", "mail-not-leaving"}
    assert {
        word for word in named - slugs if word.endswith(("-down", "-full", "-leaving", "-secrets"))
    } == set()
