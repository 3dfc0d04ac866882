"""A client of the JSON API, with nothing but Python.

Made by `guildry contracts clients` from contracts 0.1.0; changes here are lost.
"""

from __future__ import annotations

import json
import mimetypes
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, NotRequired, TypedDict


class ActorOut(TypedDict):
    handle: str
    id: int
    name: str
    portrait: str

Audience = Literal["everyone", "connections", "organisation"] | str


class Author(TypedDict):
    handle: str
    headline: str
    id: int
    name: str
    portrait: str

Availability = Literal["open", "soon", "limited", "busy"] | str


class AvailabilityIn(TypedDict):
    availability: NotRequired[Availability | None]
    available_on: NotRequired[str | None]
    day_rate: NotRequired[MoneyBody | None]
    hour_rate: NotRequired[MoneyBody | None]
    hours_per_week: NotRequired[int | None]


class CardOut(TypedDict):
    availability: str
    handle: str
    hats: list[str]
    headline: str
    id: int
    name: str
    place: str
    portrait: str
    skills: list[str]


class CardPage(TypedDict):
    items: list[CardOut]
    next_cursor: str


class ChannelsBody(TypedDict):
    app: bool
    mail: Mail


class Comment(TypedDict):
    """One comment for one viewer; a deleted one keeps its place and nothing else."""
    author: Author | None
    created_at: str
    depth: int
    edited_at: str | None
    html: str
    id: int
    is_deleted: bool
    is_mine: bool
    parent_id: int | None


class CommentIn(TypedDict):
    """`parent_id` is the comment this one answers."""
    body: str
    parent_id: NotRequired[int | None]


class CommentPage(TypedDict):
    items: list[Comment]
    next_cursor: str


class CompositionIn(TypedDict):
    """What to publish; `organisation_id` goes with the audience "organisation" and no other."""
    audience: NotRequired[Audience]
    body: NotRequired[str]
    organisation_id: NotRequired[int | None]
    pictures: NotRequired[list[PictureIn]]
    poll: NotRequired[PollIn | None]


class CountersOut(TypedDict):
    unread: int

Digest = Literal["off", "daily", "weekly"] | str


class Draft(TypedDict):
    """An unpublished composition; `refusal` is why it could not be published when it was due."""
    audience: str
    body: str
    id: int
    organisation_id: int | None
    pictures: list[DraftPicture]
    poll: DraftPoll | None
    refusal: str
    saved_at: str
    scheduled_for: str | None
    version: int


class DraftPicture(TypedDict):
    description: str
    focus_x: int
    focus_y: int
    key: str


class DraftPoll(TypedDict):
    days: int
    options: list[str]
    question: str


class Edits(TypedDict):
    """What is left out stays as it is."""
    accepts_requests: NotRequired[bool | None]
    founded: NotRequired[int | None]
    kind: NotRequired[Kind | None]
    name: NotRequired[str | None]
    place: NotRequired[str | None]
    size: NotRequired[Size | None]
    story: NotRequired[str | None]
    tagline: NotRequired[str | None]
    website: NotRequired[str | None]


class EndedOut(TypedDict):
    ended: int


class ExperienceIn(TypedDict):
    description: NotRequired[str]
    ended_on: NotRequired[str | None]
    organisation_name: NotRequired[str]
    place: NotRequired[str]
    started_on: str
    title: str


class ExperienceOut(TypedDict):
    description: str
    ended_on: str | None
    id: int
    organisation_name: str
    place: str
    started_on: str
    title: str


class Founding(TypedDict):
    handle: str
    kind: Kind
    name: str
    place: NotRequired[str]
    story: NotRequired[str]
    tagline: NotRequired[str]
    website: NotRequired[str]


class HandleIn(TypedDict):
    handle: str


class HashtagName(TypedDict):
    is_followed: bool
    name: str

Hat = Literal["freelancer", "client", "job_seeker", "mentor", "volunteer", "organiser", "advertiser"] | str


class HatIn(TypedDict):
    """One of the hats I wear, or none with an empty text."""
    hat: Hat | Literal[""]


class HatsIn(TypedDict):
    hats: list[Hat]


class Image(TypedDict):
    """`small` and `large` are signed addresses of two widths; the focus is in percent."""
    description: str
    focus_x: int
    focus_y: int
    height: int
    large: str
    small: str
    width: int


class InvitationIn(TypedDict):
    note: NotRequired[str]
    role: NotRequired[Role]
    to: str


class InvitationOut(TypedDict):
    created_at: str
    email: str
    expires_at: str
    id: int
    member_id: int | None
    note: str
    organisation_id: int
    role: str
    state: str


class JoinNoteIn(TypedDict):
    note: NotRequired[str]

Kind = Literal["company", "agency", "charity", "chapter"] | str


class LanguageIn(TypedDict):
    code: str
    level: Level


class LanguageOut(TypedDict):
    code: str
    id: int
    level: str

Level = Literal["native", "fluent", "professional", "conversational", "basic"] | str


class LinkIn(TypedDict):
    label: str
    url: str


class LinkOut(TypedDict):
    id: int
    label: str
    url: str

Mail = Literal["off", "digest", "instant"] | str


class MeOut(TypedDict):
    active_hat: str
    email: str
    handle: str
    hats: list[str]
    headline: str
    id: int
    locale: str
    name: str
    portrait: str
    staff_roles: list[str]
    theme: str
    time_zone: str


class MemberOut(TypedDict):
    handle: str
    headline: str
    id: int
    name: str
    portrait: str


class MembershipOut(TypedDict):
    handle: str
    headline: str
    member_id: int
    name: str
    role: str
    started_at: str
    title: str


class MembershipPage(TypedDict):
    items: list[MembershipOut]
    next_cursor: str


class MomentIn(TypedDict):
    publish_at: str


class MoneyBody(TypedDict):
    currency: str
    minor: int


class NewPosts(TypedDict):
    """How many posts came after the one named, 99 at the most."""
    count: int


class NewTokenOut(TypedDict):
    """A token as its only reader gets it: the secret is shown here and nowhere else."""
    created_at: str
    expires_at: str
    id: int
    last_used_at: str | None
    name: str
    prefix: str
    scopes: list[str]
    secret: str


class NoteIn(TypedDict):
    note: NotRequired[str]


class NotificationOut(TypedDict):
    actor: ActorOut | None
    created_at: str
    id: int
    is_read: bool
    is_seen: bool
    kind: str
    text: str
    url: str


class NotificationPage(TypedDict):
    items: list[NotificationOut]
    next_cursor: str


class Option(TypedDict):
    """One answer; its votes are None while the viewer may not know them."""
    id: int
    percent: int | None
    text: str
    vote_count: int | None


class OrganisationOut(TypedDict):
    """An organisation; `people_count` is kept beside it, `mark` is the key of a file or empty for the drawn one."""
    accepts_requests: bool
    created_at: str
    founded: int | None
    handle: str
    id: int
    kind: str
    mark: str
    name: str
    people_count: int
    place: str
    size: str
    state: str
    story: str
    tagline: str
    website: str


class OrganisationPage(TypedDict):
    items: list[OrganisationOut]
    next_cursor: str


class OversightIn(TypedDict):
    reason: NotRequired[str]


class OversightOut(TypedDict):
    began_at: str
    ends_at: str
    reason: str


class OwnMembershipOut(TypedDict):
    organisation: OrganisationOut
    role: str
    started_at: str
    title: str


class PauseIn(TypedDict):
    until: str | None


class PeoplePage(TypedDict):
    items: list[PersonOut]
    next_cursor: str


class PersonOut(TypedDict):
    member: MemberOut
    note: str
    relation: RelationOut
    since: str


class PictureIn(TypedDict):
    """A file uploaded with the use timeline.image."""
    description: NotRequired[str]
    focus_x: NotRequired[int]
    focus_y: NotRequired[int]
    key: str


class Poll(TypedDict):
    """Results show to its author, to those who voted, and to everybody once it is closed."""
    closes_at: str
    is_open: bool
    my_option_id: int | None
    options: list[Option]
    question: str
    shows_results: bool
    vote_count: int


class PollIn(TypedDict):
    days: NotRequired[int]
    options: list[str]
    question: str


class PortfolioIn(TypedDict):
    description: NotRequired[str]
    title: str
    url: NotRequired[str]


class PortfolioOut(TypedDict):
    description: str
    file_name: str
    file_url: str
    id: int
    title: str
    url: str


class Post(TypedDict):
    """One post for one viewer; `original` is what a repost passes on, when the viewer may read it."""
    audience: str
    author: Author
    comment_count: int
    edited_at: str | None
    html: str
    id: int
    images: list[Image]
    is_mine: bool
    is_repost: bool
    is_reposted: bool
    is_saved: bool
    my_reaction: str
    organisation: Readers | None
    original: Post | None
    poll: Poll | None
    preview: Preview | None
    published_at: str
    reaction_count: int
    repost_count: int
    version: int
    why: str


class PostPage(TypedDict):
    items: list[Post]
    next_cursor: str


class PreferencesBody(TypedDict):
    """Kinds left out keep what was chosen for them."""
    channels: dict[str, ChannelsBody]
    digest: Digest
    quiet_from: NotRequired[str | None]
    quiet_until: NotRequired[str | None]


class PreferencesIn(TypedDict):
    """What is left out stays as it is; an empty theme follows the device."""
    locale: NotRequired[str | None]
    theme: NotRequired[Literal["", "light", "dark"] | str | None]
    time_zone: NotRequired[str | None]


class PreferencesOut(TypedDict):
    channels: dict[str, ChannelsBody]
    digest: Digest
    paused_until: str | None
    quiet_from: str | None
    quiet_until: str | None


class PresenceIn(TypedDict):
    """How I am shown beside everything I do; what is left out stays as it is."""
    headline: NotRequired[str | None]
    name: NotRequired[str | None]


class Preview(TypedDict):
    description: str
    image: str
    site: str
    title: str
    url: str


class Problem(TypedDict):
    """A refusal (RFC 9457). It changed nothing."""
    code: str
    detail: str
    errors: NotRequired[list[ProblemField]]
    instance: str
    permission: NotRequired[str]
    retry_after: NotRequired[int]
    status: int
    title: str
    trace_id: str
    type: str


class ProblemField(TypedDict):
    """One field that has to change."""
    code: str
    detail: str
    field: str
    pointer: str


class ProfileOut(TypedDict):
    """A profile as its reader may see it; a hidden section is absent from `shown` and empty."""
    availability: str
    available_on: str | None
    day_rate: MoneyBody | None
    experience: list[ExperienceOut]
    handle: str
    hats: list[str]
    headline: str
    hour_rate: MoneyBody | None
    hours_per_week: int | None
    id: int
    languages: list[LanguageOut]
    links: list[LinkOut]
    name: str
    place: str
    portfolio: list[PortfolioOut]
    portrait: str
    qualifications: list[QualificationOut]
    shown: list[str]
    skills: list[SkillOut]
    story: str
    time_zone: str


class QualificationIn(TypedDict):
    awarded_by: NotRequired[str]
    awarded_on: NotRequired[str | None]
    expires_on: NotRequired[str | None]
    reference: NotRequired[str]
    title: str


class QualificationOut(TypedDict):
    awarded_by: str
    awarded_on: str | None
    expires_on: str | None
    id: int
    reference: str
    title: str


class Reaction(TypedDict):
    author: Author
    kind: ReactionKind


class ReactionIn(TypedDict):
    kind: ReactionKind

ReactionKind = Literal["like", "celebrate", "insightful", "support"] | str


class ReactionPage(TypedDict):
    items: list[Reaction]
    next_cursor: str


class ReadIn(TypedDict):
    """Some notifications by id, or everything up to one of them."""
    ids: NotRequired[list[int]]
    up_to: NotRequired[int | None]


class Readers(TypedDict):
    """The organisation a post is for."""
    handle: str
    id: int
    name: str


class RelationOut(TypedDict):
    """How I stand to a member; a request they declined still reads as requested."""
    connection: Standing
    is_blocked: bool
    is_followed_by: bool
    is_following: bool
    is_muted: bool
    may_ask_from: str | None
    member_id: int
    note: str


class RenderedText(TypedDict):
    """What a text becomes: safe HTML, the members it mentions and its hashtags."""
    hashtags: list[str]
    html: str
    mentioned_ids: list[int]


class RequestIn(TypedDict):
    note: NotRequired[str]


class RequestOut(TypedDict):
    created_at: str
    id: int
    member_id: int
    note: str
    organisation_id: int
    state: str

Right = Literal["edit", "invite", "answer_requests", "change_roles", "remove_people", "speak", "close"] | str

Role = Literal["owner", "admin", "manager", "member", "viewer"] | str


class RoleIn(TypedDict):
    role: Role
    title: NotRequired[str]

SectionAudience = Literal["everyone", "members", "connections", "only_me"] | str


class SeenIn(TypedDict):
    """Everything up to this notification."""
    up_to: int


class SessionOut(TypedDict):
    address: str
    created_at: str
    device: str
    id: int
    last_seen_at: str


class ShownIn(TypedDict):
    body: str

Size = Literal["1", "2-10", "11-50", "51-250", "251-1000", "1000+"] | str


class SkillOut(TypedDict):
    description: str
    id: int
    key: str
    label: str
    matched: NotRequired[str]


class SkillsIn(TypedDict):
    names: list[str]

Standing = Literal["none", "requested", "asked", "connected"] | str


class StandingOut(TypedDict):
    """How I stand to an organisation: my role there, and what it lets me do."""
    rights: list[Right]
    role: str


class StoredFile(TypedDict):
    """A file; `url` opens it for a day or two and is empty while it is being checked."""
    alt: str
    byte_size: int
    created_at: str
    height: int | None
    key: str
    media_type: str
    name: str
    reason: str
    state: Literal["quarantined", "clean", "rejected"] | str
    url: str
    use: str
    width: int | None


class StoryIn(TypedDict):
    place: NotRequired[str]
    story: NotRequired[str]


class SuggestionOut(TypedDict):
    member: MemberOut
    reason: str


class Talk(TypedDict):
    """A hashtag and how many recent posts carry it."""
    name: str
    post_count: int


class Text(TypedDict):
    """The Markdown of a post and its version, which the ETag names."""
    body: str
    version: int


class TextIn(TypedDict):
    body: str


class TicketOut(TypedDict):
    """Opens one namespace once: connect with `auth: {ticket}` before it expires."""
    expires_at: str
    ticket: str


class TokenIn(TypedDict):
    """`scopes` are `read`, `write`, or an area of the API followed by one of them, such as `timeline.write`."""
    days: Literal[7, 30, 90, 365]
    name: str
    scopes: list[str]


class TokenOut(TypedDict):
    created_at: str
    expires_at: str
    id: int
    last_used_at: str | None
    name: str
    prefix: str
    scopes: list[str]


class Version(TypedDict):
    html: str
    version: int
    written_at: str


class VisibilityIn(TypedDict):
    audiences: dict[str, SectionAudience]
    is_indexable: bool
    is_listed: bool


class VisibilityOut(TypedDict):
    """Who sees each section, and whether the directory and search engines list me."""
    audiences: dict[str, SectionAudience]
    is_indexable: bool
    is_listed: bool


class VoteIn(TypedDict):
    option_id: int


class Refused(Exception):
    """A refusal (RFC 9457): compare `code`, show `detail`, mend what `errors` points at."""

    def __init__(self, status: int, document: Mapping[str, Any], retry_after: float | None = None) -> None:
        super().__init__(f"{status} {document.get('code', '')}: {document.get('detail', '')}")
        self.status, self.document, self.retry_after = status, document, retry_after
        self.code = str(document.get("code", ""))
        self.errors: list[dict[str, str]] = list(document.get("errors", ()))


class _Calling:
    """How a call is made: known by a token, repeated safely, refused with Refused."""

    def __init__(self, origin: str, token: str = "", *, timeout: float = 30.0, attempts: int = 3) -> None:
        self.origin, self.token = origin.rstrip("/"), token
        self.timeout, self.attempts = timeout, attempts
        self.etag = ""
        """The version of the last reply, for calls that name the one they start from."""

    def pages(self, listed: Callable[..., Any], *parts: Any, **query: Any) -> Iterator[Any]:
        """Yield every item of a list, however many pages it has."""
        cursor = ""
        while True:
            page = listed(*parts, **query, cursor=cursor)
            yield from page["items"]
            cursor = page["next_cursor"]
            if not cursor:
                return

    def _call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        files: Mapping[str, tuple[str, bytes]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        sent = {"Accept": "application/json", **(headers or {})}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        if method != "GET":
            sent["Idempotency-Key"] = str(uuid.uuid4())
        data, media_type = _encoded(body, files)
        if data is not None:
            sent["Content-Type"] = media_type
        given = [(name, one) for name, value in (query or {}).items() for one in _each(value)]
        address = f"{self.origin}{path}" + (f"?{urllib.parse.urlencode(given)}" if given else "")
        return self._sent(urllib.request.Request(address, data, sent, method=method))

    def _sent(self, request: urllib.request.Request) -> Any:
        """Send a call, again while the site is busy: the same key has one effect."""
        for attempt in range(1, self.attempts + 1):
            try:
                with urllib.request.urlopen(request, timeout=self.timeout) as reply:
                    self.etag = reply.headers.get("ETag", "")
                    text = reply.read()
                    return json.loads(text) if text else None
            except urllib.error.HTTPError as refusal:
                problem = _problem(refusal)
                if problem.status not in (429, 503) or attempt == self.attempts:
                    raise problem from None
                time.sleep(problem.retry_after or 1.0)
        raise AssertionError("a call ends with a reply or a refusal")


def _each(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    values = value if isinstance(value, list | tuple) else [value]
    return [str(one).lower() if isinstance(one, bool) else one for one in values]


def _problem(refusal: urllib.error.HTTPError) -> Refused:
    try:
        document = json.loads(refusal.read())
    except ValueError:
        document = {"code": "", "detail": refusal.reason}
    wait = refusal.headers.get("Retry-After", "")
    return Refused(refusal.code, document, float(wait) if wait.isdigit() else None)


def _encoded(body: Any, files: Mapping[str, tuple[str, bytes]] | None) -> tuple[bytes | None, str]:
    if files is None:
        return (None, "") if body is None else (json.dumps(body).encode(), "application/json")
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in (body or {}).items()
    ]
    for name, (file_name, content) in files.items():
        kind = mimetypes.guess_type(file_name)[0] or "application/octet-stream"
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"'
        parts.append(f"{head}\r\nContent-Type: {kind}\r\n\r\n".encode() + content + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


class Guildry(_Calling):
    """Every operation, by its name."""

    def accept_connection(self, member_id: int) -> RelationOut:
        """Accept a request."""
        return self._call("POST", f"/api/v1/network/members/{urllib.parse.quote(str(member_id), safe='')}/connection/acceptance")  # type: ignore[no-any-return]

    def accept_invitation(self, invitation_id: int) -> MembershipOut:
        """Accept an invitation."""
        return self._call("POST", f"/api/v1/organisations/invitations/{urllib.parse.quote(str(invitation_id), safe='')}/acceptance")  # type: ignore[no-any-return]

    def accept_join_request(self, request_id: int) -> MembershipOut:
        """Let somebody in."""
        return self._call("POST", f"/api/v1/organisations/requests/{urllib.parse.quote(str(request_id), safe='')}/acceptance")  # type: ignore[no-any-return]

    def add_experience(self, body: ExperienceIn) -> ExperienceOut:
        """Add an experience."""
        return self._call("POST", "/api/v1/people/me/experience", body=body)  # type: ignore[no-any-return]

    def add_language(self, body: LanguageIn) -> LanguageOut:
        """Add a language, or change its level."""
        return self._call("POST", "/api/v1/people/me/languages", body=body)  # type: ignore[no-any-return]

    def add_link(self, body: LinkIn) -> LinkOut:
        """Add a link."""
        return self._call("POST", "/api/v1/people/me/links", body=body)  # type: ignore[no-any-return]

    def add_portfolio_item(self, body: Mapping[str, Any], files: Mapping[str, tuple[str, bytes]]) -> PortfolioOut:
        """Add a piece of work."""
        return self._call("POST", "/api/v1/people/me/portfolio", body=body, files=files)  # type: ignore[no-any-return]

    def add_qualification(self, body: QualificationIn) -> QualificationOut:
        """Add a qualification."""
        return self._call("POST", "/api/v1/people/me/qualifications", body=body)  # type: ignore[no-any-return]

    def begin_draft(self, body: CompositionIn) -> Draft:
        """Begin a draft."""
        return self._call("POST", "/api/v1/timeline/drafts", body=body)  # type: ignore[no-any-return]

    def begin_oversight(self, handle: str, body: OversightIn) -> OversightOut:
        """Act as an owner for half an hour."""
        return self._call("POST", f"/api/v1/organisations/{urllib.parse.quote(str(handle), safe='')}/oversight", body=body)  # type: ignore[no-any-return]

    def block_member(self, member_id: int) -> RelationOut:
        """Block a member."""
        return self._call("PUT", f"/api/v1/network/members/{urllib.parse.quote(str(member_id), safe='')}/block")  # type: ignore[no-any-return]

    def change_role(self, handle: str, member_id: int, body: RoleIn) -> MembershipOut:
        """Give somebody a role."""
        return self._call("PUT", f"/api/v1/organisations/{urllib.parse.quote(str(handle), safe='')}/people/{urllib.parse.quote(str(member_id), safe='')}", body=body)  # type: ignore[no-any-return]

    def choose_hats(self, body: HatsIn) -> MeOut:
        """Put on hats."""
        return self._call("PUT", "/api/v1/me/hats", body=body)  # type: ignore[no-any-return]

    def choose_mark(self, handle: str, body: Mapping[str, Any], files: Mapping[str, tuple[str, bytes]]) -> OrganisationOut:
        """Take a picture as the mark."""
        return self._call("POST", f"/api/v1/organisations/{urllib.parse.quote(str(handle), safe='')}/mark", body=body, files=files)  # type: ignore[no-any-return]

    def choose_notifications(self, body: PreferencesBody) -> PreferencesOut:
        """Choose what to be told, where and when."""
        return self._call("PUT", "/api/v1/notifications/preferences", body=body)  # type: ignore[no-any-return]

    def choose_portrait(self, body: Mapping[str, Any], files: Mapping[str, tuple[str, bytes]]) -> ProfileOut:
        """Take a picture as my portrait."""
        return self._call("POST", "/api/v1/people/me/portrait", body=body, files=files)  # type: ignore[no-any-return]

    def choose_preferences(self, body: PreferencesIn) -> MeOut:
        """Choose my time zone and theme."""
        return self._call("PATCH", "/api/v1/me/preferences", body=body)  # type: ignore[no-any-return]

    def choose_skills(self, body: SkillsIn) -> ProfileOut:
        """Choose my skills, in order."""
        return self._call("PUT", "/api/v1/people/me/skills", body=body)  # type: ignore[no-any-return]

    def choose_visibility(self, body: VisibilityIn) -> ProfileOut:
        """Choose who sees what of my profile."""
        return self._call("PUT", "/api/v1/people/me/visibility", body=body)  # type: ignore[no-any-return]

    def close_organisation(self, handle: str) -> OrganisationOut:
        """Close an organisation."""
        return self._call("PUT", f"/api/v1/organisations/{urllib.parse.quote(str(handle), safe='')}/closure")  # type: ignore[no-any-return]

    def comment_on_post(self, post_id: int, body: CommentIn) -> Comment:
        """Comment, or answer a comment."""
        return self._call("POST", f"/api/v1/timeline/posts/{urllib.parse.quote(str(post_id), safe='')}/comments", body=body)  # type: ignore[no-any-return]

    def count_new_posts(self, *, after: int | None = None, tab: Literal["for-you", "latest", "following"] | None = None) -> NewPosts:
        """Count the posts that came after one."""
        return self._call("GET", "/api/v1/timeline/new", query={"after": after, "tab": tab})  # type: ignore[no-any-return]

    def count_unread(self) -> CountersOut:
        """Count what is unread."""
        return self._call("GET", "/api/v1/notifications/counters")  # type: ignore[no-any-return]

    def decline_connection(self, member_id: int) -> RelationOut:
        """Decline a request."""
        return self._call("POST", f"/api/v1/network/members/{urllib.parse.quote(str(member_id), safe='')}/connection/refusal")  # type: ignore[no-any-return]

    def decline_invitation(self, invitation_id: int) -> InvitationOut:
        """Decline an invitation."""
        return self._call("POST", f"/api/v1/organisations/invitations/{urllib.parse.quote(str(invitation_id), safe='')}/refusal")  # type: ignore[no-any-return]

    def decline_join_request(self, request_id: int) -> RequestOut:
        """Turn somebody down."""
        return self._call("POST", f"/api/v1/organisations/requests/{urllib.parse.quote(str(request_id), safe='')}/refusal")  # type: ignore[no-any-return]

    def delete_comment(self, comment_id: int) -> None:
        """Delete a comment."""
        return self._call("DELETE", f"/api/v1/timeline/comments/{urllib.parse.quote(str(comment_id), safe='')}")  # type: ignore[no-any-return]

    def delete_file(self, key: str) -> None:
        """Delete a file of yours."""
        return self._call("DELETE", f"/api/v1/files/{urllib.parse.quote(str(key), safe='')}")  # type: ignore[no-any-return]

    def delete_post(self, post_id: int) -> None:
        """Delete a post of yours."""
        return self._call("DELETE", f"/api/v1/timeline/posts/{urllib.parse.quote(str(post_id), safe='')}")  # type: ignore[no-any-return]

    def discard_draft(self, draft_id: int) -> None:
        """Discard a draft."""
        return self._call("DELETE", f"/api/v1/timeline/drafts/{urllib.parse.quote(str(draft_id), safe='')}")  # type: ignore[no-any-return]

    def dismiss_post(self, post_id: int) -> None:
        """Have a post no longer shown for you."""
        return self._call("PUT", f"/api/v1/timeline/posts/{urllib.parse.quote(str(post_id), safe='')}/dismissal")  # type: ignore[no-any-return]

    def drop_mark(self, handle: str) -> OrganisationOut:
        """Go back to the drawn mark."""
        return self._call("DELETE", f"/api/v1/organisations/{urllib.parse.quote(str(handle), safe='')}/mark")  # type: ignore[no-any-return]

    def drop_portrait(self) -> ProfileOut:
        """Go back to my drawn portrait."""
        return self._call("DELETE", "/api/v1/people/me/portrait")  # type: ignore[no-any-return]

    def edit_availability(self, body: AvailabilityIn) -> ProfileOut:
        """Say when I am free."""
        return self._call("PUT", "/api/v1/people/me/availability", body=body)  # type: ignore[no-any-return]

    def edit_comment(self, comment_id: int, body: TextIn) -> Comment:
        """Edit a comment of yours."""
        return self._call("PUT", f"/api/v1/timeline/comments/{urllib.parse.quote(str(comment_id), safe='')}", body=body)  # type: ignore[no-any-return]

    def edit_experience(self, entry_id: int, body: ExperienceIn) -> ExperienceOut:
        """Edit an experience."""
        return self._call("PUT", f"/api/v1/people/me/experience/{urllib.parse.quote(str(entry_id), safe='')}", body=body)  # type: ignore[no-any-return]

    def edit_me(self, body: PresenceIn) -> MeOut:
        """Change my name and headline."""
        return self._call("PATCH", "/api/v1/me", body=body)  # type: ignore[no-any-return]

    def edit_organisation(self, handle: str, body: Edits) -> OrganisationOut:
        """Edit an organisation."""
        return self._call("PATCH", f"/api/v1/organisations/{urllib.parse.quote(str(handle), safe='')}", body=body)  # type: ignore[no-any-return]

    def edit_portfolio_item(self, entry_id: int, body: PortfolioIn) -> PortfolioOut:
        """Edit a piece of work."""
        return self._call("PUT", f"/api/v1/people/me/portfolio/{urllib.parse.quote(str(entry_id), safe='')}", body=body)  # type: ignore[no-any-return]

    def edit_post(self, post_id: int, body: TextIn, *, version: str) -> Text:
        """Edit a post of yours."""
        return self._call("PUT", f"/api/v1/timeline/posts/{urllib.parse.quote(str(post_id), safe='')}/text", body=body, headers={"If-Match": version})  # type: ignore[no-any-return]

    def edit_qualification(self, entry_id: int, body: QualificationIn) -> QualificationOut:
        """Edit a qualification."""
        return self._call("PUT", f"/api/v1/people/me/qualifications/{urllib.parse.quote(str(entry_id), safe='')}", body=body)  # type: ignore[no-any-return]

    def edit_story(self, body: StoryIn) -> ProfileOut:
        """Write my story and place."""
        return self._call("PUT", "/api/v1/people/me/story", body=body)  # type: ignore[no-any-return]

    def end_membership(self, handle: str, member_id: int) -> None:
        """Remove somebody, or leave."""
        return self._call("DELETE", f"/api/v1/organisations/{urllib.parse.quote(str(handle), safe='')}/people/{urllib.parse.quote(str(member_id), safe='')}")  # type: ignore[no-any-return]

    def end_other_sessions(self) -> EndedOut:
        """Sign every other device out."""
        return self._call("DELETE", "/api/v1/me/sessions")  # type: ignore[no-any-return]

    def end_session(self, session_id: int) -> None:
        """Sign a device out."""
        return self._call("DELETE", f"/api/v1/me/sessions/{urllib.parse.quote(str(session_id), safe='')}")  # type: ignore[no-any-return]

    def follow_hashtag(self, name: str) -> None:
        """Follow a hashtag."""
        return self._call("PUT", f"/api/v1/timeline/hashtags/{urllib.parse.quote(str(name), safe='')}/follow")  # type: ignore[no-any-return]

    def follow_member(self, member_id: int) -> RelationOut:
        """Follow a member."""
        return self._call("PUT", f"/api/v1/network/members/{urllib.parse.quote(str(member_id), safe='')}/follow")  # type: ignore[no-any-return]

    def found_organisation(self, body: Founding) -> OrganisationOut:
        """Found an organisation."""
        return self._call("POST", "/api/v1/organisations", body=body)  # type: ignore[no-any-return]

    def invite_person(self, handle: str, body: InvitationIn) -> InvitationOut:
        """Invite somebody."""
        return self._call("POST", f"/api/v1/organisations/{urllib.parse.quote(str(handle), safe='')}/invitations", body=body)  # type: ignore[no-any-return]

    def issue_ticket(self) -> TicketOut:
        """Get a ticket for a socket."""
        return self._call("POST", "/api/v1/realtime/tickets")  # type: ignore[no-any-return]

    def issue_token(self, body: TokenIn) -> NewTokenOut:
        """Make an access token."""
        return self._call("POST", "/api/v1/me/tokens", body=body)  # type: ignore[no-any-return]

    def leave_connection(self, member_id: int) -> RelationOut:
        """End a connection, or take a request back."""
        return self._call("DELETE", f"/api/v1/network/members/{urllib.parse.quote(str(member_id), safe='')}/connection")  # type: ignore[no-any-return]

    def list_blocked(self, *, cursor: str | None = None) -> PeoplePage:
        """List whom I blocked."""
        return self._call("GET", "/api/v1/network/blocked", query={"cursor": cursor})  # type: ignore[no-any-return]

    def list_comments(self, post_id: int, *, cursor: str | None = None) -> CommentPage:
        """List the comments on a post."""
        return self._call("GET", f"/api/v1/timeline/posts/{urllib.parse.quote(str(post_id), safe='')}/comments", query={"cursor": cursor})  # type: ignore[no-any-return]

    def list_connections(self, *, cursor: str | None = None) -> PeoplePage:
        """List my connections, latest first."""
        return self._call("GET", "/api/v1/network/connections", query={"cursor": cursor})  # type: ignore[no-any-return]

    def list_drafts(self) -> list[Draft]:
        """List your drafts."""
        return self._call("GET", "/api/v1/timeline/drafts")  # type: ignore[no-any-return]

    def list_followers(self, *, cursor: str | None = None) -> PeoplePage:
        """List who follows me, latest first."""
        return self._call("GET", "/api/v1/network/followers", query={"cursor": cursor})  # type: ignore[no-any-return]

    def list_following(self, *, cursor: str | None = None) -> PeoplePage:
        """List whom I follow, latest first."""
        return self._call("GET", "/api/v1/network/following", query={"cursor": cursor})  # type: ignore[no-any-return]

    def list_hashtags(self) -> list[Talk]:
        """List what is talked about."""
        return self._call("GET", "/api/v1/timeline/hashtags")  # type: ignore[no-any-return]

    def list_invitations(self, handle: str) -> list[InvitationOut]:
        """List open invitations."""
        return self._call("GET", f"/api/v1/organisations/{urllib.parse.quote(str(handle), safe='')}/invitations")  # type: ignore[no-any-return]

    def list_join_requests(self, handle: str) -> list[RequestOut]:
        """List who asks to join."""
        return self._call("GET", f"/api/v1/organisations/{urllib.parse.quote(str(handle), safe='')}/requests")  # type: ignore[no-any-return]

    def list_members(self, handle: str, *, cursor: str | None = None) -> MembershipPage:
        """List who belongs there."""
        return self._call("GET", f"/api/v1/organisations/{urllib.parse.quote(str(handle), safe='')}/people", query={"cursor": cursor})  # type: ignore[no-any-return]

    def list_muted(self, *, cursor: str | None = None) -> PeoplePage:
        """List whom I muted."""
        return self._call("GET", "/api/v1/network/muted", query={"cursor": cursor})  # type: ignore[no-any-return]

    def list_notifications(self, *, unread: bool | None = None, group: str | None = None, cursor: str | None = None) -> NotificationPage:
        """List what I was told, latest first."""
        return self._call("GET", "/api/v1/notifications", query={"unread": unread, "group": group, "cursor": cursor})  # type: ignore[no-any-return]

    def list_organisations(self, *, q: str | None = None, kind: Kind | None = None, place: str | None = None, cursor: str | None = None) -> OrganisationPage:
        """List organisations by name."""
        return self._call("GET", "/api/v1/organisations", query={"q": q, "kind": kind, "place": place, "cursor": cursor})  # type: ignore[no-any-return]

    def list_own_invitations(self) -> list[InvitationOut]:
        """List invitations to me."""
        return self._call("GET", "/api/v1/organisations/mine/invitations")  # type: ignore[no-any-return]

    def list_own_memberships(self) -> list[OwnMembershipOut]:
        """List where I belong."""
        return self._call("GET", "/api/v1/organisations/mine")  # type: ignore[no-any-return]

    def list_people(self, *, q: str | None = None, skill: str | None = None, hat: Hat | None = None, place: str | None = None, availability: Availability | None = None, cursor: str | None = None) -> CardPage:
        """List people by name."""
        return self._call("GET", "/api/v1/people", query={"q": q, "skill": skill, "hat": hat, "place": place, "availability": availability, "cursor": cursor})  # type: ignore[no-any-return]

    def list_post_versions(self, post_id: int) -> list[Version]:
        """List all versions."""
        return self._call("GET", f"/api/v1/timeline/posts/{urllib.parse.quote(str(post_id), safe='')}/versions")  # type: ignore[no-any-return]

    def list_posts(self, *, tab: Literal["for-you", "latest", "following"] | None = None, cursor: str | None = None) -> PostPage:
        """List the posts of a tab, page by page."""
        return self._call("GET", "/api/v1/timeline/posts", query={"tab": tab, "cursor": cursor})  # type: ignore[no-any-return]

    def list_posts_about(self, name: str, *, cursor: str | None = None) -> PostPage:
        """List posts about a hashtag."""
        return self._call("GET", f"/api/v1/timeline/hashtags/{urllib.parse.quote(str(name), safe='')}/posts", query={"cursor": cursor})  # type: ignore[no-any-return]

    def list_posts_by(self, handle: str, *, cursor: str | None = None) -> PostPage:
        """List the posts of a member."""
        return self._call("GET", f"/api/v1/timeline/authors/{urllib.parse.quote(str(handle), safe='')}/posts", query={"cursor": cursor})  # type: ignore[no-any-return]

    def list_posts_for(self, handle: str, *, cursor: str | None = None) -> PostPage:
        """List the posts for an organisation."""
        return self._call("GET", f"/api/v1/timeline/organisations/{urllib.parse.quote(str(handle), safe='')}/posts", query={"cursor": cursor})  # type: ignore[no-any-return]

    def list_reactions(self, post_id: int, *, cursor: str | None = None) -> ReactionPage:
        """List who reacted, and how."""
        return self._call("GET", f"/api/v1/timeline/posts/{urllib.parse.quote(str(post_id), safe='')}/reactions", query={"cursor": cursor})  # type: ignore[no-any-return]

    def list_requests_received(self, *, cursor: str | None = None) -> PeoplePage:
        """List who waits for my answer."""
        return self._call("GET", "/api/v1/network/requests/received", query={"cursor": cursor})  # type: ignore[no-any-return]

    def list_requests_sent(self, *, cursor: str | None = None) -> PeoplePage:
        """List whose answer I wait for."""
        return self._call("GET", "/api/v1/network/requests/sent", query={"cursor": cursor})  # type: ignore[no-any-return]

    def list_saved(self, *, cursor: str | None = None) -> PostPage:
        """List what you keep for later."""
        return self._call("GET", "/api/v1/timeline/saved", query={"cursor": cursor})  # type: ignore[no-any-return]

    def list_sessions(self) -> list[SessionOut]:
        """List my signed-in devices."""
        return self._call("GET", "/api/v1/me/sessions")  # type: ignore[no-any-return]

    def list_suggestions(self) -> list[SuggestionOut]:
        """List people I may know, and why."""
        return self._call("GET", "/api/v1/network/suggestions")  # type: ignore[no-any-return]

    def list_tokens(self) -> list[TokenOut]:
        """List my access tokens."""
        return self._call("GET", "/api/v1/me/tokens")  # type: ignore[no-any-return]

    def mark_read(self, body: ReadIn) -> CountersOut:
        """Mark notifications as read."""
        return self._call("POST", "/api/v1/notifications/read", body=body)  # type: ignore[no-any-return]

    def mark_seen(self, body: SeenIn) -> CountersOut:
        """Mark notifications as seen."""
        return self._call("POST", "/api/v1/notifications/seen", body=body)  # type: ignore[no-any-return]

    def mute_member(self, member_id: int) -> RelationOut:
        """Hear nothing of a member."""
        return self._call("PUT", f"/api/v1/network/members/{urllib.parse.quote(str(member_id), safe='')}/mute")  # type: ignore[no-any-return]

    def pause_mail(self, body: PauseIn) -> PreferencesOut:
        """Pause mail until a moment, or end the pause."""
        return self._call("PUT", "/api/v1/notifications/pause", body=body)  # type: ignore[no-any-return]

    def publish_draft(self, draft_id: int) -> Post:
        """Publish a draft."""
        return self._call("POST", f"/api/v1/timeline/drafts/{urllib.parse.quote(str(draft_id), safe='')}/publication")  # type: ignore[no-any-return]

    def publish_post(self, body: CompositionIn) -> Post:
        """Publish a post."""
        return self._call("POST", "/api/v1/timeline/posts", body=body)  # type: ignore[no-any-return]

    def react_to_post(self, post_id: int, body: ReactionIn) -> Post:
        """React, or react differently."""
        return self._call("PUT", f"/api/v1/timeline/posts/{urllib.parse.quote(str(post_id), safe='')}/reaction", body=body)  # type: ignore[no-any-return]

    def read_comment(self, comment_id: int) -> Comment:
        """Read a comment."""
        return self._call("GET", f"/api/v1/timeline/comments/{urllib.parse.quote(str(comment_id), safe='')}")  # type: ignore[no-any-return]

    def read_draft(self, draft_id: int) -> Draft:
        """Read a draft."""
        return self._call("GET", f"/api/v1/timeline/drafts/{urllib.parse.quote(str(draft_id), safe='')}")  # type: ignore[no-any-return]

    def read_file(self, key: str) -> StoredFile:
        """Read what became of a file of yours."""
        return self._call("GET", f"/api/v1/files/{urllib.parse.quote(str(key), safe='')}")  # type: ignore[no-any-return]

    def read_hashtag(self, name: str) -> HashtagName:
        """Read a hashtag."""
        return self._call("GET", f"/api/v1/timeline/hashtags/{urllib.parse.quote(str(name), safe='')}")  # type: ignore[no-any-return]

    def read_me(self) -> MeOut:
        """Read who I am."""
        return self._call("GET", "/api/v1/me")  # type: ignore[no-any-return]

    def read_notification(self, notification_id: int) -> NotificationOut:
        """Mark one notification as read."""
        return self._call("PUT", f"/api/v1/notifications/{urllib.parse.quote(str(notification_id), safe='')}/read")  # type: ignore[no-any-return]

    def read_organisation(self, handle: str) -> OrganisationOut:
        """Read an organisation."""
        return self._call("GET", f"/api/v1/organisations/{urllib.parse.quote(str(handle), safe='')}")  # type: ignore[no-any-return]

    def read_post(self, post_id: int) -> Post:
        """Read a post."""
        return self._call("GET", f"/api/v1/timeline/posts/{urllib.parse.quote(str(post_id), safe='')}")  # type: ignore[no-any-return]

    def read_post_text(self, post_id: int) -> Text:
        """Read the Markdown of a post."""
        return self._call("GET", f"/api/v1/timeline/posts/{urllib.parse.quote(str(post_id), safe='')}/text")  # type: ignore[no-any-return]

    def read_preferences(self) -> PreferencesOut:
        """Read what I am told, where and when."""
        return self._call("GET", "/api/v1/notifications/preferences")  # type: ignore[no-any-return]

    def read_profile(self, handle: str) -> ProfileOut:
        """Read a profile."""
        return self._call("GET", f"/api/v1/people/{urllib.parse.quote(str(handle), safe='')}")  # type: ignore[no-any-return]

    def read_relation(self, member_id: int) -> RelationOut:
        """Read how I stand to a member."""
        return self._call("GET", f"/api/v1/network/members/{urllib.parse.quote(str(member_id), safe='')}")  # type: ignore[no-any-return]

    def read_standing(self, handle: str) -> StandingOut:
        """Read how I stand to an organisation."""
        return self._call("GET", f"/api/v1/organisations/{urllib.parse.quote(str(handle), safe='')}/standing")  # type: ignore[no-any-return]

    def read_visibility(self) -> VisibilityOut:
        """Read who sees what of my profile."""
        return self._call("GET", "/api/v1/people/me/visibility")  # type: ignore[no-any-return]

    def remove_experience(self, entry_id: int) -> None:
        """Remove an experience."""
        return self._call("DELETE", f"/api/v1/people/me/experience/{urllib.parse.quote(str(entry_id), safe='')}")  # type: ignore[no-any-return]

    def remove_language(self, entry_id: int) -> None:
        """Remove a language."""
        return self._call("DELETE", f"/api/v1/people/me/languages/{urllib.parse.quote(str(entry_id), safe='')}")  # type: ignore[no-any-return]

    def remove_link(self, entry_id: int) -> None:
        """Remove a link."""
        return self._call("DELETE", f"/api/v1/people/me/links/{urllib.parse.quote(str(entry_id), safe='')}")  # type: ignore[no-any-return]

    def remove_portfolio_item(self, entry_id: int) -> None:
        """Remove a piece of work."""
        return self._call("DELETE", f"/api/v1/people/me/portfolio/{urllib.parse.quote(str(entry_id), safe='')}")  # type: ignore[no-any-return]

    def remove_qualification(self, entry_id: int) -> None:
        """Remove a qualification."""
        return self._call("DELETE", f"/api/v1/people/me/qualifications/{urllib.parse.quote(str(entry_id), safe='')}")  # type: ignore[no-any-return]

    def rename_me(self, body: HandleIn) -> MeOut:
        """Take another handle."""
        return self._call("PUT", "/api/v1/me/handle", body=body)  # type: ignore[no-any-return]

    def render_text(self, body: ShownIn) -> RenderedText:
        """Show what a text becomes."""
        return self._call("POST", "/api/v1/timeline/rendering", body=body)  # type: ignore[no-any-return]

    def reopen_organisation(self, handle: str) -> OrganisationOut:
        """Reopen a closed organisation."""
        return self._call("DELETE", f"/api/v1/organisations/{urllib.parse.quote(str(handle), safe='')}/closure")  # type: ignore[no-any-return]

    def repost_post(self, post_id: int, body: NoteIn) -> Post:
        """Pass a post on."""
        return self._call("POST", f"/api/v1/timeline/posts/{urllib.parse.quote(str(post_id), safe='')}/reposts", body=body)  # type: ignore[no-any-return]

    def request_connection(self, member_id: int, body: RequestIn) -> RelationOut:
        """Ask a member to connect."""
        return self._call("POST", f"/api/v1/network/members/{urllib.parse.quote(str(member_id), safe='')}/connection", body=body)  # type: ignore[no-any-return]

    def request_to_join(self, handle: str, body: JoinNoteIn) -> RequestOut:
        """Ask to join."""
        return self._call("POST", f"/api/v1/organisations/{urllib.parse.quote(str(handle), safe='')}/requests", body=body)  # type: ignore[no-any-return]

    def restore_post(self, post_id: int) -> Post:
        """Restore a post just deleted."""
        return self._call("POST", f"/api/v1/timeline/posts/{urllib.parse.quote(str(post_id), safe='')}/restoration")  # type: ignore[no-any-return]

    def revoke_invitation(self, invitation_id: int) -> None:
        """Withdraw an invitation."""
        return self._call("DELETE", f"/api/v1/organisations/invitations/{urllib.parse.quote(str(invitation_id), safe='')}")  # type: ignore[no-any-return]

    def revoke_token(self, token_id: int) -> None:
        """Revoke an access token."""
        return self._call("DELETE", f"/api/v1/me/tokens/{urllib.parse.quote(str(token_id), safe='')}")  # type: ignore[no-any-return]

    def save_draft(self, draft_id: int, body: CompositionIn, *, version: str) -> Draft:
        """Save a draft."""
        return self._call("PUT", f"/api/v1/timeline/drafts/{urllib.parse.quote(str(draft_id), safe='')}", body=body, headers={"If-Match": version})  # type: ignore[no-any-return]

    def save_post(self, post_id: int) -> None:
        """Keep a post for later."""
        return self._call("PUT", f"/api/v1/timeline/posts/{urllib.parse.quote(str(post_id), safe='')}/save")  # type: ignore[no-any-return]

    def schedule_draft(self, draft_id: int, body: MomentIn) -> Draft:
        """Have a draft published at a moment."""
        return self._call("PUT", f"/api/v1/timeline/drafts/{urllib.parse.quote(str(draft_id), safe='')}/schedule", body=body)  # type: ignore[no-any-return]

    def send_invitation_again(self, invitation_id: int) -> InvitationOut:
        """Send an invitation again."""
        return self._call("POST", f"/api/v1/organisations/invitations/{urllib.parse.quote(str(invitation_id), safe='')}/sending")  # type: ignore[no-any-return]

    def suggest_skills(self, *, q: str | None = None, limit: int | None = None) -> list[SkillOut]:
        """Suggest skills for a few letters."""
        return self._call("GET", "/api/v1/people/skills", query={"q": q, "limit": limit})  # type: ignore[no-any-return]

    def switch_hat(self, body: HatIn) -> MeOut:
        """Switch the active hat."""
        return self._call("PUT", "/api/v1/me/hat", body=body)  # type: ignore[no-any-return]

    def unblock_member(self, member_id: int) -> RelationOut:
        """Let a member back."""
        return self._call("DELETE", f"/api/v1/network/members/{urllib.parse.quote(str(member_id), safe='')}/block")  # type: ignore[no-any-return]

    def undismiss_post(self, post_id: int) -> None:
        """Let a post be shown for you again."""
        return self._call("DELETE", f"/api/v1/timeline/posts/{urllib.parse.quote(str(post_id), safe='')}/dismissal")  # type: ignore[no-any-return]

    def unfollow_hashtag(self, name: str) -> None:
        """Stop following a hashtag."""
        return self._call("DELETE", f"/api/v1/timeline/hashtags/{urllib.parse.quote(str(name), safe='')}/follow")  # type: ignore[no-any-return]

    def unfollow_member(self, member_id: int) -> RelationOut:
        """Stop following a member."""
        return self._call("DELETE", f"/api/v1/network/members/{urllib.parse.quote(str(member_id), safe='')}/follow")  # type: ignore[no-any-return]

    def unmute_member(self, member_id: int) -> RelationOut:
        """Hear of a member again."""
        return self._call("DELETE", f"/api/v1/network/members/{urllib.parse.quote(str(member_id), safe='')}/mute")  # type: ignore[no-any-return]

    def unsave_post(self, post_id: int) -> None:
        """Keep a post no longer."""
        return self._call("DELETE", f"/api/v1/timeline/posts/{urllib.parse.quote(str(post_id), safe='')}/save")  # type: ignore[no-any-return]

    def unschedule_draft(self, draft_id: int) -> Draft:
        """Leave a draft unpublished."""
        return self._call("DELETE", f"/api/v1/timeline/drafts/{urllib.parse.quote(str(draft_id), safe='')}/schedule")  # type: ignore[no-any-return]

    def upload_file(self, body: Mapping[str, Any], files: Mapping[str, tuple[str, bytes]]) -> StoredFile:
        """Upload a file."""
        return self._call("POST", "/api/v1/files", body=body, files=files)  # type: ignore[no-any-return]

    def vote_in_poll(self, post_id: int, body: VoteIn) -> Post:
        """Vote in a poll, or vote differently."""
        return self._call("PUT", f"/api/v1/timeline/posts/{urllib.parse.quote(str(post_id), safe='')}/vote", body=body)  # type: ignore[no-any-return]

    def withdraw_join_request(self, request_id: int) -> None:
        """Take my request to join back."""
        return self._call("DELETE", f"/api/v1/organisations/requests/{urllib.parse.quote(str(request_id), safe='')}")  # type: ignore[no-any-return]

    def withdraw_post(self, post_id: int) -> Draft:
        """Make a post just published a draft again."""
        return self._call("POST", f"/api/v1/timeline/posts/{urllib.parse.quote(str(post_id), safe='')}/withdrawal")  # type: ignore[no-any-return]

    def withdraw_reaction(self, post_id: int) -> Post:
        """Take your reaction back."""
        return self._call("DELETE", f"/api/v1/timeline/posts/{urllib.parse.quote(str(post_id), safe='')}/reaction")  # type: ignore[no-any-return]

    def withdraw_repost(self, post_id: int) -> None:
        """Take back your repost without a note."""
        return self._call("DELETE", f"/api/v1/timeline/posts/{urllib.parse.quote(str(post_id), safe='')}/repost")  # type: ignore[no-any-return]
