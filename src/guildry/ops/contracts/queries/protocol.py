"""What every namespace of the gateway has in common: coming in, catching up, leaving."""

from typing import Any

INTRODUCTION = """\
News arrives by itself over Socket.IO. Connect to a namespace with the session cookie of a browser, or with
`auth: {ticket}`, which `POST /api/v1/realtime/tickets` gives and which opens one namespace once.

Then send `resume {after_seq, after_part}` once: you hear what you missed and from there on everything, in the one
order of what happened. Each message carries `seq` and, from the second of one fact on, `part`; keep them and name them
when you come back. The answer is `{ok, last_seq}`, with `reset: true` when you were too far behind: load afresh.
Messages arrive at least once; skip those whose `seq` and `part` you had.

Refused connections carry `data: {code, retry_after?}`; refused events are acknowledged with `{ok: false, code,
message, retry_after?, errors?}`. The codes are those of the problem registry. Take a value of a choice that you do
not know for `unknown`, and ignore fields that you do not know: both will be added.
"""

BYE_REASONS = ("session_ended", "suspended", "token_revoked", "forbidden", "slow", "flood")

_WHOLE = {"type": "integer"}
_MAYBE = {"anyOf": [{"type": "integer"}, {"type": "null"}], "default": None}
_SECONDS = {"type": "number", "minimum": 0}


def _object(title: str, text: str, properties: dict[str, Any], required: tuple[str, ...]) -> dict[str, Any]:
    return {
        "title": title,
        "description": text,
        "type": "object",
        "properties": properties,
        "required": list(required),
    }


SCHEMAS: dict[str, Any] = {
    "Place": _object(
        "Place",
        "Where a message stands in the one order of what happened.",
        {"seq": _WHOLE, "part": {**_WHOLE, "description": "From the second message of one fact on."}},
        ("seq",),
    ),
    "Acknowledgement": _object(
        "Acknowledgement",
        "Whether an event was taken, and why not.",
        {
            "ok": {"type": "boolean"},
            "code": {"type": "string", "description": "One of the problem registry, when `ok` is false."},
            "message": {"type": "string"},
            "retry_after": _SECONDS,
            "errors": {"type": "array", "items": {"$ref": "#/components/schemas/EventProblem"}},
        },
        ("ok",),
    ),
    "EventProblem": _object(
        "EventProblem",
        "One field that has to change.",
        {"field": {"type": "string"}, "detail": {"type": "string"}, "code": {"type": "string"}},
        ("field", "detail", "code"),
    ),
    "Resume": {
        **_object(
            "Resume",
            "Where you stopped: you have everything up to `after_seq`, of that fact up to `after_part`.",
            {"after_seq": _MAYBE, "after_part": _MAYBE},
            (),
        ),
        "additionalProperties": False,
    },
    "Resumed": _object(
        "Resumed",
        "You are up to date, or too far behind.",
        {
            "ok": {"type": "boolean"},
            "last_seq": _WHOLE,
            "reset": {"type": "boolean", "description": "Load afresh: too much was missed."},
        },
        ("ok",),
    ),
    "Bye": _object(
        "Bye",
        "Why the connection ends, and when to try again.",
        {
            "reason": {"type": "string", "enum": sorted(BYE_REASONS), "x-unknown": "unknown"},
            "retry_in": _SECONDS,
        },
        ("reason",),
    ),
    "Draining": _object(
        "Draining",
        "Come back after so many seconds and up to so many more.",
        {"retry_after": _SECONDS, "jitter": _SECONDS},
        ("retry_after", "jitter"),
    ),
    "Nothing": _object("Nothing", "The name says it all.", {}, ()),
}


def _message(name: str, summary: str, shape: str) -> dict[str, Any]:
    payload = {"$ref": f"#/components/schemas/{shape}"}
    return {"name": name, "title": name, "summary": summary, "payload": payload}


MESSAGES: dict[str, Any] = {
    "resume": _message("resume", "Catch up with what you missed, and listen from there on.", "Resume"),
    "resume.answer": _message("resume.answer", "The acknowledgement of resume.", "Resumed"),
    "bye": _message("bye", "The gateway ends this connection.", "Bye"),
    "server:draining": _message("server:draining", "This process stops; another one takes over.", "Draining"),
    "server:degraded": _message(
        "server:degraded", "The process misses something it needs, and keeps its sockets.", "Nothing"
    ),
    "server:recovered": _message("server:recovered", "The process has all it needs again.", "Nothing"),
}

SECURITY: dict[str, Any] = {
    "ticket": {
        "type": "apiKey",
        "in": "user",
        "description": "`auth: {ticket}` of the Socket.IO handshake: opens one namespace once.",
    },
    "session": {
        "type": "httpApiKey",
        "in": "cookie",
        "name": "guildry",
        "description": "The session of a browser, from our own pages only.",
    },
}
