"""What a member may write, how often, for whom, and how long it can be changed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from guildry.kernel import text
from guildry.kernel.errors import FieldError

POST_LENGTH = 5_000
DRAFT_LENGTH = 20_000
COMMENT_LENGTH = 2_000
NOTE_LENGTH = 1_000
PICTURES_PER_POST = 4
DESCRIPTION_LENGTH = 500
QUESTION_LENGTH = 140
OPTION_LENGTH = 80
POLL_OPTIONS = range(2, 7)
POLL_DAYS = range(1, 31)

EDIT_WINDOW = timedelta(minutes=60)
UNDO_WINDOW = timedelta(seconds=60)
SETTLED_AFTER = timedelta(days=7)
SOONEST, LATEST = timedelta(minutes=1), timedelta(days=365)
DRAFTS_PER_MEMBER = 100
MENTIONS_TOLD = 20


class Audience(StrEnum):
    EVERYONE = "everyone"
    CONNECTIONS = "connections"
    ORGANISATION = "organisation"

    @property
    def label(self) -> str:
        return self.capitalize()

    @property
    def readers(self) -> str:
        """Who may read it, as the end of a sentence."""
        return {
            "everyone": "everyone",
            "connections": "connections",
            "organisation": "members of an organisation",
        }[self]

    @property
    def icon(self) -> str:
        return {"everyone": "globe", "connections": "users-round", "organisation": "building-2"}[self]


class ReactionKind(StrEnum):
    LIKE = "like"
    CELEBRATE = "celebrate"
    INSIGHTFUL = "insightful"
    SUPPORT = "support"

    @property
    def label(self) -> str:
        return self.capitalize()

    @property
    def icon(self) -> str:
        return {"like": "heart", "celebrate": "star", "insightful": "sparkles", "support": "heart-handshake"}[
            self
        ]


@dataclass(frozen=True)
class Allowance:
    """How many in one go, and how many an hour afterwards."""

    burst: int
    per_hour: int

    @property
    def per_second(self) -> float:
        return self.per_hour / 3600


NEWCOMERS = {"post": Allowance(5, 5), "comment": Allowance(15, 30), "react": Allowance(40, 120)}
SETTLED = {"post": Allowance(20, 20), "comment": Allowance(60, 120), "react": Allowance(120, 600)}


def allowance_for(doing: str, account_age: timedelta, *, settled_hourly: int) -> Allowance:
    """Return the pace of posting, commenting or reacting; new accounts begin slowly, and never faster than others."""
    usual = (SETTLED if account_age >= SETTLED_AFTER else NEWCOMERS)[doing]
    hourly = settled_hourly if account_age >= SETTLED_AFTER else min(usual.per_hour, settled_hourly)
    return Allowance(min(usual.burst, hourly), hourly)


@dataclass(frozen=True)
class Picture:
    """A stored file, what it shows in words, and the point that stays in view when it is cropped, in percent."""

    key: str
    description: str = ""
    focus_x: int = 50
    focus_y: int = 50


@dataclass(frozen=True)
class PollPlan:
    """A question with its answers, open for some days after publication."""

    question: str
    options: tuple[str, ...]
    days: int = 3


@dataclass(frozen=True)
class Composition:
    """What a member put together to publish; `organisation_id` is its readers when the audience is one."""

    body: str = ""
    audience: Audience = Audience.EVERYONE
    organisation_id: int | None = None
    pictures: tuple[Picture, ...] = ()
    poll: PollPlan | None = None


def problems_of(composition: Composition) -> list[FieldError]:
    """Return everything that keeps the composition from being published, in the order of its fields."""
    found = problems_of_body(composition.body, stands_alone=not (composition.pictures or composition.poll))
    if (composition.audience == Audience.ORGANISATION) != (composition.organisation_id is not None):
        found.append(FieldError("audience", "Choose which organisation may read this.", "required"))
    return found + _problems_of_pictures(composition.pictures) + _problems_of_poll(composition.poll)


def problems_of_body(body: str, *, stands_alone: bool, most: int = POST_LENGTH) -> list[FieldError]:
    """Return what is wrong with a text, which may be empty only beside pictures, a poll or a repost."""
    if stands_alone and not text.clean(body):
        return [FieldError("body", "Write something, or add a picture or a poll.", "required")]
    if (over := len(body) - most) > 0:
        return [FieldError("body", f"Shorten your post by {_characters(over)}.", "too_long")]
    return []


def problems_of_comment(body: str) -> list[FieldError]:
    if not body.strip():
        return [FieldError("body", "Write a comment.", "required")]
    if (over := len(body) - COMMENT_LENGTH) > 0:
        return [FieldError("body", f"Shorten your comment by {_characters(over)}.", "too_long")]
    return []


def _characters(count: int) -> str:
    return "1 character" if count == 1 else f"{count} characters"


def _problems_of_pictures(pictures: tuple[Picture, ...]) -> list[FieldError]:
    if len(pictures) > PICTURES_PER_POST:
        return [FieldError("pictures", f"Choose at most {PICTURES_PER_POST} pictures.", "too_many")]
    return [
        FieldError(
            "pictures", f"Describe picture {number} in at most {DESCRIPTION_LENGTH} characters.", "too_long"
        )
        for number, picture in enumerate(pictures, 1)
        if len(picture.description) > DESCRIPTION_LENGTH
    ]


def _problems_of_poll(poll: PollPlan | None) -> list[FieldError]:
    if poll is None:
        return []
    found = []
    if not 0 < len(poll.question.strip()) <= QUESTION_LENGTH:
        found.append(FieldError("poll_question", f"Ask in 1 to {QUESTION_LENGTH} characters."))
    answers = [option.strip() for option in poll.options]
    if len(answers) not in POLL_OPTIONS or not all(0 < len(answer) <= OPTION_LENGTH for answer in answers):
        found.append(
            FieldError("poll_options", f"Offer 2 to 6 answers of at most {OPTION_LENGTH} characters.")
        )
    elif len({answer.casefold() for answer in answers}) < len(answers):
        found.append(FieldError("poll_options", "Two answers are the same. Make each one different."))
    if poll.days not in POLL_DAYS:
        found.append(FieldError("poll_days", "Keep the poll open for 1 to 30 days."))
    return found


def may_edit(*, is_author: bool, published_at: datetime, now: datetime) -> bool:
    return is_author and now - published_at < EDIT_WINDOW


def may_undo(done_at: datetime, now: datetime) -> bool:
    return now - done_at < UNDO_WINDOW


def may_repost(audience: str) -> bool:
    """Only what everybody may read can be passed on to everybody."""
    return audience == Audience.EVERYONE


def is_open_poll(closes_at: datetime, now: datetime) -> bool:
    return now < closes_at


def percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0


def may_schedule(moment: datetime, now: datetime) -> bool:
    return now + SOONEST <= moment <= now + LATEST


def may_delete_comment(*, is_author: bool, is_host: bool) -> bool:
    """Whoever wrote it may take it back; whoever wrote the post may keep their place tidy."""
    return is_author or is_host
