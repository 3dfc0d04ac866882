"""`./dev bench data privacy`: columns nobody classified, words a copy forgot, and words found after an erasure that was killed on the way."""

import io
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

KILLS, WHY = 8, "Measured by the bench"


def main(words: list[str]) -> int:
    """Print the figures; returns 1 when anything but nothing is lost or left."""
    with tempfile.TemporaryDirectory(prefix="guildry-bench-") as folder:
        os.environ |= {"GUILDRY_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "guildry.config.settings"}
        guildry("seed", "apply")
        import django

        django.setup()
        return measure(Path(folder))


def measure(folder: Path) -> int:
    from tests.factories.governance import plant_everywhere
    from tests.factories.people import make_member

    from guildry.kernel.permissions import SYSTEM
    from guildry.ops.governance import actions, queries
    from guildry.people.accounts.queries import members_by_handle

    staff = members_by_handle(["marguerite", "tendai"])
    subject = make_member("canary")
    planted = plant_everywhere(subject, staff["tendai"])
    type(subject).objects.filter(pk=subject.pk).update(has_staff_grant=False)
    wanted = planted.to_be_told()
    asked = actions.request_copy(subject)
    actions.make_copy(SYSTEM, request_id=asked.pk)
    _, file = actions.collect_copy(subject)
    with file, zipfile.ZipFile(io.BytesIO(file.read())) as archive:
        text = "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
    told = sum(word in text for word in wanted)
    began = time.monotonic()
    kills = erase(subject, staff)
    took = time.monotonic() - began
    left = queries.hits(planted.to_be_erased())
    unclassified, unowned = queries.unclassified(), queries.unowned()
    print(f"columns nobody classified           {len(unclassified):>6}   goal 0")
    print(f"tables nobody answers for           {len(unowned):>6}   goal 0")
    print(f"words of a copy, planted and told   {told:>6} of {len(wanted)}   goal all")
    print(f"times the erasure was killed        {kills:>6}")
    print(f"words found after the erasure       {sum(left.values()):>6}   goal 0   {left or ''}")
    print(f"seconds from approval to proof      {took:>6.1f}")
    return int(bool(unclassified or unowned or left) or told < len(wanted))


def erase(subject: Any, staff: dict[str, Any]) -> int:
    """Have the member erased by processes that are killed at random moments; returns how many were."""
    from guildry.kernel import clock
    from guildry.ops.governance import actions
    from guildry.ops.governance.models import Request

    subject.refresh_from_db()
    request = actions.request_erasure(subject)
    Request.objects.filter(pk=request.pk).update(cools_until=clock.now())
    actions.plan_erasure(staff["marguerite"], request_id=request.pk, reason=WHY)
    actions.approve_erasure(staff["tendai"], request_id=request.pk, reason=WHY)
    dice, kills = random.Random(7), 0
    command = [sys.executable, "-m", "guildry.config", "privacy", "erase", "--carry-out"]
    while True:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            code = process.wait(None if kills >= KILLS else dice.uniform(1.0, 6.0))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            kills += 1
            continue
        if code:
            raise SystemExit(f"privacy erase ended with {code}")
        request.refresh_from_db()
        if request.state == "done":
            return kills


def guildry(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "guildry.config", *words], check=True, stdout=subprocess.DEVNULL)
