"""`./dev bench data backup`: back up, prove, rehearse and restore a large community; time, size and what writers felt."""

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

GIGABYTE = 1024**3
MOST_SECONDS_A_GIGABYTE = 300.0
MOST_DAMAGES = 2000
UPLOADS, UPLOAD_BYTES = 200, 250_000


def main(words: list[str]) -> int:
    """Print the figures; returns 1 when anything is not right, or a restore takes longer than the goal."""
    parser = argparse.ArgumentParser(prog="./dev bench data backup", description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000, help="how many (default 100,000)")
    parser.add_argument("--members", type=int, default=10_000, help="how many (default 10,000)")
    parser.add_argument(
        "--data", type=Path, help="a folder whose community is used and kept (default: a new one)"
    )
    parser.add_argument(
        "--damage", action="store_true", help="only count which damage to a small backup is noticed"
    )
    chosen = parser.parse_args(words)
    if chosen.damage:
        return damage()
    with tempfile.TemporaryDirectory(prefix="guildry-bench-") as folder:
        data = chosen.data or Path(folder) / "data"
        if not (data / "guildry.db").exists():
            guildry(data, "seed", "scale", "--members", str(chosen.members), "--posts", str(chosen.posts))
        return measure(data, Path(folder))


def measure(data: Path, work: Path) -> int:
    uploads(data)
    keys = [work / "one.key", work / "two.key"]
    recipients = [
        json.loads(guildry(data, "backup", "keys", "--to", str(key), "--json"))["recipient"] for key in keys
    ]
    signer = json.loads(guildry(data, "backup", "keys", "--json"))["signer"]
    os.environ["GUILDRY_BACKUP_RECIPIENTS"] = ",".join(recipients)
    os.environ["GUILDRY_BACKUP_FOLDER"] = str(work / "backups")
    plain = (data / "guildry.db").stat().st_size + sum(
        path.stat().st_size for path in (data / "files").rglob("*") if path.is_file()
    )
    idle = felt(data, lambda: time.sleep(3))
    made: dict[str, Any] = {}
    busy = felt(data, lambda: made.update(timed(data, "backup", "create")))
    words = ["--identity", str(keys[1])]
    proven = timed(data, "backup", "verify", made["name"], *words)
    drill = timed(data, "backup", "drill", made["name"], *words)
    restored = timed(
        work / "restored", "backup", "restore", made["path"], *words, "--signer", signer, "--reason", "Bench"
    )
    show(plain, made, proven, drill, restored, idle, busy)
    per_gigabyte = restored["took"] / plain * GIGABYTE
    held = proven["is_right"] and drill["is_passed"] and per_gigabyte <= MOST_SECONDS_A_GIGABYTE
    print(
        f"restore {per_gigabyte:.0f} s/GB, at most {MOST_SECONDS_A_GIGABYTE:.0f}: {'held' if held else 'MISSED'}"
    )
    return 0 if held else 1


def damage() -> int:
    """Flip every byte and cut at every length of the files of a small backup, and count what is noticed without a key."""
    with tempfile.TemporaryDirectory(prefix="guildry-bench-") as folder:
        data, keys = Path(folder) / "data", [Path(folder) / "one.key", Path(folder) / "two.key"]
        made = small_backup(data, keys)
        os.environ |= {"DJANGO_SETTINGS_MODULE": "guildry.config.settings", "GUILDRY_DATA_DIR": str(data)}
        import django

        django.setup()
        from guildry.ops.backups import queries

        signers, began = queries.known_signers(), time.monotonic()
        flips = cuts = missed = 0
        for file in sorted(made.iterdir()):
            raw = file.read_bytes()
            step = max(1, len(raw) // MOST_DAMAGES)
            for at in range(0, len(raw), step):
                for content in (raw[:at] + bytes([raw[at] ^ 1 << at % 8]) + raw[at + 1 :], raw[:at]):
                    file.write_bytes(content)
                    missed += queries.examined(made, signers=signers).is_right
                flips, cuts = flips + 1, cuts + 1
            file.write_bytes(raw)
            print(
                f"{file.name:<24}{len(raw):>10,} bytes, {'every byte' if step == 1 else f'every {step}th byte'}"
            )
        is_whole = queries.examined(made, signers=signers).is_right
        print(f"{flips:,} flips and {cuts:,} cuts in {time.monotonic() - began:.0f} s, {missed} not noticed")
        return 0 if is_whole and not missed else 1


def small_backup(data: Path, keys: list[Path]) -> Path:
    recipients = [
        json.loads(guildry(data, "backup", "keys", "--to", str(key), "--json"))["recipient"] for key in keys
    ]
    os.environ["GUILDRY_BACKUP_RECIPIENTS"] = ",".join(recipients)
    guildry(data, "seed", "scale", "--members", "20", "--posts", "50")
    return Path(json.loads(guildry(data, "backup", "create", "--json"))["path"])


def show(
    plain: int,
    made: dict[str, Any],
    proven: dict[str, Any],
    drill: dict[str, Any],
    restored: dict[str, Any],
    idle: list[float],
    busy: list[float],
) -> None:
    print(
        f"{made['rows']:,} rows and {made['files']} uploads, {plain / 1024**2:,.0f} MB; "
        f"sealed {made['bytes'] / 1024**2:,.0f} MB ({made['bytes'] / plain:.0%}); load {os.getloadavg()[0]:.1f}"
    )
    for name, run in (
        ("create and prove", made),
        ("verify", proven),
        ("drill", drill),
        ("restore", restored),
    ):
        rate = plain / run["took"] / 1024**2
        print(
            f"{name:<18}{run['took']:8.1f} s  {rate:8.0f} MB/s  {run['memory'] / 1024:6.0f} MB of memory at most"
        )
    for name, waits in (("a writer alone", idle), ("during create", busy)):
        ranked = sorted(waits)
        print(
            f"{name:<18}median {ranked[len(ranked) // 2] * 1000:.1f} ms, p99 {ranked[len(ranked) * 99 // 100] * 1000:.1f} ms, most {ranked[-1] * 1000:.0f} ms of {len(waits)} writes"
        )


def uploads(data: Path) -> None:
    """Lay out uploads that do not compress, as pictures do not."""
    for number in range(UPLOADS):
        path = data / "files" / f"{number % 16:x}" / f"{number}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(UPLOAD_BYTES))


def felt(data: Path, work: Any) -> list[float]:
    """Return how long each write of somebody else took, one every 20 ms, while `work` is done."""
    is_over = threading.Event()
    waits: list[float] = []

    def write() -> None:
        with closing(sqlite3.connect(data / "guildry.db", timeout=30, isolation_level=None)) as database:
            database.execute("PRAGMA synchronous = NORMAL")
            database.execute("CREATE TABLE IF NOT EXISTS bench_writes (id INTEGER PRIMARY KEY, at TEXT)")
            while not is_over.wait(0.02):
                began = time.perf_counter()
                database.execute("INSERT INTO bench_writes (at) VALUES ('now')")
                waits.append(time.perf_counter() - began)

    writer = threading.Thread(target=write)
    writer.start()
    work()
    is_over.set()
    writer.join()
    return waits


def timed(data: Path, *words: str) -> dict[str, Any]:
    """Run one verb and return what it printed, with the seconds it took and the kilobytes it needed at most."""
    began = time.monotonic()
    command = [sys.executable, "-m", "guildry.config", *words, "--json", "--data", str(data)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    printed = process.stdout.read() if process.stdout else b""
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"{words} ended with {os.waitstatus_to_exitcode(status)}: {printed.decode()}")
    return {**json.loads(printed), "took": time.monotonic() - began, "memory": used.ru_maxrss}


def guildry(data: Path, *words: str) -> str:
    command = [sys.executable, "-m", "guildry.config", *words, "--data", str(data)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
