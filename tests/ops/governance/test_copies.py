"""Copies of members' data: complete, signed, handed out once, and nobody else's."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from guildry.community.timeline.actions import publish_post
from guildry.community.timeline.rules import Composition
from guildry.kernel import clock, errors, runtime, signing
from guildry.kernel.inventory import Export
from guildry.kernel.permissions import SYSTEM
from guildry.ops.governance import actions, queries
from guildry.ops.governance.models import Request
from guildry.ops.governance.rules import State, copies
from guildry.people.accounts.models import Member
from guildry.people.network.models import Block
from guildry.people.notifications.models import Notification
from guildry.platform.mail.models import OutgoingMail
from tests.factories.governance import plant_everywhere
from tests.factories.people import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path


def made_for(member: Member) -> tuple[Request, zipfile.ZipFile]:
    request = actions.request_copy(member)
    actions.make_copy(SYSTEM, request_id=request.pk)
    collected, file = actions.collect_copy(member)
    with file:
        return collected, zipfile.ZipFile(io.BytesIO(file.read()))


def everything_in(archive: zipfile.ZipFile) -> str:
    return "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())


def test_every_exportable_column_is_in_the_copy_and_no_secret_is(ada: Member, ben: Member) -> None:
    planted = plant_everywhere(ada, ben)

    _, archive = made_for(ada)

    text = everything_in(archive)
    handed_out = {each.holding.label for each in queries.entities()}
    wanted = {
        where: word
        for where, (word, data) in planted.words.items()
        if data.export == Export.YES and where[0] in handed_out
    }
    lost = [where for where, word in wanted.items() if word not in text]
    leaked = [where for where, (word, data) in planted.words.items() if data.is_secret and word in text]
    in_full = [
        where
        for where, (word, data) in planted.words.items()
        if data.export == Export.REDACTED and word in text
    ]
    assert (lost, leaked, in_full) == ([], [], [])
    assert len(wanted) > 60


def test_every_table_that_is_a_members_is_planted_in(ada: Member, ben: Member) -> None:
    planted = plant_everywhere(ada, ben)

    empty = [
        each.key
        for each in queries.entities()
        if not queries.rows_of(each.holding, queries.subject_of(ada)).exists()
    ]

    assert empty == []
    assert len(planted.rows) >= len(queries.entities())


def test_what_is_somebody_elses_stays_out(ada: Member, ben: Member) -> None:
    publish_post(ben, composition=Composition("A word of Ben's own"))
    Block.objects.create(blocker=ben, blocked=ada)

    _, archive = made_for(ada)

    assert "A word of Ben's own" not in everything_in(archive)
    assert json.loads(archive.read("data/network-block.json")) == []


def test_pages_need_no_network_and_lead_to_what_is_there(ada: Member) -> None:
    publish_post(ada, composition=Composition("Hello <b>there</b>"))

    _, archive = made_for(ada)

    names = set(archive.namelist())
    for name in names:
        if name.endswith((".html", ".css")):
            page = archive.read(name).decode()
            assert not re.search(r"(src|href)=\"(https?:)?//|@import|url\(", page), name
            folder = Path(name).parent
            links = re.findall(r"(?:src|href)=\"([^\"]+)\"", page)
            missing = [link for link in links if str((Path("/") / folder / link).resolve())[1:] not in names]
            assert missing == [], name
    assert "Hello &lt;b&gt;there&lt;/b&gt;" in archive.read("pages/timeline-post-1.html").decode()


def test_rows_are_spread_over_pages(ada: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "ROWS_ON_A_PAGE", 2)
    for number in range(5):
        publish_post(ada, composition=Composition(f"Number {number}"))

    _, archive = made_for(ada)

    pages = sorted(name for name in archive.namelist() if name.startswith("pages/timeline-post-"))
    assert [archive.read(page).decode().count("<dt>Body</dt>") for page in pages] == [2, 2, 1]
    assert "Further entries" not in archive.read(pages[-1]).decode()
    assert "Further entries" in archive.read(pages[0]).decode()


def test_the_signature_holds_and_any_change_is_seen(ada: Member, tmp_path: Path) -> None:
    request = actions.request_copy(ada)
    actions.make_copy(SYSTEM, request_id=request.pk)
    path = queries.path_of_copy(request)
    keys = signing.known_keys(copies.PURPOSE)

    assert queries.faults_of(path, keys=keys) == []
    assert queries.faults_of(path, keys={"another"}) == ["The manifest is not signed by this site."]
    assert queries.faults_of(_changed(path, tmp_path / "a.zip", {"README.txt": b"no"}), keys=keys) == [
        "README.txt was changed."
    ]
    assert queries.faults_of(_changed(path, tmp_path / "b.zip", {"more.txt": b"x"}), keys=keys) == [
        "more.txt was added."
    ]
    assert queries.faults_of(_changed(path, tmp_path / "c.zip", {"README.txt": None}), keys=keys) == [
        "README.txt is missing."
    ]
    (tmp_path / "d.zip").write_bytes(b"no zip")
    assert queries.faults_of(tmp_path / "d.zip", keys=keys)[0].startswith("This is no copy")


def _changed(path: Path, to: Path, changes: dict[str, bytes | None]) -> Path:
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(to, "w") as new:
        for name in [*old.namelist(), *(name for name in changes if name not in old.namelist())]:
            content = changes.get(name, old.read(name) if name in old.namelist() else None)
            if content is not None:
                new.writestr(name, content)
    return to


def test_a_copy_is_handed_out_once(ada: Member) -> None:
    request, _ = made_for(ada)

    with pytest.raises(actions.CopyGone):
        actions.collect_copy(ada)

    request.refresh_from_db()
    assert (request.state, request.link_digest) == (State.COLLECTED, "")
    assert list(queries.folder().iterdir()) == []


def test_nobody_else_collects_it_not_even_with_the_link(ada: Member, ben: Member) -> None:
    request = actions.request_copy(ada)
    actions.make_copy(SYSTEM, request_id=request.pk)
    letter = OutgoingMail.objects.get(to=ada.email)
    token = re.search(r"/settings/privacy/copies/([\w-]+)/", letter.text)[1]  # type: ignore[index]

    with pytest.raises(actions.CopyGone):
        actions.collect_copy(ben, token=token)
    with pytest.raises(actions.CopyGone):
        actions.collect_copy(ada, token="guessed")

    assert letter.has_secret
    found, file = actions.collect_copy(ada, token=token)
    file.close()
    assert found == request


def test_a_copy_nobody_collects_is_gone_after_seven_days(ada: Member) -> None:
    request = actions.request_copy(ada)
    actions.make_copy(SYSTEM, request_id=request.pk)

    with clock.at(clock.now() + timedelta(days=7)):
        with pytest.raises(actions.CopyGone):
            actions.collect_copy(ada)
        assert actions.expire_copies(SYSTEM) == 1

    request.refresh_from_db()
    assert request.state == State.EXPIRED
    assert not queries.path_of_copy(request).exists()


def test_one_at_a_time_and_two_a_day(ada: Member) -> None:
    actions.request_copy(ada)
    with pytest.raises(actions.CopyWaiting):
        actions.request_copy(ada)
    Request.objects.update(state=State.COLLECTED)
    actions.request_copy(ada)
    Request.objects.update(state=State.COLLECTED)

    with pytest.raises(errors.TooMany):
        actions.request_copy(ada)
    assert Request.objects.count() == 2


def test_how_many_copies_a_day_is_a_setting(ada: Member) -> None:
    with runtime.overridden({"governance.copies_daily": 1}):
        actions.request_copy(ada)
        Request.objects.update(state=State.COLLECTED)
        with pytest.raises(errors.TooMany):
            actions.request_copy(ada)


def test_a_job_that_was_killed_makes_it_anew_and_one_that_was_done_does_nothing(ada: Member) -> None:
    request = actions.request_copy(ada)
    Request.objects.update(state=State.MAKING)
    work = queries.path_of_copy(request).with_suffix(".work")
    work.mkdir(parents=True)
    (work / "half.json").write_text("[")

    assert actions.make_copy(SYSTEM, request_id=request.pk) == request
    assert actions.make_copy(SYSTEM, request_id=request.pk) is None
    assert [each.name for each in queries.folder().iterdir()] == [f"{request.reference}.zip"]
    assert Notification.objects.filter(recipient=ada, kind="governance.copy").count() == 1


def test_a_member_asks_proves_who_they_are_and_collects(ada: Member, run_jobs: Callable[[], int]) -> None:
    client = Client()
    client.force_login(ada)

    asked = client.post("/settings/privacy/copies/")
    assert asked.status_code == 302
    assert asked.url.startswith("/confirm/password/")
    assert Request.objects.count() == 0
    page = client.post(asked.url, {"password": PASSWORD}, follow=True).content.decode()
    assert "Being made" in page
    run_jobs()
    assert "Collect the copy" in client.get("/settings/privacy/").content.decode()
    got: Any = client.post("/settings/privacy/copies/collection/")

    assert got.headers["Content-Disposition"].startswith("attachment")
    assert got.headers["Cache-Control"] == "no-store"
    assert "index.html" in zipfile.ZipFile(io.BytesIO(got.getvalue())).namelist()
    assert "Collected" in client.get("/settings/privacy/").content.decode()


def test_looking_at_the_link_of_a_mail_does_not_use_it_up(ada: Member, ada_client: Client) -> None:
    request = actions.request_copy(ada)
    actions.make_copy(SYSTEM, request_id=request.pk)
    letter = OutgoingMail.objects.get(to=ada.email)
    address = re.search(r"(/settings/privacy/copies/[\w-]+/)", letter.text)[1]  # type: ignore[index]

    assert "handed out once" in ada_client.get(address).content.decode()
    first: Any = ada_client.post(address)
    assert first.getvalue().startswith(b"PK")
    assert ada_client.post(address).status_code == 410
