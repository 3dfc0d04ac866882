"""What members choose, by hand and by the link at the end of a mail."""

from datetime import UTC, datetime, time, timedelta

import pytest

from guildry.kernel import clock
from guildry.kernel.permissions import SYSTEM
from guildry.kernel.points import NOTIFICATION_KINDS, NotificationKind
from guildry.people.accounts.models import Member
from guildry.people.notifications import actions, queries
from guildry.people.notifications.events import ChannelsChosen, MailPaused, MailUnsubscribed
from guildry.people.notifications.models import Choice, Tray
from guildry.people.notifications.rules import Channels, Digest, Mail
from tests.factories.facts import all_published
from tests.factories.notifications import choose, tell

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_without_a_choice_the_defaults_of_the_apps_hold(ada: Member) -> None:
    wishes = queries.wishes_of(ada)

    assert set(wishes.channels) == {kind.key for kind in NOTIFICATION_KINDS}
    assert wishes.channels["network.request"] == Channels(True, Mail.DIGEST)
    assert wishes.channels["network.follow"] == Channels(True, Mail.OFF)
    assert (wishes.tray.digest, wishes.tray.quiet_from) == (Digest.DAILY, None)


def test_an_app_may_declare_that_its_mail_goes_at_once() -> None:
    kind = NotificationKind("x.y", "X", "X", "X", mail=True, settings={"mail": "instant"})

    assert queries.default_channels(kind) == Channels(True, Mail.INSTANT)


def test_choices_are_kept_and_those_not_given_stay(ada: Member) -> None:
    choose(ada, "network.accepted", app=False, mail="instant")

    with clock.at(NOW):
        tray = actions.choose_channels(
            ada,
            channels={"network.follow": Channels(False, Mail.INSTANT)},
            digest=Digest.WEEKLY,
            quiet_from=time(22),
            quiet_until=time(7),
        )

    wishes = queries.wishes_of(ada)
    assert wishes.channels["network.follow"] == Channels(False, Mail.INSTANT)
    assert wishes.channels["network.accepted"] == Channels(False, Mail.INSTANT)
    assert (wishes.tray.digest, wishes.tray.quiet_from) == ("weekly", time(22))
    assert tray.digest_due_at == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert all_published() == [ChannelsChosen(ada.pk)]


def test_a_choice_changes_what_happens(ada: Member, ben: Member) -> None:
    actions.choose_channels(ada, channels={"network.follow": Channels(False, Mail.OFF)}, digest=Digest.OFF)

    assert tell(ada, actor=ben).reason == "preference"
    assert Tray.objects.get(pk=ada.pk).digest_due_at is None


@pytest.mark.parametrize(("start", "end"), [(time(22), None), (None, time(7)), (time(7), time(7))])
def test_quiet_hours_need_two_different_ends(ada: Member, start: time | None, end: time | None) -> None:
    with pytest.raises(actions.QuietHoursIncomplete) as refusal:
        actions.choose_channels(ada, channels={}, digest=Digest.DAILY, quiet_from=start, quiet_until=end)

    assert refusal.value.errors[0].field == "quiet_until"
    assert Tray.objects.count() == 0


def test_a_kind_nobody_declares_is_refused(ada: Member) -> None:
    with pytest.raises(actions.UnknownKind):
        actions.choose_channels(ada, channels={"x.y": Channels(True, Mail.OFF)}, digest=Digest.DAILY)

    assert Choice.objects.count() == 0


def test_a_choice_for_a_kind_that_is_gone_is_left_out(ada: Member) -> None:
    choose(ada, "gone.kind")

    assert "gone.kind" not in queries.wishes_of(ada).channels


def test_a_pause_moves_the_digest_and_ends(ada: Member) -> None:
    with clock.at(NOW):
        paused = actions.pause_mail(ada, until=NOW + timedelta(days=3))
        assert paused.digest_due_at == NOW + timedelta(days=3)
        ended = actions.pause_mail(ada, until=None)

    assert (ended.paused_until, ended.digest_due_at) == (None, datetime(2026, 3, 2, 8, tzinfo=UTC))
    assert all_published() == [MailPaused(ada.pk), MailPaused(ada.pk)]


@pytest.mark.parametrize("span", [timedelta(0), timedelta(days=-1), timedelta(days=367)])
def test_a_pause_ends_in_the_future_within_a_year(ada: Member, span: timedelta) -> None:
    with clock.at(NOW), pytest.raises(actions.PauseRefused):
        actions.pause_mail(ada, until=NOW + span)

    assert Tray.objects.count() == 0


def test_the_link_of_a_kind_stops_its_mail_and_nothing_else(ada: Member) -> None:
    token = queries.unsubscribe_token(ada.pk, "network.request")

    kinds = [actions.unsubscribe(SYSTEM, token=token) for _ in range(2)]

    assert kinds == ["network.request"] * 2
    assert queries.wishes_of(ada).channels["network.request"] == Channels(True, Mail.OFF)
    assert queries.wishes_of(ada).channels["network.accepted"].mail == Mail.DIGEST
    assert all_published() == [MailUnsubscribed(ada.pk, "network.request")]


def test_the_link_of_a_digest_stops_the_digest(ada: Member) -> None:
    token = queries.unsubscribe_token(ada.pk, "digest")

    for _ in range(2):
        actions.unsubscribe(SYSTEM, token=token)

    tray = Tray.objects.get(pk=ada.pk)
    assert (tray.digest, tray.digest_due_at) == ("off", None)
    assert all_published() == [MailUnsubscribed(ada.pk, "digest")]


@pytest.mark.parametrize("kind", ["forged", "nobody", "gone.kind"])
def test_a_link_that_names_nothing_is_unknown(ada: Member, kind: str) -> None:
    tokens = {
        "forged": queries.unsubscribe_token(ada.pk, "digest")[:-3] + "abc",
        "nobody": queries.unsubscribe_token(ada.pk + 9, "digest"),
        "gone.kind": queries.unsubscribe_token(ada.pk, "gone.kind"),
    }

    with pytest.raises(queries.UnknownLink):
        actions.unsubscribe(SYSTEM, token=tokens[kind])


def test_another_clock_moves_the_digest(ada: Member) -> None:
    with clock.at(NOW):
        tell(ada)
        Member.objects.filter(pk=ada.pk).update(time_zone="Pacific/Auckland")
        actions.plan_digest(SYSTEM, member_id=ada.pk)

    assert Tray.objects.get(pk=ada.pk).digest_due_at == datetime(2026, 3, 1, 19, tzinfo=UTC)


def test_without_a_tray_there_is_no_digest_to_move(ada: Member) -> None:
    actions.plan_digest(SYSTEM, member_id=ada.pk)
    actions.plan_digest(SYSTEM, member_id=ada.pk + 9)

    assert Tray.objects.count() == 0
