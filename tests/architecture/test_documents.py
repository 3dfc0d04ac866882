"""README, ARCHITECTURE and their neighbours name only what exists."""

import re

import pytest

from guildry.kernel.points import COMMANDS
from tools import steps

DOCUMENTS = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "deploy/README.md"]
PATH = re.compile(r"`((?:src|tests|docs|tools|bench|deploy|requirements|\.ci)/[\w./-]*)`|\]\(([\w./-]+)\)")
COMMAND = re.compile(r"(?:\./dev|guildry) ([a-z-]+)")
DEV_VERBS = {"run", "test", "check", "ci", "bench", "smoke", "lock"}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_named_path_exists(document: str) -> None:
    text = (steps.ROOT / document).read_text()

    named = {first or second for first, second in PATH.findall(text)}

    assert named
    assert {path for path in named if not (steps.ROOT / path).exists()} == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_named_command_exists(document: str) -> None:
    text = (steps.ROOT / document).read_text()
    known = DEV_VERBS | {command.name.split()[0] for command in COMMANDS}

    assert set(COMMAND.findall("\n".join(re.findall(r"`[^`]+`|```.*?```", text, re.DOTALL)))) - known == set()
