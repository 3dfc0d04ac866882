"""The test suite: fast tests first, then real processes, then a real browser."""

from pathlib import Path

from tools import services, steps

EMBEDDED = "not browser and not processes and not mariadb"
PROCESSES = "processes and not mariadb"
ON_SERVERS = "not browser and not processes"
MANY_ON_SERVERS = "processes and mariadb"
# Those that share a site stay together.
TWO_AT_A_TIME = ("-n", "2", "--dist", "loadgroup")


def test(arguments: list[str]) -> int:
    """Run the whole suite on SQLite, one part of it by its name, or what else is asked for with pytest."""
    services.ensure("chromium")
    parts = {
        "embedded": embedded, "processes": processes, "browser": browser, "servers": on_servers,
        "cluster": several_on_servers,
    }  # fmt: skip
    if not arguments:
        embedded()
        processes()
        browser()
    elif len(arguments) == 1 and arguments[0] in parts:
        parts[arguments[0]]()
    else:
        steps.run("tests", "pytest", *arguments)
    return 0


def embedded() -> None:
    """Run the fast tests on SQLite."""
    steps.run("tests on SQLite", "pytest", "-q", "-n", "2", "-m", EMBEDDED)


def processes() -> None:
    """Run the tests that start and kill processes; a selection of nothing fails, as pytest says with its exit code."""
    steps.run("real processes", "pytest", "-q", *TWO_AT_A_TIME, "-m", PROCESSES, *files_with("processes"))


def files_with(mark: str) -> list[str]:
    """Return the test files that name a mark, so that all the others need not be read to find that they do not."""
    return [
        str(file) for file in sorted(Path("tests").rglob("test_*.py")) if f".mark.{mark}" in file.read_text()
    ]


def browser() -> None:
    """Walk through a running community with a browser, guests first: what they saw is not examined for every role."""
    services.ensure("chromium")
    steps.run("a real browser", "pytest", "-q", "-p", "no:randomly", "-m", "browser")


def on_servers() -> None:
    """Run the fast tests again on MariaDB with Redis."""
    _on_servers("tests on MariaDB with Redis", "-n", "2", "-m", ON_SERVERS)


def several_on_servers() -> None:
    """Run what starts and kills several processes on one MariaDB and Redis."""
    _on_servers("real processes on MariaDB with Redis", "-m", MANY_ON_SERVERS, *files_with("processes"))


def _on_servers(name: str, *options: str) -> None:
    with services.mariadb() as database, services.redis() as redis:
        addresses = {"GUILDRY_TEST_DATABASE": database, "GUILDRY_TEST_REDIS": redis}
        steps.run(name, "pytest", "-q", *options, environment=addresses)


if __name__ == "__main__":
    steps.main(test)
