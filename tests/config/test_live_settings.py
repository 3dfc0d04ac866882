"""Every key that an app reads while the site runs is obeyed at the next request, without a restart."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guildry.community.timeline.actions import TooManyDrafts, react, save_draft
from guildry.community.timeline.rules import Composition, ReactionKind
from guildry.kernel import clock, errors, runtime
from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts import actions as accounts
from guildry.people.accounts.models import Member
from guildry.people.network import actions as network
from guildry.people.notifications import actions as notifications
from guildry.people.organisations import actions as organisations
from guildry.platform.facts import actions as facts
from guildry.platform.facts.models import Receipt, StoredFact
from guildry.platform.files import actions as files
from guildry.platform.files.models import StoredFile
from guildry.platform.files.rules import State
from guildry.platform.jobs import actions as jobs
from guildry.platform.jobs.models import Job
from guildry.platform.mail import actions as mail
from guildry.platform.mail import tasks as mail_tasks
from tests.factories import timeline as make
from tests.factories.organisations import make_organisation
from tests.factories.people import make_member
from tests.platform.jobs.tasks import fail

pytestmark = pytest.mark.django_db
Try = Callable[[Member, int], Any]


@pytest.fixture
def ada() -> Member:
    return make_member("ada", created_at=clock.now() - timedelta(days=30))


def upload(member: Member, number: int, size: int = 1) -> StoredFile:
    file = SimpleUploadedFile(f"{number}.png", make.picture().read() + b"\0" * size, "image/png")
    return files.receive_upload(member, use="profiles.portrait", file=file)


def found(member: Member, number: int) -> Any:
    return make_organisation(member, f"guild_{number}")


def ask_to_join(member: Member, number: int) -> Any:
    owner = make_member(f"owner{number}")
    return organisations.request_to_join(member, organisation_id=found(owner, number).pk)


def invite(member: Member, number: int) -> Any:
    mine = organisations_of(member)
    return organisations.invite(member, organisation_id=mine, to=f"p{number}@example.org")


def organisations_of(member: Member) -> int:
    from guildry.people.organisations.models import Organisation

    known = Organisation.objects.filter(handle="own_guild").first()
    return int((known or make_organisation(member, "own_guild")).pk)


def answer(member: Member, number: int) -> Any:
    return make.comment(member, make.publish(make_member(f"author{number}")))


def like(member: Member, number: int) -> Any:
    return react(member, post_id=make.publish(make_member(f"author{number}")).pk, kind=ReactionKind.LIKE)


def follow(member: Member, number: int) -> Any:
    return network.follow_member(member, member_id=make_member(f"m{number}").pk)


def ask(member: Member, number: int) -> Any:
    return network.request_connection(member, member_id=make_member(f"m{number}").pk)


def attempt(act: str) -> Try:
    def tried(member: Member, number: int) -> None:
        accounts.count_attempt(SYSTEM, act=act, address=f"203.0.{number}.1", identity=member.email)

    return tried


def issue(member: Member, number: int) -> Any:
    return accounts.issue_token(member, name=f"Script {number}", scopes=["read"], days=30)


def draft(member: Member, number: int) -> Any:
    return save_draft(member, composition=Composition(f"Draft {number}"))


LIMITS: list[tuple[str, Try]] = [
    ("timeline.post_hourly", lambda member, number: make.publish(member, f"Post {number}")),
    ("timeline.comment_hourly", answer),
    ("timeline.react_hourly", like),
    ("timeline.drafts_most", draft),
    ("network.follows_hourly", follow),
    ("network.requests_daily", ask),
    ("organisations.founded_daily", found),
    ("organisations.requests_daily", ask_to_join),
    ("organisations.invitations_daily", invite),
    ("accounts.sign_in_tries", attempt("sign_in")),
    ("accounts.codes_sent", attempt("send_code")),
    ("accounts.tokens_most", issue),
    ("files.uploads_hourly", upload),
]


@pytest.mark.parametrize(("key", "act"), LIMITS, ids=[key for key, _ in LIMITS])
def test_a_limit_holds_from_the_next_act_on(key: str, act: Try, ada: Member) -> None:
    act(ada, 1)

    with runtime.overridden({key: 1}), pytest.raises((errors.TooMany, errors.Conflict, TooManyDrafts)):
        act(ada, 2)

    act(ada, 3)


def test_bytes_are_counted_against_the_limit_in_force(ada: Member) -> None:
    with runtime.overridden({"files.megabytes_daily": 1}), pytest.raises(errors.TooMany):
        upload(ada, 1, 1_100_000)

    assert upload(ada, 2, 1_100_000).pk


def test_an_invitation_lasts_as_long_as_is_set(ada: Member) -> None:
    with runtime.overridden({"organisations.invitation_lifetime": timedelta(hours=2)}):
        invitation = invite(ada, 1)

    assert invitation.expires_at - invitation.created_at == timedelta(hours=2)


def notify(member: Member) -> None:
    notifications.notify(
        SYSTEM, recipients=[member.pk], kind="network.accepted", source="x", text="x", url="/"
    )


def send(member: Member, *, has_secret: bool = False) -> None:
    mail.store_mail(SYSTEM, to=member.email, subject="x", text="x", has_secret=has_secret)


def receipt(member: Member) -> None:
    make.publish(member)
    fact = StoredFact.objects.order_by("-pk")[0]
    Receipt.objects.create(
        fact=fact,
        subscriber="test.done",
        state=Receipt.State.DELIVERED,
        due_at=clock.now(),
        delivered_at=clock.now(),
    )


def reject(member: Member) -> None:
    stored = upload(member, 1)
    StoredFile.objects.filter(pk=stored.pk).update(state=State.REJECTED, use="profiles.portrait")


KEPT: list[tuple[str, Callable[[Member], Any], Callable[[], int]]] = [
    ("retention.notifications", notify, lambda: notifications.forget_old(SYSTEM)),
    ("retention.mail", send, lambda: mail.purge_mail(SYSTEM)),
    ("retention.secret_mail", lambda member: send(member, has_secret=True), lambda: mail.purge_mail(SYSTEM)),
    ("retention.receipts", receipt, lambda: facts.forget_old_receipts(SYSTEM)),
    ("retention.rejected_files", reject, lambda: files.purge_files(SYSTEM)),
    ("retention.unused_files", lambda member: upload(member, 1), lambda: files.purge_files(SYSTEM)),
]


@pytest.mark.parametrize(("key", "keep", "purge"), KEPT, ids=[key for key, _, _ in KEPT])
def test_what_is_kept_goes_when_its_time_gets_shorter(
    key: str, keep: Callable[[Member], Any], purge: Callable[[], int], ada: Member
) -> None:
    with clock.at(clock.now() - timedelta(hours=20)):
        keep(ada)
    kept = purge()

    with runtime.overridden({key: timedelta(hours=1)}):
        gone = purge()

    assert (kept, gone > 0) == (0, True)


def test_finished_jobs_are_kept_as_long_as_was_set_when_they_ended(run_jobs: Callable[[], int]) -> None:
    with runtime.overridden({"retention.done_jobs": timedelta(hours=3)}):
        mail_tasks.purge.enqueue()
        run_jobs()

    job = Job.objects.get()
    assert job.lease_until
    assert job.finished_at
    assert job.lease_until - job.finished_at == timedelta(hours=3)


def test_jobs_given_up_are_kept_as_long_as_was_set_then() -> None:
    fail.enqueue("no ink")

    with runtime.overridden({"retention.dead_jobs": timedelta(hours=3)}):
        for minutes in (0, 10, 20):
            with clock.at(clock.now() + timedelta(minutes=minutes)):
                jobs.run_pending_jobs(SYSTEM)

    job = Job.objects.get()
    assert job.state == Job.State.DEAD
    assert job.lease_until
    assert job.finished_at
    assert job.lease_until - job.finished_at == timedelta(hours=3)
