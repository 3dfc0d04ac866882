"""Compute the lock files from pyproject.toml, with hashes, for every platform."""

from tools import steps

LOCKS = {
    "run": (),
    "production": ("--extra", "production"),
    "telemetry": ("--extra", "production", "--extra", "telemetry"),
    "test": ("--extra", "production", "--extra", "telemetry", "--group", "test"),
}


def lock(arguments: list[str]) -> int:
    """Write requirements/*.lock; extra arguments such as --upgrade go to the resolver."""
    for name, extras in LOCKS.items():
        steps.run(
            f"lock {name}", "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11",
            "--generate-hashes", "--no-header", "pyproject.toml", "-o", f"requirements/{name}.lock", *extras, *arguments,
        )  # fmt: skip
    return 0


if __name__ == "__main__":
    steps.main(lock)
