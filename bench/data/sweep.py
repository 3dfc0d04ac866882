"""`./dev bench data sweep`: end whoever changes the schema at every point, and the server at random; does it converge?"""

import argparse
import json
import os
import subprocess
import sys
from typing import Any

ENGINES = ("sqlite", "mariadb")


def main(words: list[str]) -> int:
    """Print the figures of each part and of the whole; returns 1 when any end was another one."""
    parser = argparse.ArgumentParser(prog="./dev bench data sweep", description=__doc__)
    parser.add_argument("--engine", choices=ENGINES, help="one of them (default: both)")
    parser.add_argument("--parts", type=int, default=4, help="how many passes share the points (default 4)")
    parser.add_argument("--part", type=int, help="only this one, from 0 (default: all)")
    parser.add_argument(
        "--server-kills", type=int, default=12, help="how often a pass ends the server (default 12)"
    )
    chosen = parser.parse_args(words)
    engines = [chosen.engine] if chosen.engine else list(ENGINES)
    parts = list(range(chosen.parts)) if chosen.part is None else [chosen.part]
    found = {(engine, part): _pass(engine, part, chosen) for engine in engines for part in parts}
    print("engine   part  who     kills  points  seconds  end")
    for (engine, part), result in found.items():
        for name, sweep in result.items():
            end = "another in " + ", ".join(sweep["differences"]) if sweep["differences"] else "the same"
            print(
                f"{engine:8} {part:>4}  {name:6} {sweep['kills']:>6} {len(sweep['points']):>7} {sweep['seconds']:>8.1f}  {end}"
            )
    return _verdict([sweep for result in found.values() for sweep in result.values()])


def _pass(engine: str, part: int, chosen: argparse.Namespace) -> dict[str, dict[str, Any]]:
    command = [sys.executable, "-m", "tools.killsweep", engine, "--json"]
    command += ["--every", str(chosen.parts), "--offset", str(part), "--seed", str(part + 1)]
    command += ["--server-kills", str(chosen.server_kills)]
    path = os.pathsep.join(filter(None, (".", "src", os.environ.get("PYTHONPATH"))))
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": path})
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if not lines:
        raise RuntimeError(f"The sweep ended with {done.returncode}: {done.stderr[-2000:]}")
    found: dict[str, dict[str, Any]] = json.loads(lines[-1])
    return found


def _verdict(sweeps: list[dict[str, Any]]) -> int:
    kills = sum(sweep["kills"] for sweep in sweeps)
    good = sum(sweep["kills"] for sweep in sweeps if not sweep["differences"])
    print(f"{good} of {kills} kills converge: {good / kills if kills else 0:.1%} (goal 100 %)")
    return 0 if kills and good == kills else 1
