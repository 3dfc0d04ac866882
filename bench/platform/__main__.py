"""`./dev bench platform [PART …]`: every figure of the platform's goals, with its target, in one table."""

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field

from bench.platform.figures import Figure, read


@dataclass
class Part:
    """A module beside this one that measures for one goal, in a process of its own; each takes some minutes at most."""

    name: str
    goal: int
    about: str
    module: str = ""
    arguments: tuple[str, ...] = ()
    figures: list[Figure] = field(default_factory=list)
    code: int = 0

    def measure(self) -> None:
        """Run it, passing on what it says, and keep its figures."""
        print(f"\n== {self.name}: {self.about} (goal {self.goal}, load {os.getloadavg()[0]:.1f})", flush=True)
        command = [sys.executable, "-m", f"bench.platform.{self.module or self.name}", *self.arguments]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            for line in process.stdout or ():
                sys.stdout.write(line)
                sys.stdout.flush()
                if figure := read(line):
                    self.figures.append(figure)
        self.code = process.returncode


PARTS = (
    Part(
        "lines", 2, "how soon a line to the database that fails is seen, and its end", "readiness", ("lines",)
    ),
    Part("servers", 2, "how soon a database that fails is seen, and its end", "readiness", ("servers",)),
    Part("disk", 2, "how soon a full disk is seen, and its end", "readiness", ("disk",)),
    Part("mistakes", 3, "what is told of a wrong configuration"),
    Part("convergence", 4, "how soon every process has a change, and how it is taken back"),
    Part("generations", 8, "new generations under load, and sockets coming back"),
    Part("draining", 8, "two hundred requests on their way at the signal, and a generation that fails"),
    Part("cycles", 9, "what starts and stops leave behind, and how quick a start is"),
    Part("headers", 10, "the grade of every class of pages"),
    Part("audit", 12, "the chain of the audit trail"),
)


def main(arguments: list[str]) -> int:
    """Measure what was asked for, print the table, and return 1 when a goal was missed or a part gave no figure."""
    parser = argparse.ArgumentParser(prog="./dev bench platform", description=__doc__)
    names = [part.name for part in PARTS]
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"some of {', '.join(names)} (default: all)")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.parts) - set(names):
        parser.error(f"there is no {', '.join(sorted(unknown))}; the parts are {', '.join(names)}")
    parts = [part for part in PARTS if not chosen.parts or part.name in chosen.parts]
    began = time.monotonic()
    for part in parts:
        part.measure()
    print(f"\n== {time.monotonic() - began:.0f} s, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    print(_table(parts))
    return 0 if all(part.figures and part.code == 0 for part in parts) else 1


def _table(parts: list[Part]) -> str:
    rows = [("goal", "figure", "target", "verdict")]
    for part in parts:
        for figure in part.figures:
            rows.append((str(part.goal), figure.seen, figure.target, "held" if figure.is_held else "MISSED"))
        if not part.figures:
            rows.append((str(part.goal), f"{part.name} ended with {part.code}", "", "NO FIGURE"))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "\n".join(
        "  ".join([row[0].rjust(widths[0]), row[1].ljust(widths[1]), row[2].ljust(widths[2]), row[3]])
        for row in rows
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
