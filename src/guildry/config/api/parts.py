"""The parts of the OpenAPI document that every operation shares, and the words that introduce it."""

from collections.abc import Iterable
from typing import Any

from guildry.kernel import errors
from guildry.people.accounts.middleware import ScopeMissing, TokenRefused
from guildry.platform.perimeter import actions as edge
from guildry.platform.perimeter import rules as edge_rules

INTRODUCTION = """\
Whatever a member can do on a page, a program can do here, through the same actions and with the same rules.

- **Who you are.** Send `Authorization: Bearer …` with a personal access token (Settings, Tokens). Our own pages use
  the session cookie with the header `X-CSRFToken`. Some reads need neither. Scripts of another origin need one that
  the site lists, and are known by their token alone.
- **Refusals** are problem documents (RFC 9457): compare `code`, show `detail`, and mend what `errors` points at.
- **Repeat safely.** Give every call that changes something an `Idempotency-Key`; sent again it has one effect and
  brings the first reply.
- **Pages.** Lists bring `items` and `next_cursor`. Send it back as `cursor`; it is empty on the last page. Nothing is
  lost or repeated while rows arrive.
- **Versions.** Reads carry an `ETag`; send it as `If-None-Match` to get 304, or as `If-Match` where a change must not
  overwrite somebody else's.
- **Choices grow.** Take a value of a choice that you do not know for `unknown` (`x-unknown`), and go on.
- **Pace.** `RateLimit` and `RateLimit-Policy` say what is left; 429 and 503 say in `Retry-After` when to come back.
"""

TAGS = {
    "me": "Who I am, what I wear, where I am signed in, and the tokens of my programs.",
    "people": "The directory, profiles, skills, and my own profile section by section.",
    "organisations": "Companies, agencies, charities and chapters: their people, invitations and requests.",
    "network": "Whom I follow, am connected with, muted or blocked.",
    "timeline": "Posts, comments, reactions, polls, drafts, hashtags, and what I keep.",
    "notifications": "What I was told, and what I want to be told.",
    "realtime": "Tickets for sockets, through which news arrives by itself.",
    "files": "Uploads, checked before anybody else can open them.",
}

MEANINGS = {
    "handle": "The handle, without the @.",
    "q": "Words to look for.",
    "limit": "How many at most.",
    "name": "The hashtag, without the #.",
    "tab": "Which list: ranked for you, everything, or whom you follow.",
    "after": "The id of the newest post you have.",
    "place": "Part of the name of a place.",
    "kind": "Only this kind.",
    "hat": "Only people who wear this hat.",
    "skill": "The key of a skill.",
    "availability": "Only people who say this of their time.",
    "unread": "Only what is unread.",
    "group": "Only this group of kinds.",
    "section": "A section of the profile.",
    "key": "The key of a file.",
}

SUCCESSES = {"200": "Done.", "201": "Made.", "204": "Done; there is nothing to say about it."}

_KEY = {"type": "string", "pattern": "^[A-Za-z0-9_.:-]{1,64}$"}
PARAMETERS: dict[str, Any] = {
    "cursor": {
        "name": "cursor",
        "in": "query",
        "required": False,
        "description": "The `next_cursor` of the page before; leave it out for the first page.",
        "schema": {"type": "string", "default": ""},
    },
    "idempotency_key": {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": (
            "A UUID, or up to 64 letters, digits and the signs _ . : -. The same call with the same key has one "
            "effect and brings the first reply for 24 hours; another call with that key is refused."
        ),
        "schema": _KEY,
        "example": "0198c2a4-6d1e-7c3b-9f58-2f4c5f1e8a77",
    },
    "if_none_match": {
        "name": "If-None-Match",
        "in": "header",
        "required": False,
        "description": "The ETag of what you have; the answer is 304 when it is still the same.",
        "schema": {"type": "string", "pattern": '^(\\*|(W/)?"[!#-~]*")$'},
        "example": 'W/"5d41402abc4b2a76b9719d91"',
    },
    "if_match": {
        "name": "If-Match",
        "in": "header",
        "required": True,
        "description": "The ETag of the version you change, so that nobody's change is lost.",
        "schema": {"type": "string", "pattern": '^(\\*|"[!#-~]*")$'},
        "example": '"5d41402abc4b2a76b9719d91"',
    },
}

HEADERS: dict[str, Any] = {
    "ETag": {
        "description": "Names this version of the reply.",
        "schema": {"type": "string"},
        "example": 'W/"5d41402abc4b2a76b9719d91"',
    },
    "Idempotency-Replayed": {
        "description": "`true` when this is the kept reply to an earlier call with the same Idempotency-Key.",
        "schema": {"type": "string", "enum": ["true"]},
    },
    "RateLimit": {
        "description": "What is left of your allowance: calls `r`, all of them again after `t` seconds.",
        "schema": {"type": "string"},
        "example": '"read";r=599;t=0',
    },
    "RateLimit-Policy": {
        "description": "Your allowance: at most `q` calls at once, refilled within `w` seconds.",
        "schema": {"type": "string"},
        "example": edge_rules.READ.policy,
    },
    "Retry-After": {
        "description": "In how many seconds to try again.",
        "schema": {"type": "integer", "minimum": 1},
        "example": 2,
    },
    "WWW-Authenticate": {
        "description": "How to prove who you are.",
        "schema": {"type": "string"},
        "example": 'Bearer realm="guildry", error="invalid_token"',
    },
    "X-Request-Id": {
        "description": "The name of this call in our logs.",
        "schema": {"type": "string"},
        "example": "0198c2a46d1e7c3b9f582f4c5f1e8a77",
    },
}

SCHEMAS: dict[str, Any] = {
    "Problem": {
        "title": "Problem",
        "description": "A refusal (RFC 9457). It changed nothing.",
        "type": "object",
        "required": ["type", "title", "status", "detail", "instance", "code", "trace_id"],
        "properties": {
            "type": {"type": "string", "format": "uri-reference", "description": "A page that explains it."},
            "title": {"type": "string"},
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": {"type": "string", "description": "What happened and what to do, for a person."},
            "instance": {"type": "string", "description": "The path that was called."},
            "code": {"type": "string", "description": "What a program compares."},
            "trace_id": {"type": "string", "description": "Quote it when you report a fault."},
            "errors": {"type": "array", "items": {"$ref": "#/components/schemas/ProblemField"}},
            "permission": {"type": "string", "description": "The permission that is missing."},
            "retry_after": {"type": "integer", "description": "In how many seconds to try again."},
        },
    },
    "ProblemField": {
        "title": "ProblemField",
        "description": "One field that has to change.",
        "type": "object",
        "required": ["pointer", "field", "code", "detail"],
        "properties": {
            "pointer": {"type": "string", "format": "json-pointer"},
            "field": {"type": "string"},
            "code": {"type": "string"},
            "detail": {"type": "string"},
        },
    },
}

REPLAYING: tuple[type[errors.DomainError], ...] = (
    edge.KeyMalformed,
    edge.KeyReused,
    edge.CallUnderWay,
    edge.ReplyNotKept,
)

# What many operations answer with in the same way; a status with more than these is described where it occurs.
_SHARED: tuple[type[errors.DomainError], ...] = (
    errors.Malformed, errors.Unauthenticated, TokenRefused, errors.Forbidden, ScopeMissing, errors.NotSignedByUs,
    errors.NotFound, errors.TooLarge, errors.WrongFormat, errors.TooMany, errors.Unavailable, errors.Invalid,
    *REPLAYING,
)  # fmt: skip
_OF_CHANGES = (errors.NotSignedByUs, *REPLAYING)


def _by_status(kinds: Iterable[type[errors.DomainError]]) -> dict[int, tuple[type[errors.DomainError], ...]]:
    found: dict[int, tuple[type[errors.DomainError], ...]] = {}
    for kind in kinds:
        found[kind.problem.status] = (*found.get(kind.problem.status, ()), kind)
    return found


COMMON: dict[str, dict[int, tuple[type[errors.DomainError], ...]]] = {
    "Problem": _by_status(kind for kind in _SHARED if kind not in _OF_CHANGES),
    "ProblemOfChange": _by_status(_SHARED),
}


def security_schemes(cookie: str) -> dict[str, Any]:
    """Describe the two ways to be known here; a session also proves that a change comes from our own pages."""
    return {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": (
                "A personal access token. Its scopes are `read`, `write`, or an area followed by one of them, such "
                "as `timeline.write`; writing includes reading."
            ),
        },
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": cookie,
            "description": "The session of a browser.",
        },
        "csrf": {
            "type": "apiKey",
            "in": "header",
            "name": "X-CSRFToken",
            "description": "The value of `data-csrf` on the body of every page.",
        },
    }


def example_problem(kind: type[errors.DomainError]) -> dict[str, Any]:
    """Return a refusal of a kind as a caller gets it."""
    problem = kind.problem
    shown: dict[str, Any] = {
        "type": f"/problems/{problem.slug}",
        "title": problem.title,
        "status": problem.status,
        "detail": kind.detail,
        "instance": "/api/v1/…",
        "code": problem.code,
        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
    }
    if issubclass(kind, errors.Invalid):
        shown["errors"] = [
            {
                "pointer": "/body",
                "field": "body",
                "code": "too_long",
                "detail": "Write at most 5,000 characters.",
            }
        ]
    if problem.status in (429, 503):
        shown["retry_after"] = 2
    return shown
