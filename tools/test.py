"""The test suite: fast tests first, then real processes, then a real browser."""

from tools import services, steps


def test(arguments: list[str]) -> int:
    """Run what is asked for with pytest, or the whole suite when nothing is."""
    services.ensure("chromium")
    if arguments:
        steps.run("tests", "pytest", *arguments)
        return 0
    embedded()
    processes()
    browser()
    return 0


def embedded() -> None:
    steps.run(
        "tests on SQLite", "pytest", "-q", "-n", "2", "-m", "not browser and not processes and not mariadb"
    )


def processes() -> None:
    steps.run("real processes", "pytest", "-q", "-m", "processes")


def browser() -> None:
    steps.run("a real browser", "pytest", "-q", "-m", "browser")


def on_servers() -> None:
    """Run the integration tests again on MariaDB with Redis."""
    with services.mariadb() as database, services.redis() as redis:
        steps.run(
            "tests on MariaDB with Redis", "pytest", "-q", "-n", "2", "-m", "not browser and not processes",
            environment={"GUILDRY_TEST_DATABASE": database, "GUILDRY_TEST_REDIS": redis},
        )  # fmt: skip


if __name__ == "__main__":
    steps.main(test)
