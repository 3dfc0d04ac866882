"""Benchmarks by name: each is a module under bench/ that prints ratios measured in one run."""

from pathlib import Path

from tools import steps


def bench(arguments: list[str]) -> int:
    """Run the named benchmark, or list them."""
    names = sorted(
        {path.stem if path.suffix else path.name for path in Path("bench").iterdir()}
        - {"__init__", "__pycache__", "package", "node_modules", "README"}
    )
    if not arguments or arguments[0] not in names:
        print("usage: ./dev bench NAME [OPTIONS]\n\n  " + "\n  ".join(names))
        return 0 if not arguments else 64
    steps.run(
        f"bench {arguments[0]}",
        "python",
        "-m",
        f"bench.{arguments[0]}",
        *arguments[1:],
        environment={"PYTHONPATH": "src"},
    )
    return 0


if __name__ == "__main__":
    steps.main(bench)
