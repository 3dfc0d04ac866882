"""The demo community talking: posts, threads, reactions and drafts."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from guildry.community.timeline import actions
from guildry.community.timeline.queries import hashtag_named
from guildry.community.timeline.rules import Audience, Composition
from guildry.community.timeline.seeds import story
from guildry.community.timeline.seeds.telling import Teller, reposts_of
from guildry.kernel import clock
from guildry.kernel.seeding import World, dice_for, in_steps
from guildry.people.accounts.queries import member_by_handle

# How many of the newest posts have their thread before the doors open: as many as a visitor sees at once.
NEWEST = 6
SAVED_EACH, INTERESTS_EACH = 5, 2
INTERESTS = ("pricing", "accessibility", "cooperatives", "mentoring", "work", "data", "timber", "translation")


def steps(world: World) -> list[Callable[[], None]]:
    """Publish everything in the order of time, because that is the order of ids, and answer the newest of it."""
    teller = Teller(world)
    publications = teller.publications()
    newest = [partial(teller.answer, number) for number in teller.numbers() if _is_first(teller, number)]
    return [*in_steps(publications, 40), *in_steps(newest, 4)]


def later_steps(world: World) -> list[Callable[[], None]]:
    """Fill desks and interests, and answer what is older, the newest first: there members look and may answer."""
    teller = Teller(world)
    older = [partial(teller.answer, number) for number in teller.numbers() if not _is_first(teller, number)]
    interests = [partial(_choose_interests, person.handle) for person in world.cast]
    kept = [partial(_keep_drafts, world), partial(_save_some, world, teller)]
    return [*in_steps(older[:4], 2), *kept, *in_steps(interests, 16), *in_steps(older[4:], 2)]


def totals(world: World) -> dict[str, int]:
    """Return how much is written: posts of their own, polls and pictures among them, passed on ones, and drafts."""
    told = story.told(world.now, dice_for("timeline"))
    passed_on = sum(len(reposts_of(post, number, world.now)) for number, post in enumerate(told))
    return {
        "posts": len(told), "reposts": passed_on, "polls": sum(bool(post.poll) for post in told),
        "pictures": sum(bool(post.picture) for post in told), "drafts": len(story.drafts()),
        "interests": INTERESTS_EACH * len(world.cast),
    }  # fmt: skip


def _is_first(teller: Teller, number: int) -> bool:
    """Tell whether a post is answered before the doors open; what is for few waits until they are there."""
    newest = len(teller.posts) - NEWEST
    return number >= newest and teller.posts[number].to == Audience.EVERYONE


def _keep_drafts(world: World) -> None:
    with clock.telling(world.now - timedelta(hours=3)):
        for pending in story.drafts():
            if author := member_by_handle(pending.by):
                draft = actions.save_draft(author, composition=Composition(pending.text))
                if pending.in_days:
                    moment = (world.now + timedelta(days=pending.in_days)).replace(hour=8, minute=30)
                    actions.schedule_draft(author, draft_id=draft.pk, moment=moment)


def _save_some(world: World, teller: Teller) -> None:
    """Let everybody whom visitors step into have kept a few posts of others for later."""
    open_to_all = [number for number in teller.numbers() if teller.posts[number].to == Audience.EVERYONE]
    for person in world.cast:
        dice = dice_for(f"saved:{person.handle}")
        if person.persona:
            for number in dice.sample(open_to_all[:60], SAVED_EACH):
                with clock.at(world.now - timedelta(hours=dice.randrange(1, 40))):
                    teller.keep(person.handle, number)


def _choose_interests(handle: str) -> None:
    dice = dice_for(f"interests:{handle}")
    if member := member_by_handle(handle):
        for name in dice.sample(INTERESTS, INTERESTS_EACH):
            actions.follow_hashtag(member, hashtag=hashtag_named(name))
