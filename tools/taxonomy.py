"""Derive the skills we ship from the ESCO and O*NET extract: python -m tools.taxonomy EXTRACT.jsonl.gz"""

import gzip
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools import steps

TARGET = steps.ROOT / "src" / "guildry" / "people" / "profiles" / "data" / "skills.jsonl.gz"
EVERYDAY = Path(__file__).parent / "everyday_skills.toml"
LONGEST_LABEL, LONGEST_ALIAS, LONGEST_TEXT = 100, 80, 180
# Makers whose name people leave out when they name the tool.
MAKERS = (
    "Adobe", "Amazon Web Services AWS", "Apache", "Apple", "Atlassian", "Autodesk", "Cisco", "Dassault Systemes",
    "Google", "IBM", "JetBrains", "Meta", "Microsoft", "Mozilla", "Oracle", "SAP", "The MathWorks", "VMware",
)  # fmt: skip


def fold(text: str) -> str:
    return " ".join(text.casefold().split())


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9+#.]+", "-", text.casefold()).strip("-.")[:100]


def shortened(text: str) -> str:
    """Return the first sentence, cut at a word when it is long."""
    first = re.split(r"(?<=[.;])\s", " ".join(text.split()), maxsplit=1)[0].rstrip(".;")
    return first if len(first) <= LONGEST_TEXT else first[:LONGEST_TEXT].rsplit(" ", 1)[0] + " …"


def without_maker(label: str) -> str:
    for maker in MAKERS:
        if label.startswith(maker + " ") and len(label) > len(maker) + 3:
            return label[len(maker) + 1 :]
    return ""


def entries(extract: Path) -> Iterator[dict[str, Any]]:
    """Yield one entry for each skill of the extract, in its order."""
    with gzip.open(extract, "rt") as file:
        for line in file:
            row = json.loads(line)
            label = " ".join(row["label"].split())
            if not label or len(label) > LONGEST_LABEL:
                continue
            is_tool = row["source"] == "ONET_TECH"
            label = label if is_tool else label[0].upper() + label[1:]
            aliases = [" ".join(part.split()) for given in row["aliases"] for part in given.split("\n")]
            aliases.append(without_maker(label) if is_tool else label.partition(" ")[2])
            text = re.sub(r"^.*\((.*)\)$", r"\1", row["description"]) if is_tool else row["description"]
            source = "esco" if row["source"] == "ESCO" else "onet"
            yield {
                "label": label,
                "source": source,
                "uri": row["uri"],
                "text": shortened(text),
                "aliases": aliases,
            }


def derive(extract: Path, known: dict[str, int]) -> list[dict[str, Any]]:
    """Give every skill its lasting id and the aliases that point to nothing else."""
    found = {slug(entry["label"]): entry for entry in entries(extract) if slug(entry["label"])}
    taken = {fold(entry["label"]) for entry in found.values()}
    wanted = Counter(alias for entry in found.values() for alias in {fold(a) for a in entry["aliases"]})
    following = max(known.values(), default=0) + 1
    for key, entry in found.items():
        entry["key"] = key
        entry["id"] = known.get(key) or following
        following += key not in known
        folded = {fold(alias): alias for alias in reversed(entry["aliases"]) if alias}
        entry["aliases"] = sorted(
            fold(alias)
            for alias in folded
            if alias not in taken and wanted[alias] == 1 and len(alias) <= LONGEST_ALIAS
        )
    by_label = {entry["label"]: entry for entry in found.values()}
    for word, label in tomllib.loads(EVERYDAY.read_text()).items():
        for entry in found.values():
            if word in entry["aliases"]:
                entry["aliases"].remove(word)
        if fold(word) not in taken:
            by_label[label]["aliases"].append(fold(word))
    return sorted(found.values(), key=lambda entry: entry["id"])


def main(arguments: list[str]) -> int:
    """Write the derived file; ids of skills already in it stay as they are."""
    known: dict[str, int] = {}
    if TARGET.exists():
        with gzip.open(TARGET, "rt") as file:
            known = {row[1]: row[0] for row in map(json.loads, file)}
    rows = derive(Path(arguments[0]), known)
    fields = ("id", "key", "label", "source", "uri", "text", "aliases")
    body = "".join(
        json.dumps([row[f] for f in fields], ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows
    )
    with (
        TARGET.open("wb") as raw,
        gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=9, mtime=0, filename="") as file,
    ):
        file.write(body.encode())
    print(
        f"{len(rows):,} skills, {sum(len(r['aliases']) for r in rows):,} aliases, {TARGET.stat().st_size:,} bytes"
    )
    return 0


if __name__ == "__main__":
    steps.main(main)
