"""What a copy of a member's data looks like inside, and what of it is only hinted at."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from guildry.kernel.inventory import DataClass, Export

ROWS_ON_A_PAGE = 200
LIFETIME = timedelta(days=7)
SHOWN_OF_REDACTED = 4
MANIFEST, SIGNATURE, SCHEMA, README = "manifest.json", "manifest.sig", "schema.json", "README.txt"
KIND = "application/vnd.guildry.copy+json"
PURPOSE = "copies"
JSON_TYPES = {
    "BooleanField": "boolean", "FloatField": "number", "JSONField": ["array", "object", "string", "null"],
}  # fmt: skip


def plain(value: Any) -> Any:
    """Return a stored value as JSON has it."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode(errors="replace")
    return value


def shown(value: Any, data: DataClass) -> Any:
    """Return what a copy says of a value: all of it, or its beginning where the whole would help whoever stole it."""
    told = plain(value)
    if data.export == Export.REDACTED and isinstance(told, str) and not isinstance(value, datetime | date):
        return told if len(told) <= SHOWN_OF_REDACTED else f"{told[:SHOWN_OF_REDACTED]}…"
    return told


def title_of(name: str) -> str:
    """Return a column's or table's name as people read it."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def column_schema(field: Any, data: DataClass) -> dict[str, Any]:
    """Return the JSON Schema of one column, with what it is for and how long it stays."""
    kind = field.get_internal_type()
    known = JSON_TYPES.get(kind, "integer" if kind.endswith(("IntegerField", "AutoField")) else "string")
    types = known if isinstance(known, list) else [known, "null"]
    return {
        "type": types if not field.is_relation else ["integer", "string", "null"],
        "description": f"{data.purpose[0].upper()}{data.purpose[1:]}.",
        "x-class": data.key,
        "x-retention": data.retention,
        **({"x-shortened": True} if data.export == Export.REDACTED else {}),
    }


def readme(site: str, contact: str, reference: str) -> str:
    """Return what to know about a copy before anything of it is opened."""
    return f"""A copy of what {site} keeps about you

Open index.html in a browser; it needs no network.

data/      everything as JSON, one file for each kind of thing
pages/     the same to read
media/     the files you uploaded
look/      how the pages look
{SCHEMA}     what each value is for and how long it stays
{MANIFEST}   every file here with its SHA-256 digest
{SIGNATURE}     the signature of the site over the manifest

Values marked x-shortened in the schema are shown with their beginning only: in full they would help whoever gets
hold of this file. Passwords, keys and codes are not in here; the site keeps no more than digests of them.

To have the copy checked, ask whoever runs the site to run: guildry privacy verify FILE
Questions: {contact}. Reference: {reference}
"""


TITLES = {
    "accounts-member": "Your account", "timeline-post": "Posts", "timeline-comment": "Comments",
    "timeline-reaction": "Reactions", "timeline-save": "Saved posts", "timeline-draft": "Drafts",
    "timeline-mention": "Where you are mentioned", "timeline-dismissal": "Posts you hid",
    "timeline-pollvote": "Votes", "timeline-hashtagfollow": "Hashtags you follow",
    "profiles-profile": "Your profile", "profiles-memberskill": "Skills", "profiles-portfolioitem": "Portfolio",
    "network-follow": "Who follows whom", "network-connection": "Connections", "network-block": "Members you blocked",
    "network-mute": "Members you muted", "notifications-notification": "Notifications",
    "notifications-choice": "What you want to be told", "notifications-tray": "When mail comes",
    "organisations-membership": "Organisations you belong to", "organisations-joinrequest": "Requests to join",
    "files-storedfile": "Files you uploaded", "mail-outgoingmail": "Mail sent to you",
    "facts-storedfact": "What you did, as the site keeps it", "accounts-session": "Devices",
    "accounts-accesstoken": "Access tokens", "accounts-staffgrant": "Staff roles", "audit-entry": "The audit trail about you",
    "perimeter-keptreply": "Answers kept for a repeated request", "governance-request": "Requests about your data",
    "account-emailaddress": "Addresses", "mfa-authenticator": "Second factors", "realtime-presence": "Where you are online",
    "socialaccount-socialaccount": "Accounts elsewhere", "timeline-postrevision": "Earlier versions of posts",
    "timeline-postimage": "Pictures of posts", "timeline-linkpreview": "Previews of links",
}  # fmt: skip
