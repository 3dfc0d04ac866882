"""`./dev bench data NAME`: runs one of the benchmarks beside this file."""

import importlib
import sys
from pathlib import Path


def main(arguments: list[str]) -> int:
    names = sorted(path.stem for path in Path(__file__).parent.glob("[!_]*.py"))
    if not arguments or arguments[0] not in names:
        print("usage: ./dev bench data NAME [OPTIONS]\n\n  " + "\n  ".join(names))
        return 0 if not arguments else 64
    return int(importlib.import_module(f"bench.data.{arguments[0]}").main(arguments[1:]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
