"""Everything that can be said of the code without running the product."""

import tempfile

from tools import house, steps, words


def check(arguments: list[str]) -> int:
    """Run all checks, or grade the headers of every class of pages; stops at the first that fails."""
    if arguments == ["observatory"]:
        steps.run("observatory", "python", "-m", "tools.observatory", environment={"PYTHONPATH": "src"})
        return 0
    with tempfile.TemporaryDirectory(prefix="guildry-check-") as data:
        scratch = {
            "GUILDRY_DATA_DIR": data,
            "PYTHONPATH": "src",
            "DJANGO_SETTINGS_MODULE": "guildry.config.settings",
        }
        steps.run("format", "ruff", "format", "--check", ".")
        steps.run("lint", "ruff", "check", ".")
        steps.run("floors", "lint-imports", environment=scratch)
        steps.run("house", "python", "-m", house.__name__)
        steps.run("words", "python", "-m", words.__name__)
        steps.run(
            "configuration", "python", "-m", "django", "check", "--fail-level", "WARNING", environment=scratch
        )
        steps.run(
            "migrations",
            "python",
            "-m",
            "django",
            "makemigrations",
            "--check",
            "--dry-run",
            environment=scratch,
        )
        steps.run("types", "mypy", environment=scratch)
    return 0


if __name__ == "__main__":
    steps.main(check)
