"""Goal 3: every mistake in a configuration is told with its exact place, all in one run, and never a secret."""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.kernel.configuration import mistakes
from tests.kernel.configuration.test_examination import look_at, told

from guildry.kernel.configuration import Code, Layer

LEAST_FILES = 120
SECRET = mistakes.CANARY
# One file with as many kinds of mistake as one file can have; each line ends with the code it must be told with.
WHOLE = (
    ("nonsense", "1:1 E01"),
    ("guildry_debug=1", "2:1 E02"),
    ("GUILDRY_HOSTS='open", "3:15 E03"),
    ("GUILDRY_DEBUG=1", ""),
    ("GUILDRY_DEBUG=0", "5:1 E04"),
    ("GUILDRY_MAIL_FROM='a@b.example'c", "6:32 E07"),
    ("GUILDRY_RETENTION_MAIL=30 d", "7:26 E08"),
    ("GUILDRY_DATABSE=sqlite", "8:1 E09"),
    ("GUILDRY_TIMELINE_RSS=perhaps", "9:22 E12"),
    ("GUILDRY_TIMELINE_POST_HOURLY=0", "10:30 E13"),
    ("GUILDRY_REGISTRATION_MODE=sometimes", "11:27 E14"),
    ("GUILDRY_ORIGIN=guild.example", "12:16 E15"),
    ("GUILDRY_SIGN_IN_OIDC_NAME=change-me", "13:27 E16"),
    (f"GUILDRY_SECRET_KEY={SECRET[:8]}", "14:20 E17"),
    (f"GUILDRY_METRICS_TOKEN={SECRET}${{NOWHERE}}", f"15:{23 + len(SECRET)} E20"),
    ("GUILDRY_RETENTION_SECRET_MAIL=5", "16:31 E23"),
    ("GUILDRY_ENV_FILE=other.env", "17:18 E24"),
    (f"GUILDRY_REDIS={SECRET}", "18:15 E15"),
    (f"GUILDRY_SIGN_IN_GOOGLE=guild:{SECRET}", "19:24 E21"),
    ("GUILDRY_SECRET_KEY_OLD=django-insecure-4f9c2b7e1d8a6053a7", "20:24 E18"),
)


def main(arguments: list[str] | None = None) -> int:
    """Print each figure beside its goal; returns 1 when one is missed."""
    parser = argparse.ArgumentParser(prog="bench.platform.mistakes", description=__doc__)
    parser.add_argument(
        "--rounds", type=int, default=20, help="looks at each file, of which the median counts"
    )
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="guildry-bench-") as folder:
        figures = [files(asked.rounds), secrets(), whole(Path(folder)), template(Path(folder))]
    for text, is_held in figures:
        sys.stdout.write(f"{text}: {'held' if is_held else 'MISSED'}\n")
    return 0 if all(is_held for _, is_held in figures) else 1


def files(rounds: int) -> tuple[str, bool]:
    """Look at every file that tests know, and see that exactly what is wrong is told where it is."""
    known = [(raw, expected, Layer.DOTENV) for raw, expected in mistakes.DOTENV]
    known += [(raw, expected, Layer.FILE) for raw, expected in mistakes.TOML]
    exact, took = 0, []
    for raw, expected, layer in known:
        for _ in range(rounds):
            began = time.process_time_ns()
            found = look_at(raw, layer)
            took.append((time.process_time_ns() - began) / 1000)
        exact += told(found) == expected
    codes = {word for _, expected, _ in known for word in expected.split() if word in set(Code)}
    text = f"{exact} of {len(known)} files told exactly, {len(codes)} codes in files, {median(took):.0f} us of CPU each"
    return text, exact == len(known) >= LEAST_FILES


def secrets() -> tuple[str, bool]:
    told_of = [
        str(finding) for line in mistakes.SECRETS for finding in look_at(line.format(canary=SECRET)).findings
    ]
    leaks = sum(gives_away(said) for said in told_of)
    return (
        f"{leaks} of {len(told_of)} findings about secrets give a part of one away",
        not leaks and len(told_of) >= len(mistakes.SECRETS),
    )


def whole(folder: Path) -> tuple[str, bool]:
    """Have the command look at one file with everything wrong, which others may read and whose folder nobody can write."""
    file = folder / "whole.env"
    file.write_text("".join(f"{line}\n" for line, _ in WHOLE))
    file.chmod(0o644)
    (folder / "taken").write_text("")
    done = guildry("config", "check", "--env-file", str(file), data=folder / "taken" / "data")
    said = done.stdout + done.stderr
    found = re.findall(rf"{re.escape(str(file))}:(\d+:\d+) \S+ (E\d\d)", said)
    wanted = {expected for _, expected in WHOLE if expected}
    missed = wanted - {" ".join(place) for place in found}
    codes = set(re.findall(r" (E\d\d) ", said))
    text = (
        f"{len(wanted) - len(missed)} of {len(wanted)} mistakes of one file and {len(codes)} codes told in one run, "
        f"exit code {done.returncode}{'; missed ' + ', '.join(sorted(missed)) if missed else ''}"
    )
    is_held = not missed and {"E21", "E22"} <= codes and done.returncode == 78 and not gives_away(said)
    return text, is_held


def template(folder: Path) -> tuple[str, bool]:
    """Print the template, fill in secrets, switch every line with a value on, and have that checked."""
    data = folder / "data"
    text = guildry("config", "template", data=data).stdout
    named = len(re.findall(r"(?m)^#? ?GUILDRY_\w+=", text))
    filled = re.sub(r"(?m)^# (GUILDRY_\w+=.*\S.*)$", usable, text)
    file = folder / "template.env"
    file.write_text(filled)
    file.chmod(0o600)
    done = guildry("config", "check", "--env-file", str(file), data=data)
    live = len(re.findall(r"(?m)^GUILDRY_\w+=", filled))
    wrong = re.findall(r"\bE\d\d\b", done.stdout + done.stderr)
    text = f"template names {named} variables, {live} of them switched on, {len(wrong)} findings, exit code {done.returncode}"
    return text, done.returncode == 0 and not wrong and live > named // 2


def usable(line: re.Match[str]) -> str:
    """Switch a line on, unless its value is an example that somebody has to replace."""
    return (
        line[0] if re.search(r"…|example|^# GUILDRY_(ENV_FILE|CONFIG_FILE|DATA_DIR)=", line[0]) else line[1]
    )


def gives_away(said: str) -> bool:
    plain = said.lower().replace("_", "-")
    return SECRET[:6] in plain or SECRET[7:15] in plain


def guildry(*words: str, data: Path) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GUILDRY_")}
    environment = {**kept, "GUILDRY_DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "guildry.config.settings"}
    command = [sys.executable, "-m", "guildry.config", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)


if __name__ == "__main__":
    sys.exit(main())
