"""What is old enough goes, with a proof, and a hold keeps it."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from guildry.kernel import clock, errors, inventory, runtime
from guildry.kernel.permissions import SYSTEM, PermissionMissing, StaffRole
from guildry.ops.governance import actions, events, queries, tasks
from guildry.ops.governance.actions import retention
from guildry.ops.governance.models import Hold, Proof, RetentionRun
from guildry.ops.governance.rules.retention import KEPT, POLICIES, chained
from guildry.people.accounts.models import AccessToken, Member
from guildry.people.notifications.actions import forget_old
from guildry.people.notifications.models import Notification, Tray
from guildry.platform.audit.models import Entry
from guildry.platform.mail.actions import purge_mail, store_mail
from guildry.platform.mail.models import OutgoingMail
from tests.factories.facts import published
from tests.factories.governance import run_command as run
from tests.factories.notifications import tell
from tests.factories.people import grant

pytestmark = pytest.mark.django_db
LONG = timedelta(days=4000)
CLASSES = (
    "retention.alerts", "retention.answered", "retention.reports", "retention.requests", "retention.security_logs",
)  # fmt: skip
WHY = "A case is pending"


@pytest.fixture
def operator(ada: Member, ben: Member) -> Member:
    return grant(ada, StaffRole.OPERATOR, by=ben)


@pytest.fixture
def client_of_operator(operator: Member) -> Client:
    client = Client()
    client.force_login(operator)
    return client


def later() -> Any:
    return clock.at(clock.now() + LONG)


def hold(member: Member | None = None, table: str = "") -> Hold:
    review = clock.now().date() + timedelta(days=30)
    member_id = member.pk if member else None
    return actions.place_hold(SYSTEM, reason=WHY, review_on=review, member_id=member_id, table=table)


def test_what_is_old_enough_goes_and_leaves_a_proof(ben: Member) -> None:
    keys = [tell(ben, source=str(number)).pk for number in range(3)]

    with later():
        run = actions.apply_retention(SYSTEM)

    proof = run.proofs.get(policy="notifications")
    assert (proof.matched, proof.deleted, proof.held) == (3, 3, 0)
    assert proof.digest == chained("", keys)
    assert Notification.objects.count() == 0
    assert Tray.objects.get(member=ben).unread_count == 0
    assert published(events.RetentionApplied) == [events.RetentionApplied(run.pk)]


def test_a_dry_run_counts_and_takes_nothing(ben: Member) -> None:
    tell(ben)

    with later():
        run = actions.count_retention(SYSTEM, reason="To see")

    assert run.proofs.get(policy="notifications").matched == 1
    assert Notification.objects.count() == 1
    assert published(events.RetentionApplied) == []


def test_a_run_that_was_cut_off_goes_on_where_it_was(ben: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "CHUNK", 2)
    keys = [tell(ben, source=str(number)).pk for number in range(5)]
    taken: list[int] = []
    real = retention.take_away

    def dies_after_the_first(actor: Any, **given: Any) -> int:
        if given["model"] is Notification and (taken or not given["keys"]):
            raise KeyboardInterrupt
        taken.extend(given["keys"])
        return real(actor, **given)

    with later():
        monkeypatch.setattr(retention, "take_away", dies_after_the_first)
        with pytest.raises(KeyboardInterrupt):
            actions.apply_retention(SYSTEM)
        monkeypatch.setattr(retention, "take_away", real)
        run = actions.apply_retention(SYSTEM)

    assert RetentionRun.objects.count() == 1
    proof = run.proofs.get(policy="notifications")
    assert (proof.deleted, proof.digest) == (5, chained("", keys))


def test_a_hold_on_a_member_wins_everywhere(ada: Member, ben: Member) -> None:
    tell(ada)
    tell(ben)
    for member in (ada, ben):
        store_mail(SYSTEM, to=member.email, subject="Hello", text="You")
    hold(ben)

    with later():
        forget_old(SYSTEM)
        purge_mail(SYSTEM)
        run = actions.apply_retention(SYSTEM)

    assert [each.recipient for each in Notification.objects.all()] == [ben]
    assert [each.to for each in OutgoingMail.objects.all()] == [ben.email]
    assert run.proofs.get(policy="notifications").held == 1
    assert run.proofs.get(policy="mail").held == 1


def test_a_hold_on_a_table_keeps_all_of_it(ben: Member) -> None:
    tell(ben)
    store_mail(SYSTEM, to=ben.email, subject="Hello", text="You")
    hold(table="notifications_notification")
    hold(table="mail_outgoingmail")

    with later():
        assert (forget_old(SYSTEM), purge_mail(SYSTEM)) == (0, 0)
        actions.apply_retention(SYSTEM)

    assert (Notification.objects.count(), OutgoingMail.objects.count()) == (1, 1)


def test_a_lifted_hold_keeps_nothing(operator: Member, ben: Member) -> None:
    tell(ben)
    placed = hold(ben)
    actions.lift_hold(operator, hold_id=placed.pk, reason="The case is over")

    with later():
        actions.apply_retention(SYSTEM)

    assert Notification.objects.count() == 0
    assert inventory.held() == inventory.Held()
    with pytest.raises(actions.HoldLifted):
        actions.lift_hold(operator, hold_id=placed.pk, reason="Again")
    with pytest.raises(errors.NotFound):
        actions.lift_hold(operator, hold_id=0, reason="What?")


def test_placing_and_lifting_are_in_the_trail(
    operator: Member, ben: Member, deliver: Callable[[], int]
) -> None:
    review = clock.now().date() + timedelta(days=9)
    placed = actions.place_hold(operator, reason=WHY, review_on=review, member_id=ben.pk)
    actions.lift_hold(operator, hold_id=placed.pk, reason="The case is over")
    deliver()

    entries = Entry.objects.order_by("seq").values_list("name", "subject", "reason")
    assert list(entries) == [
        ("governance.HoldPlaced", f"member:{ben.pk}", WHY),
        ("governance.HoldLifted", f"member:{ben.pk}", "The case is over"),
    ]


def test_a_hold_is_of_one_thing_that_is_there_and_is_looked_at_again(ben: Member) -> None:
    tomorrow = clock.now().date() + timedelta(days=1)
    with pytest.raises(actions.ScopeUnclear):
        actions.place_hold(SYSTEM, reason=WHY, review_on=tomorrow)
    with pytest.raises(actions.ScopeUnclear):
        actions.place_hold(
            SYSTEM, reason=WHY, review_on=tomorrow, member_id=ben.pk, table="mail_outgoingmail"
        )
    with pytest.raises(errors.NotFound):
        actions.place_hold(SYSTEM, reason=WHY, review_on=tomorrow, member_id=999)
    with pytest.raises(errors.Invalid):
        actions.place_hold(SYSTEM, reason=WHY, review_on=tomorrow, table="nothing")
    with pytest.raises(errors.Invalid):
        actions.place_hold(SYSTEM, reason=WHY, review_on=clock.now().date(), member_id=ben.pk)
    with pytest.raises(errors.Invalid):
        actions.place_hold(SYSTEM, reason=" ", review_on=tomorrow, member_id=ben.pk)
    assert Hold.objects.count() == 0


def test_only_those_who_may_hold_and_take(ada: Member, ben: Member) -> None:
    auditor = grant(ben, StaffRole.AUDITOR, by=ada)
    for act in (
        lambda: actions.place_hold(auditor, reason=WHY, review_on=date(2040, 1, 1), member_id=ada.pk),
        lambda: actions.lift_hold(auditor, hold_id=1, reason=WHY),
        lambda: actions.apply_retention(auditor),
        lambda: actions.count_retention(auditor, reason=WHY),
    ):
        with pytest.raises(PermissionMissing):
            act()
    assert queries.runs(ada).items == []
    assert list(Hold.objects.visible_to(None)) == []


@pytest.mark.parametrize("key", CLASSES)
def test_how_long_things_are_kept_is_a_setting(key: str, ben: Member) -> None:
    policies = [each for each in POLICIES if each.key == key]
    shortest = KEPT[key][1]
    assert set(CLASSES) == set(KEPT)

    with runtime.overridden({key: shortest}):
        short = [queries.cutoff_of(each) for each in policies]
    usual = [queries.cutoff_of(each) for each in policies]

    assert policies
    assert all(one > other for one, other in zip(short, usual, strict=True))


def test_tokens_that_are_over_go(ben: Member) -> None:
    now = clock.now()
    for revoked in (now - timedelta(days=400), None):
        AccessToken.objects.create(
            member=ben, name="x", prefix="x", digest=str(revoked), scopes=[], created_at=now,
            expires_at=now + timedelta(days=1), revoked_at=revoked,
        )  # fmt: skip

    actions.apply_retention(SYSTEM)

    assert AccessToken.objects.get().revoked_at is None


def test_the_nightly_task_is_a_run(ben: Member) -> None:
    tasks.apply_retention.func()

    assert RetentionRun.objects.get().finished_at is not None
    assert Proof.objects.filter(finished_at=None).count() == 0


def test_staff_see_what_is_due_count_and_take_it(client_of_operator: Client, ben: Member) -> None:
    page = client_of_operator.get("/ops/governance/retention/").content.decode()
    assert "No run yet" in page
    assert client_of_operator.post("/ops/governance/retention/", {"dry": "1"}).status_code == 422
    dry = client_of_operator.post("/ops/governance/retention/", {"dry": "1", "reason": "To see"}, follow=True)
    assert "Counted only" in dry.content.decode()
    done = client_of_operator.post("/ops/governance/retention/", {"apply": "1", "reason": "Now"}, follow=True)
    assert "by Ada Nwosu" in done.content.decode()
    assert RetentionRun.objects.filter(is_dry=False).count() == 1


def test_runs_come_page_by_page(operator: Member) -> None:
    now = clock.now()
    RetentionRun.objects.bulk_create(RetentionRun(began_at=now, finished_at=now) for _ in range(21))

    first = queries.runs(operator)

    assert len(first.items) == 20
    assert len(queries.runs(operator, cursor=first.next_cursor).items) == 1


def test_staff_hold_and_lift_on_the_screen(client_of_operator: Client, ben: Member) -> None:
    address = "/ops/governance/holds/"
    assert client_of_operator.post(address, {}).status_code == 422
    given = {"reason": WHY, "review_on": "2040-01-01"}
    assert (
        "Nobody has that handle"
        in client_of_operator.post(address, {**given, "handle": "@nobody"}).content.decode()
    )
    assert client_of_operator.post(address, given).status_code == 422
    page = client_of_operator.post(address, {**given, "handle": "@ben"}, follow=True).content.decode()
    assert "Ben Okri" in page
    assert WHY in page
    hold_id = Hold.objects.get().pk
    assert client_of_operator.post(f"{address}{hold_id}/end/", {}).status_code == 422
    lifted = client_of_operator.post(f"{address}{hold_id}/end/", {"reason": "Over"}, follow=True)
    assert "Nothing is held" in lifted.content.decode()
    assert "Over" in lifted.content.decode()


def test_the_command_counts_takes_holds_and_lifts(ben: Member, capsys: Any) -> None:
    assert run(["retention", "--dry-run"]) == 0
    assert "Nothing was taken away" in capsys.readouterr().out
    assert run(["retention", "--json"]) == 0
    assert {each["class"] for each in json.loads(capsys.readouterr().out)} == {each.name for each in POLICIES}
    assert run(["holds", "--member", "@ben", "--reason", WHY]) == 0
    hold_id = Hold.objects.get().pk
    assert run(["holds"]) == 0
    assert WHY in capsys.readouterr().out
    assert run(["holds", "--lift", str(hold_id)]) == 0
    assert run(["holds", "--member", "nobody"]) == 64
    assert "Nobody here is called nobody" in capsys.readouterr().err
