"""Keeping, timing and publishing what is not out yet."""

from datetime import timedelta
from typing import Any

import pytest

from guildry.community.timeline import actions, queries, rules
from guildry.community.timeline.events import PublicationRefused
from guildry.community.timeline.models import Draft, Post
from guildry.community.timeline.rules import Audience, Composition, Picture, PollPlan
from guildry.kernel import clock, errors
from guildry.kernel.bus import Fact
from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts.models import Member
from guildry.people.organisations.models import Membership
from tests.factories import timeline as make


def save(member: Member, body: str = "Begun", **composed: Any) -> Draft:
    return actions.save_draft(member, composition=Composition(body, **composed))


def schedule(member: Member, body: str = "Later", minutes: float = 10, **composed: Any) -> Draft:
    moment = clock.now() + timedelta(minutes=minutes)
    return actions.schedule_draft(member, draft_id=save(member, body, **composed).pk, moment=moment)


def test_an_incomplete_composition_is_kept_as_it_stands(ada: Member) -> None:
    composition = Composition("", poll=PollPlan("", ("One",)), pictures=(Picture("k", "", 1, 2),))

    draft = actions.save_draft(ada, composition=composition)

    assert Draft.objects.get().composition == draft.composition == composition


def test_saving_again_counts_versions(ada: Member) -> None:
    draft = save(ada)
    again = actions.save_draft(ada, composition=Composition("More"), draft_id=draft.pk, expected_version=1)

    assert (again.pk, again.version, again.body) == (draft.pk, 2, "More")


def test_what_was_saved_elsewhere_is_not_lost(ada: Member) -> None:
    draft = save(ada)
    actions.save_draft(ada, composition=Composition("Elsewhere"), draft_id=draft.pk, expected_version=1)

    with pytest.raises(actions.ChangedMeanwhile):
        actions.save_draft(ada, composition=Composition("Here"), draft_id=draft.pk, expected_version=1)

    assert Draft.objects.get().body == "Elsewhere"


def test_a_draft_far_too_long_is_refused(ada: Member) -> None:
    with pytest.raises(errors.Invalid):
        save(ada, "x" * (rules.DRAFT_LENGTH + 1))

    assert not Draft.objects.exists()


def test_a_hundred_drafts_are_enough(ada: Member) -> None:
    kept = {"author": ada, "created_at": clock.now(), "saved_at": clock.now()}
    Draft.objects.bulk_create(Draft(body="", **kept) for _ in range(rules.DRAFTS_PER_MEMBER))

    with pytest.raises(actions.TooManyDrafts):
        save(ada)


def test_another_s_draft_is_not_there(ada: Member, ben: Member) -> None:
    draft = save(ada)
    attempts: list[Any] = [
        lambda: actions.save_draft(ben, composition=Composition("x"), draft_id=draft.pk),
        lambda: actions.discard_draft(ben, draft_id=draft.pk),
        lambda: actions.publish_draft(ben, draft_id=draft.pk),
        lambda: actions.unschedule_draft(ben, draft_id=draft.pk),
        lambda: actions.add_pictures(ben, draft_id=draft.pk, files=[make.picture()]),
    ]

    for attempt in attempts:
        with pytest.raises(queries.DraftNotFound):
            attempt()

    assert Draft.objects.get().body == "Begun"


def test_a_discarded_draft_is_gone(ada: Member) -> None:
    actions.discard_draft(ada, draft_id=save(ada).pk)

    assert not Draft.objects.exists()


def test_pictures_are_added_behind_those_there(ada: Member) -> None:
    draft = save(ada)
    actions.add_pictures(ada, draft_id=draft.pk, files=[make.picture("one.png")])
    draft = actions.add_pictures(
        ada, draft_id=draft.pk, files=[make.picture("two.png"), make.picture("three.png")]
    )

    assert len({picture.key for picture in draft.composition.pictures}) == 3
    assert draft.version == 4


def test_a_fifth_picture_is_refused_before_anything_is_stored(ada: Member) -> None:
    draft = save(ada)

    with pytest.raises(errors.Invalid) as refusal:
        actions.add_pictures(ada, draft_id=draft.pk, files=[make.picture()] * 5)

    assert refusal.value.errors[0].field == "pictures"
    assert Draft.objects.get().pictures == []


def test_a_scheduled_draft_goes_out_when_it_is_due(ada: Member, ben: Member) -> None:
    schedule(ada)
    save(ben, "Not scheduled")

    assert actions.publish_due_drafts(SYSTEM) == 0
    with clock.at(clock.now() + timedelta(minutes=10)):
        assert actions.publish_due_drafts(SYSTEM) == 1

    assert Post.objects.get().body == "Later"
    assert Draft.objects.get().body == "Not scheduled"


def test_an_unscheduled_draft_stays(ada: Member) -> None:
    actions.unschedule_draft(ada, draft_id=schedule(ada).pk)

    with clock.at(clock.now() + timedelta(minutes=20)):
        assert actions.publish_due_drafts(SYSTEM) == 0


@pytest.mark.parametrize("minutes", [-1, 0, 366 * 24 * 60])
def test_a_post_is_not_timed_for_the_past_or_far_ahead(ada: Member, minutes: float) -> None:
    with pytest.raises(actions.MomentRefused):
        schedule(ada, minutes=minutes)

    assert Draft.objects.get().scheduled_for is None


def test_only_a_complete_draft_is_scheduled(ada: Member) -> None:
    with pytest.raises(errors.Invalid):
        schedule(ada, "")

    assert Draft.objects.get().scheduled_for is None


def test_a_draft_refused_on_its_day_says_why(ada: Member, facts: list[Fact]) -> None:
    fern = make.organisation("fern", ada)
    draft = schedule(ada, audience=Audience.ORGANISATION, organisation_id=fern.pk)
    Membership.objects.update(is_current=None, ended_at=clock.now())

    with clock.at(clock.now() + timedelta(minutes=10)):
        actions.publish_due_drafts(SYSTEM)

    draft.refresh_from_db()
    assert (draft.scheduled_for, draft.refusal) == (None, actions.NotInOrganisation.detail)
    assert facts == [PublicationRefused(draft.pk, ada.pk)]


def test_one_refused_draft_does_not_hold_up_the_next(ada: Member, ben: Member) -> None:
    schedule(ada, pictures=(Picture("0" * 32),))
    schedule(ben, "Fine")

    with clock.at(clock.now() + timedelta(minutes=10)):
        assert actions.publish_due_drafts(SYSTEM) == 2

    assert Post.objects.get().body == "Fine"


def test_a_draft_published_by_hand_meanwhile_is_let_be(ada: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = schedule(ada)
    publish = actions.drafts.publish_draft

    def publish_twice(actor: Any, *, draft_id: int) -> Post:
        publish(actor, draft_id=draft_id)
        return publish(actor, draft_id=draft_id)

    monkeypatch.setattr(actions.drafts, "publish_draft", publish_twice)
    with clock.at(clock.now() + timedelta(minutes=10)):
        actions.publish_due_drafts(SYSTEM)

    assert Post.objects.count() == 1
    assert not Draft.objects.filter(pk=draft.pk).exists()


def test_refusing_a_draft_that_is_gone_does_nothing(ada: Member, facts: list[Fact]) -> None:
    actions.drafts.refuse_draft(SYSTEM, draft_id=1, reason="x")

    assert facts == []


def test_drafts_are_listed_scheduled_first_then_the_last_saved(ada: Member) -> None:
    first, second = save(ada, "First"), save(ada, "Second")
    timed = schedule(ada)
    actions.save_draft(ada, composition=Composition("First again"), draft_id=first.pk)

    assert [draft.pk for draft in queries.drafts_of(ada)] == [timed.pk, first.pk, second.pk]


@pytest.mark.parametrize("is_real", [True, False])
def test_a_draft_is_not_kept_for_an_organisation_of_others(ada: Member, ben: Member, is_real: bool) -> None:
    elsewhere = make.organisation("tide", ben).pk if is_real else 999_999
    composition = Composition("For them", audience=Audience.ORGANISATION, organisation_id=elsewhere)

    with pytest.raises(actions.NotInOrganisation):
        actions.save_draft(ada, composition=composition)

    assert Draft.objects.count() == 0
