"""The end of an account: thought over, decided by two, carried out to the last word, and proven."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from guildry.community.timeline.actions import comment_on_post, publish_post, react
from guildry.community.timeline.models import Comment, Post
from guildry.community.timeline.rules import Composition, ReactionKind
from guildry.kernel import clock, errors, runtime
from guildry.kernel.permissions import SYSTEM, PermissionMissing, StaffRole
from guildry.kernel.points import AFTER_RESTORE
from guildry.kernel.states import IllegalTransition
from guildry.ops.governance import actions, events, queries, tasks
from guildry.ops.governance.actions import erasing
from guildry.ops.governance.models import Erased, Request
from guildry.ops.governance.rules import Kind, State
from guildry.ops.seeds.queries import miscounts
from guildry.people.accounts.models import Member
from guildry.people.network.actions import follow_member
from guildry.platform.audit.models import Entry
from guildry.platform.audit.queries import verify_chain
from guildry.platform.files.actions import receive_upload
from guildry.platform.files.queries import path_of
from guildry.platform.jobs.models import Job
from guildry.platform.mail.models import OutgoingMail
from tests.factories.facts import published
from tests.factories.governance import plant_everywhere, run_command
from tests.factories.people import PASSWORD, grant, make_member
from tests.factories.timeline import picture

pytestmark = pytest.mark.django_db
WHY = "The member asked for it"
WEEK = timedelta(days=7, minutes=1)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def cleo(db: None) -> Member:
    return make_member("cleo", "Cleo Marsh")


@pytest.fixture
def officers(ada: Member, ben: Member) -> tuple[Member, Member]:
    return grant(ada, StaffRole.OPERATOR, by=ben), grant(ben, StaffRole.ADMINISTRATOR, by=ada)


def approved(member: Member, officers: tuple[Member, Member]) -> Request:
    asked = actions.request_erasure(member)
    with clock.at(clock.now() + WEEK):
        actions.plan_erasure(officers[0], request_id=asked.pk, reason=WHY)
        return actions.approve_erasure(officers[1], request_id=asked.pk, reason=WHY)


def erased(member: Member, officers: tuple[Member, Member]) -> Request:
    request = approved(member, officers)
    done = actions.carry_out(SYSTEM, request_id=request.pk)
    assert done is not None
    return done


def test_nothing_of_a_member_is_left_in_any_column_but_what_is_declared(
    cleo: Member, officers: tuple[Member, Member]
) -> None:
    address, planted = cleo.email, plant_everywhere(cleo, officers[0])
    Member.objects.filter(pk=cleo.pk).update(has_staff_grant=False)
    cleo.refresh_from_db()

    erased(cleo, officers)

    words = planted.to_be_erased()
    assert queries.hits([address]) == {"mail_outgoingmail": 1}
    assert queries.hits(words) == {}
    assert len(words) > 60


def test_the_last_mail_is_the_only_thing_that_names_them_and_goes_with_the_secrets(
    cleo: Member, officers: tuple[Member, Member]
) -> None:
    address = cleo.email

    erased(cleo, officers)

    letter = OutgoingMail.objects.get(to=address)
    assert letter.has_secret
    assert letter.subject == "Your account is erased"
    cleo.refresh_from_db()
    assert (cleo.name, cleo.is_active, cleo.has_usable_password()) == ("Erased member", False, False)
    assert cleo.email.endswith("@erased.invalid")


def test_what_others_said_stays_and_counters_are_right(
    ada: Member, cleo: Member, officers: tuple[Member, Member]
) -> None:
    hers = publish_post(cleo, composition=Composition("Something of Cleo's that is long enough to look for"))
    his = publish_post(ada, composition=Composition("A question of Ada's"))
    first = comment_on_post(cleo, post_id=his.pk, body="An answer of Cleo's, to be emptied soon")
    comment_on_post(ada, post_id=his.pk, body="What Ada said to it", parent_id=first.pk)
    react(cleo, post_id=his.pk, kind=ReactionKind.LIKE)
    follow_member(cleo, member_id=ada.pk)

    erased(cleo, officers)

    assert Comment.objects.filter(body="What Ada said to it").count() == 1
    first.refresh_from_db()
    assert (first.body, first.deleted_at is not None) == ("", True)
    assert (Post.objects.get(pk=hers.pk).body, Post.objects.get(pk=hers.pk).deleted_at is None) == ("", False)
    assert miscounts() == []


def test_files_go_and_so_do_copies(cleo: Member, officers: tuple[Member, Member]) -> None:
    stored = receive_upload(cleo, use="timeline.image", file=picture())
    copy = actions.request_copy(cleo)
    actions.make_copy(SYSTEM, request_id=copy.pk)

    erased(cleo, officers)

    assert not default_storage.exists(path_of(stored.key))
    assert not queries.path_of_copy(copy).exists()
    copy.refresh_from_db()
    assert copy.state == State.EXPIRED


def test_the_chain_of_facts_is_whole_afterwards(
    cleo: Member, officers: tuple[Member, Member], deliver: Callable[[], int]
) -> None:
    follow_member(cleo, member_id=officers[0].pk)

    erased(cleo, officers)
    deliver()

    assert verify_chain()[1] is None
    names = set(Entry.objects.filter(subject=f"member:{cleo.pk}").values_list("name", flat=True))
    assert {"governance.ErasurePlanned", "governance.ErasureApproved"} <= names


def test_a_killed_process_is_taken_up_where_it_was(
    cleo: Member, officers: tuple[Member, Member], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        publish_post(
            cleo, composition=Composition(f"Words of Cleo's that nobody else wrote, number {number}")
        )
    plant = [each.pk for each in Post.objects.filter(author=cleo)]
    request = approved(cleo, officers)
    steps = request.steps.count()
    real = erasing.take_away
    for survives in range(0, steps, 9):
        calls: list[int] = []

        def dies(actor: Any, survives: int = survives, calls: list[int] = calls, **given: Any) -> int:
            if len(calls) >= survives:
                raise KeyboardInterrupt
            calls.append(1)
            return real(actor, **given)

        monkeypatch.setattr(erasing, "take_away", dies)
        try:
            actions.carry_out(SYSTEM, request_id=request.pk)
        except KeyboardInterrupt:
            request.refresh_from_db()
            assert request.state == State.RUNNING
            assert request.needles
    monkeypatch.setattr(erasing, "take_away", real)

    actions.carry_out(SYSTEM, request_id=request.pk)
    request.refresh_from_db()

    assert (request.state, request.result["hits"], request.needles) == (State.DONE, {}, None)
    assert [each.body for each in Post.objects.filter(pk__in=plant)] == ["", "", ""]
    assert actions.carry_out(SYSTEM, request_id=request.pk) is None


def test_a_word_that_is_still_found_keeps_it_open_until_it_is_gone(
    ada: Member, cleo: Member, officers: tuple[Member, Member]
) -> None:
    words = "A sentence that only Cleo ever wrote down"
    publish_post(cleo, composition=Composition(words))
    request = approved(cleo, officers)
    quoted = Post.objects.create(author=ada, body="x", html="x", audience="public", published_at=clock.now())
    real = erasing._take_passed_on

    def somebody_quotes_them(actor: Any, sought: Any) -> None:
        real(actor, sought)
        Post.objects.filter(pk=quoted.pk).update(body=words)

    erasing._take_passed_on = somebody_quotes_them
    try:
        with pytest.raises(actions.StillFound):
            actions.carry_out(SYSTEM, request_id=request.pk)
    finally:
        erasing._take_passed_on = real
    request.refresh_from_db()
    assert (request.state, request.result["hits"]) == (State.RUNNING, {"timeline_post": 1})
    assert not queries.ledger_path().exists()

    Post.objects.filter(pk=quoted.pk).delete()
    tasks.carry_on.func()

    request.refresh_from_db()
    assert (request.state, request.failure) == (State.DONE, "")


def test_words_that_others_use_too_are_not_looked_for(ada: Member, cleo: Member) -> None:
    for member in (ada, cleo):
        publish_post(member, composition=Composition("Good morning everybody here"))
    publish_post(cleo, composition=Composition("What Cleo alone would ever say"))

    found = queries.needles_of(queries.subject_of(cleo))

    assert cleo.email in found
    assert "Good morning everybody here" not in found


def test_logs_in_the_data_folder_are_looked_through(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "web.jsonl").write_text('{"event": "mail to cleo@example.org"}\n')
    (tmp_path / "serve.log").write_text("nothing of interest\n")

    assert queries.files_with(["cleo@example.org"]) == ["web.jsonl"]
    assert queries.files_with(["nobody@example.org"]) == []


def test_jobs_that_carry_their_words_go(cleo: Member, officers: tuple[Member, Member]) -> None:
    now = clock.now()
    Job.objects.create(task="x", arguments=json.dumps([[cleo.email], {}]), run_at=now, created_at=now)

    erased(cleo, officers)

    assert not Job.objects.filter(task="x").exists()


def test_the_receipt_is_signed_and_any_change_is_seen(cleo: Member, officers: tuple[Member, Member]) -> None:
    publish_post(cleo, composition=Composition("Words of Cleo's to be counted"))

    request = erased(cleo, officers)

    document = queries.document_of(request)
    assert request.receipt["taken"]["timeline_post"] == 1
    assert (request.receipt["found"], request.receipt["backups_until"]) == (0, "")
    assert "accounts_member" in request.receipt["stays"]
    assert queries.is_genuine(document)
    assert not queries.is_genuine(document.replace(request.reference, "0" * 16))
    assert not queries.is_genuine("no receipt")
    assert cleo.email not in document
    assert "Cleo" not in document


def test_the_ledger_names_nobody_and_a_restore_is_followed_by_another_erasure(
    cleo: Member, officers: tuple[Member, Member]
) -> None:
    before = {name: getattr(cleo, name) for name in ("handle", "name", "email", "password")}
    erased(cleo, officers)
    ledger = queries.ledger_path().read_text()
    assert not re.search(rf"cleo|Cleo|\b{cleo.pk}\b,", ledger)
    assert oct(queries.ledger_path().stat().st_mode)[-3:] == "600"

    Erased.objects.all().delete()
    Member.objects.filter(pk=cleo.pk).update(**before, is_active=True)
    Post.objects.create(
        author=cleo,
        body="Words the backup brought back",
        html="x",
        audience="public",
        published_at=clock.now(),
    )
    assert AFTER_RESTORE["governance.erasures"].replay(clock.now()) == 1

    cleo.refresh_from_db()
    assert (cleo.name, cleo.is_active) == ("Erased member", False)
    assert queries.hits(["Words the backup brought back", str(before["email"])]) == {}
    assert AFTER_RESTORE["governance.erasures"].replay(clock.now()) == 0
    assert published(events.ErasuresRepeated) == [events.ErasuresRepeated(1)]


def test_a_member_has_a_week_to_take_it_back(cleo: Member, officers: tuple[Member, Member]) -> None:
    asked = actions.request_erasure(cleo)
    with pytest.raises(actions.ErasureWaiting):
        actions.request_erasure(cleo)
    with pytest.raises(actions.StillCooling):
        actions.plan_erasure(officers[0], request_id=asked.pk, reason=WHY)

    actions.cancel_erasure(cleo)

    with pytest.raises(errors.NotFound):
        actions.cancel_erasure(cleo)
    with clock.at(clock.now() + WEEK), pytest.raises(IllegalTransition):
        actions.plan_erasure(officers[0], request_id=asked.pk, reason=WHY)
    assert published(events.ErasureCancelled) == [events.ErasureCancelled(asked.pk, cleo.pk)]


def test_how_long_it_cools_off_is_a_setting(cleo: Member) -> None:
    with runtime.overridden({"governance.cool_off": timedelta(days=14)}):
        asked = actions.request_erasure(cleo)

    assert asked.cools_until is not None
    assert asked.cools_until - asked.received_at == timedelta(days=14)


def test_it_takes_two_people_who_are_not_the_member(cleo: Member, officers: tuple[Member, Member]) -> None:
    asked = actions.request_erasure(cleo)
    with clock.at(clock.now() + WEEK):
        with pytest.raises(PermissionMissing):
            actions.plan_erasure(cleo, request_id=asked.pk, reason=WHY)
        actions.plan_erasure(officers[0], request_id=asked.pk, reason=WHY)
        for approver in (officers[0], SYSTEM):
            with pytest.raises(actions.SecondPersonNeeded):
                actions.approve_erasure(approver, request_id=asked.pk, reason=WHY)
        with pytest.raises(errors.Invalid):
            actions.approve_erasure(officers[1], request_id=asked.pk, reason=" ")
        actions.approve_erasure(officers[1], request_id=asked.pk, reason=WHY)
    with pytest.raises(actions.TooLate):
        actions.cancel_erasure(cleo)
    with pytest.raises(errors.NotFound):
        actions.plan_erasure(officers[0], request_id=0, reason=WHY)


def test_nobody_decides_about_themselves_and_staff_stay(ada: Member, officers: tuple[Member, Member]) -> None:
    with pytest.raises(actions.StaffStays):
        actions.request_erasure(officers[0])
    now = clock.now()
    own = Request.objects.create(
        kind=Kind.ERASURE, member=ada, reference="own", state=State.COOLING, received_at=now, due_at=now
    )
    with pytest.raises(actions.SecondPersonNeeded):
        actions.plan_erasure(officers[0], request_id=own.pk, reason=WHY)
    with pytest.raises(actions.StaffStays):
        actions.plan_erasure(officers[1], request_id=own.pk, reason=WHY)


def test_a_hold_wins_before_and_after_the_approval(cleo: Member, officers: tuple[Member, Member]) -> None:
    request = approved(cleo, officers)
    review = clock.now().date() + timedelta(days=30)
    hold = actions.place_hold(officers[0], reason="A dispute", review_on=review, member_id=cleo.pk)

    assert actions.carry_out(SYSTEM, request_id=request.pk) is None
    assert queries.unfinished_erasures() == []
    with pytest.raises(IllegalTransition):
        actions.approve_erasure(officers[1], request_id=request.pk, reason=WHY)
    actions.lift_hold(officers[0], hold_id=hold.pk, reason="Settled")
    tasks.carry_on.func()

    request.refresh_from_db()
    assert request.state == State.DONE


def test_a_hold_stops_the_plan_and_a_refusal_says_why(cleo: Member, officers: tuple[Member, Member]) -> None:
    asked = actions.request_erasure(cleo)
    review = clock.now().date() + timedelta(days=30)
    actions.place_hold(officers[0], reason="A dispute", review_on=review, member_id=cleo.pk)
    with clock.at(clock.now() + WEEK), pytest.raises(actions.Held):
        actions.plan_erasure(officers[0], request_id=asked.pk, reason=WHY)

    refused = actions.refuse_erasure(officers[0], request_id=asked.pk, reason="A dispute is open.")

    assert (refused.state, refused.decision) == (State.REFUSED, "A dispute is open.")
    client = Client()
    client.force_login(cleo)
    assert "Your account stays: A dispute is open." in client.get("/notifications/").content.decode()


def test_a_member_asks_on_their_page_and_takes_it_back(cleo: Member) -> None:
    client = Client()
    client.force_login(cleo)
    away: Any = client.get("/settings/privacy/erasure/")
    assert away.url.startswith("/confirm/password/")
    page = client.post(away.url, {"password": PASSWORD}, follow=True)
    assert "nothing happens" in page.content.decode()

    assert client.post("/settings/privacy/erasure/", {}).status_code == 422
    asked = client.post("/settings/privacy/erasure/", {"understood": "on", "wish": "Too loud"}, follow=True)
    assert "You asked for the end of your account" in asked.content.decode()
    assert Request.objects.get().wish == "Too loud"
    back = client.post("/settings/privacy/erasure/end/", follow=True)
    assert "Delete my account" in back.content.decode()
    assert Request.objects.get().state == State.CANCELLED


def test_two_of_staff_decide_on_the_console(
    cleo: Member, officers: tuple[Member, Member], run_jobs: Callable[[], int]
) -> None:
    clients = []
    for officer in officers:
        client = Client()
        client.force_login(officer)
        clients.append(client)
    asked = actions.request_erasure(cleo, wish="I leave")
    Request.objects.filter(pk=asked.pk).update(cools_until=clock.now())
    address = f"/ops/governance/requests/{asked.reference}/"
    assert "Cleo Marsh" in clients[0].get("/ops/governance/requests/").content.decode()
    assert "I leave" in clients[0].get(address).content.decode()
    assert clients[0].post(f"{address}plan/", {}).status_code == 422

    planned = clients[0].post(f"{address}plan/", {"reason": WHY}, follow=True).content.decode()
    assert "somebody else has to approve it" in planned
    assert clients[0].post(f"{address}approval/", {"reason": WHY}).status_code == 403
    clients[1].post(f"{address}approval/", {"reason": WHY})
    run_jobs()

    shown = clients[0].get(address).content.decode()
    assert "0 were found" in shown
    assert "Erased member" in shown
    assert "Erased member" in clients[0].get("/ops/governance/requests/?show=answered").content.decode()
    assert clients[0].get("/ops/governance/requests/nothing/").status_code == 404


def test_staff_refuse_on_the_console(cleo: Member, officers: tuple[Member, Member]) -> None:
    client = Client()
    client.force_login(officers[0])
    asked = actions.request_erasure(cleo)

    page = client.post(
        f"/ops/governance/requests/{asked.reference}/refusal/", {"reason": "Open invoices"}, follow=True
    )

    assert "Open invoices" in page.content.decode()


def test_the_command_takes_plans_carries_out_and_proves(
    cleo: Member, officers: tuple[Member, Member], tmp_path: Path, capsys: Any
) -> None:
    assert run_command(["requests"]) == 0
    assert "Nothing is open" in capsys.readouterr().out
    assert run_command(["erase", "--member", "cleo"]) == 0
    asked = Request.objects.get()
    assert run_command(["erase", "--plan", asked.reference]) == 64
    Request.objects.update(cools_until=clock.now())
    assert run_command(["erase", "--plan", asked.reference]) == 0
    assert "accounts_member" in capsys.readouterr().out
    actions.approve_erasure(officers[1], request_id=asked.pk, reason=WHY)
    assert run_command(["requests", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["state"] == "approved"
    assert run_command(["receipt", asked.reference]) == 64
    assert run_command(["erase", "--carry-out"]) == 0
    assert "erased and proven" in capsys.readouterr().out
    assert run_command(["receipt", asked.reference]) == 0
    receipt = tmp_path / "receipt.json"
    receipt.write_text(capsys.readouterr().out)
    assert run_command(["verify", str(receipt)]) == 0
    receipt.write_text(receipt.read_text().replace('"found": 0', '"found": 1'))
    assert run_command(["verify", str(receipt)]) == 73
    assert run_command(["verify", str(tmp_path / "none")]) == 64
    assert run_command(["replay"]) == 0
    assert run_command(["erase", "--carry-out"]) == 0


def test_the_command_writes_a_copy_for_somebody_who_asked_by_letter(
    cleo: Member, tmp_path: Path, capsys: Any, deliver: Callable[[], int]
) -> None:
    target = tmp_path / "cleo.zip"

    assert run_command(["export", "@cleo", "--to", str(target), "--reason", "A letter"]) == 0
    deliver()

    assert run_command(["verify", str(target)]) == 0
    assert oct(target.stat().st_mode)[-3:] == "600"
    assert Entry.objects.get(subject=f"member:{cleo.pk}").reason == "A letter"
