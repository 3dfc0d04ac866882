"""What findings add up to, and judgements that need no look at the machine."""

import pytest

from guildry.ops.doctor import rules
from guildry.ops.doctor.rules import Cause, Finding, Grade


def fault(cause: Cause) -> Finding:
    return Finding("part", Grade.FAULT, "It is broken.", cause=cause)


@pytest.mark.parametrize(
    ("findings", "code"),
    [
        ([], 0),
        ([rules.good("disk", "room")], 0),
        ([Finding("jobs", Grade.ADVICE, "Some wait.", cause=Cause.DEPENDENCY)], 0),
        ([fault(Cause.DEPENDENCY)], 69),
        ([fault(Cause.DEPENDENCY), fault(Cause.CONFIGURATION)], 78),
    ],
)
def test_faults_decide_the_exit_code_and_the_configuration_comes_first(
    findings: list[Finding], code: int
) -> None:
    assert rules.exit_code(findings) == code


@pytest.mark.parametrize(
    ("kind", "version", "is_old"),
    [
        ("mariadb", "10.5.21-MariaDB-0+deb11u1", True),
        ("mariadb", "10.11.19-MariaDB", False),
        ("mysql", "8.0.15", True),
        ("mysql", "8.4.0", False),
        ("sqlite", "3.34.1", True),
        ("redis", "7.0.15", False),
        ("redis", "unknown", False),
    ],
)
def test_an_old_server_is_told_from_a_new_one(kind: str, version: str, is_old: bool) -> None:
    assert rules.is_too_old(kind, version) is is_old


@pytest.mark.parametrize(
    ("requirement", "expected"),
    [
        ("django~=5.2.19", ("django", (5, 2, 19))),
        ("django-allauth[mfa,socialaccount]~=65.21", ("django-allauth", (65, 21))),
        ("argon2-cffi>=25.1", ("argon2-cffi", (25, 1))),
        ("whatever", ("whatever", (0,))),
    ],
)
def test_a_requirement_names_a_package_and_its_least_version(requirement: str, expected: object) -> None:
    assert rules.least_version(requirement) == expected


def test_a_lock_file_is_compared_with_what_is_installed() -> None:
    lock = "alpha==1.0 \\\n    --hash=sha256:00\nbeta==2.1\ngamma==3 ; sys_platform == 'win32' \\\ndelta==4 \\\n    # via alpha\n"
    wanted = rules.locked_versions(lock)

    assert wanted == {"alpha": "1.0", "beta": "2.1", "delta": "4"}
    assert rules.drifted(wanted, {"alpha": "1.0", "beta": "2.0"}) == [
        "beta is 2.0, not 2.1",
        "delta is missing",
    ]


@pytest.mark.parametrize(
    ("origin", "sends_mail", "grade"),
    [
        ("https://guild.example", True, Grade.GOOD),
        ("http://localhost:8000", False, Grade.GOOD),
        ("http://localhost:8000", True, Grade.FAULT),
        ("http://guild.example", False, Grade.FAULT),
    ],
)
def test_the_address_of_the_site_is_judged(origin: str, sends_mail: bool, grade: Grade) -> None:
    assert rules.origin_finding(origin, sends_mail=sends_mail).grade == grade


@pytest.mark.parametrize(("seconds", "grade"), [(0.4, Grade.GOOD), (-2.0, Grade.GOOD), (-31.0, Grade.FAULT)])
def test_clocks_may_differ_by_two_seconds(seconds: float, grade: Grade) -> None:
    assert rules.skew_finding("the database", seconds).grade == grade


@pytest.mark.parametrize(
    ("megabytes", "grade"), [(5000, Grade.GOOD), (1500, Grade.ADVICE), (150, Grade.FAULT)]
)
def test_room_is_judged_before_it_is_gone(megabytes: int, grade: Grade) -> None:
    assert rules.room_finding(megabytes * 1024**2).grade == grade
