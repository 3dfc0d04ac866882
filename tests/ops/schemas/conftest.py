"""Where the golden frames of the libraries lie; they belong to others and are read, never copied."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guildry.ops.schemas import hive

HERE = Path(__file__).resolve()
PLACES = [parent / "shared" / "vectors" / "hive" for parent in HERE.parents]
GOLDEN = next((place for place in PLACES if place.is_dir()), None)
collect_ignore = [] if GOLDEN else ["hive/test_golden.py"]


@dataclass(frozen=True)
class GoldenSet:
    name: str
    cipher: hive.Cipher | None
    key_crc: int
    vector: bytes
    dialect: hive.Dialect
    frames: tuple[tuple[str, bytes], ...]


def golden_sets() -> list[GoldenSet]:
    assert GOLDEN is not None
    return [_golden_set(path) for path in sorted(GOLDEN.glob("*_frames*.json"))]


def _golden_set(path: Path) -> GoldenSet:
    held = json.loads(path.read_text())
    return GoldenSet(
        path.stem,
        hive.Cipher(bytes.fromhex(held["key_hex"])) if held["key_hex"] else None,
        held["key_crc"],
        bytes.fromhex(held["iv_hex"] or ""),
        hive.Dialect.HIVE2 if path.stem.startswith("hive2") else hive.Dialect.HIVE_CE,
        tuple((frame["label"], bytes.fromhex(frame["hex"])) for frame in held["frames"]),
    )


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if GOLDEN is None:
        terminalreporter.section("golden frames of Hive")
        terminalreporter.line(f"Not checked: no folder shared/vectors/hive above {HERE.parent}.")
