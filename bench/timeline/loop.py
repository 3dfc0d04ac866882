"""The floor: the two statements of one request on a bare driver, encoded with msgspec, without any HTTP."""

import hashlib
import json
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec


def main(database: str, folder: str, path: str) -> None:
    """Run every (token, post id) of the file once and print the CPU microseconds of each."""
    statements = json.loads(Path(folder, "statements.json").read_text())
    wanted: list[list[Any]] = json.loads(Path(path).read_text())
    cursor = _cursor(database)

    def fetched(name: str, values: dict[str, Any]) -> Any:
        parameters = list(statements[name]["parameters"])
        for place, key in statements[name]["slots"]:
            parameters[place] = values[key]
        cursor.execute(statements[name]["sql"], parameters)
        return cursor.fetchall()

    def once(token: str, before: int) -> bytes:
        member = fetched("token", {"digest": hashlib.sha256(token.encode()).hexdigest()})[0][5]
        return msgspec.json.encode(fetched("page", {"viewer": member, "before": before}))

    for token, before in wanted[: len(wanted) // 5]:
        once(token, before)
    began = time.process_time_ns()
    for token, before in wanted:
        once(token, before)
    print((time.process_time_ns() - began) / 1000 / len(wanted))


def address_of(database: str) -> dict[str, Any]:
    """Return what MySQLdb takes for a mysql:// address."""
    parts = urlsplit(database)
    return {
        "host": parts.hostname, "port": parts.port, "user": parts.username, "database": parts.path[1:],
        "charset": "utf8mb4",
    }  # fmt: skip


def _cursor(database: str) -> Any:
    if database.startswith("mysql:"):
        import MySQLdb

        return MySQLdb.connect(**address_of(database)).cursor()
    import sqlite3

    file = sqlite3.connect(database)
    file.executescript("PRAGMA cache_size=-32000; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;")
    return file.cursor()


if __name__ == "__main__":
    main(*sys.argv[1:])
