"""Sessions in store: kept, touched, ended one by one, and cleared away."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError

from guildry.kernel import clock, crypto, errors, limits
from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts import actions, events, queries, rules
from guildry.people.accounts.models import Member, Session
from tests.people.accounts.facts import published


def keep(key: str, member: Member | None = None, *, is_new: bool = True, **fields: object) -> Session:
    given: dict[str, object] = {
        "data": "sealed",
        "expires_at": clock.now() + timedelta(days=30),
        "member_stamp": member.get_session_auth_hash() if member else "",
        "device": "Firefox on Linux",
        **fields,
    }
    return actions.keep_session(
        SYSTEM, digest=crypto.digest(key), is_new=is_new, member_id=member.pk if member else None, **given
    )


def test_a_session_of_a_member_is_a_fact_once(ada: Member) -> None:
    session = keep("key", ada)
    keep("key", ada, is_new=False, data="sealed again")

    assert Session.objects.get().data == "sealed again"
    assert published(events.SessionStarted) == [events.SessionStarted(ada.pk, session.pk)]


def test_a_guests_session_is_no_fact_until_they_sign_in(ada: Member) -> None:
    session = keep("key")
    assert published(events.SessionStarted) == []
    actions.keep_session(
        SYSTEM, digest=crypto.digest("new key"), replacing=crypto.digest("key"), member_id=ada.pk,
        data="sealed", expires_at=clock.now(),
    )  # fmt: skip

    assert Session.objects.get().key_digest == crypto.digest("new key")
    assert published(events.SessionStarted) == [events.SessionStarted(ada.pk, session.pk)]


def test_nothing_brings_a_session_back_that_ended_meanwhile(ada: Member) -> None:
    keep("key", ada)
    actions.drop_session(SYSTEM, digest=crypto.digest("key"))

    with pytest.raises(UpdateError):
        keep("key", ada, is_new=False)

    assert Session.objects.count() == 0


def test_dropping_a_session_is_a_fact_for_members_only(ada: Member) -> None:
    session = keep("hers", ada)
    keep("a guest's")

    for key in ("hers", "a guest's", "nobody's"):
        actions.drop_session(SYSTEM, digest=crypto.digest(key))

    assert Session.objects.count() == 0
    assert published(events.SessionEnded) == [events.SessionEnded(ada.pk, session.pk)]


def test_members_end_their_own_sessions_only(ada: Member, ben: Member) -> None:
    session = keep("key", ada)

    with pytest.raises(errors.NotFound):
        actions.end_session(ben, session_id=session.pk)
    with pytest.raises(errors.NotFound):
        actions.end_session(SYSTEM, session_id=session.pk)
    actions.end_session(ada, session_id=session.pk)

    assert queries.member_of_session("key") is None
    with pytest.raises(errors.NotFound):
        actions.end_session(ada, session_id=session.pk)


def test_nobody_ends_a_guests_session_by_its_number(db: None) -> None:
    session = keep("key")

    with pytest.raises(errors.NotFound):
        actions.end_session(SYSTEM, session_id=session.pk)

    assert Session.objects.count() == 1


def test_all_other_sessions_end_at_once(ada: Member, ben: Member) -> None:
    kept = keep("here", ada)
    keep("there", ada)
    keep("elsewhere", ada)
    keep("of ben", ben)

    with pytest.raises(errors.Forbidden):
        actions.end_other_sessions(ben, member_id=ada.pk)
    assert actions.end_other_sessions(ada, member_id=ada.pk, keep=kept.pk) == 2
    assert actions.end_other_sessions(SYSTEM, member_id=ben.pk) == 1

    assert list(Session.objects.all()) == [kept]
    assert len(published(events.SessionEnded)) == 3


def test_last_seen_is_written_at_most_once_a_minute(ada: Member) -> None:
    session = keep("key", ada)
    start = session.last_seen_at
    for seconds in (30, 60, 90, 119):
        actions.touch_session(SYSTEM, session_id=session.pk, seen_at=start + timedelta(seconds=seconds))

    session.refresh_from_db()
    assert session.last_seen_at == start + timedelta(seconds=60)


def test_suspended_members_are_signed_out_everywhere(ada: Member, deliver: object) -> None:
    keep("key", ada)
    actions.suspend_member(SYSTEM, member_id=ada.pk, reason="Enough")

    deliver()  # type: ignore[operator]

    assert Session.objects.count() == 0


def test_one_identity_is_limited_from_wherever_it_is_tried() -> None:
    (_, _), (burst, _) = rules.ATTEMPTS["sign_in"]
    for number in range(burst):
        actions.count_attempt(SYSTEM, act="sign_in", address=f"203.0.{number}.1", identity="ada@example.org")

    with pytest.raises(errors.TooMany) as refusal:
        actions.count_attempt(SYSTEM, act="sign_in", address="198.51.100.1", identity=" ADA@example.org ")
    actions.count_attempt(SYSTEM, act="sign_in", address="198.51.100.1", identity="ben@example.org")
    assert refusal.value.retry_after == pytest.approx(60, abs=1)


def test_one_network_is_limited_whomever_it_tries() -> None:
    (burst, _), (_, _) = rules.ATTEMPTS["sign_in"]
    for number in range(burst):
        actions.count_attempt(SYSTEM, act="sign_in", address=f"203.0.113.{number}", identity=f"m{number}@x")

    with pytest.raises(errors.TooMany):
        actions.count_attempt(SYSTEM, act="sign_in", address="203.0.113.250", identity="one@x")
    actions.count_attempt(SYSTEM, act="sign_in", address="203.0.114.1", identity="one@x")


def test_attempts_of_different_kinds_do_not_count_together() -> None:
    (burst, _), (_, _) = rules.ATTEMPTS["send_code"]
    for _ in range(burst):
        actions.count_attempt(SYSTEM, act="send_code", address="203.0.113.1")

    actions.count_attempt(SYSTEM, act="enter_code", address="203.0.113.1")
    limits.forget_all()
    actions.count_attempt(SYSTEM, act="send_code", address="203.0.113.1")
