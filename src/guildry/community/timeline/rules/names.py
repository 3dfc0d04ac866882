"""Names inside what members write: links for mentions and hashtags, and the first address."""

import hashlib
import re
from collections.abc import Callable, Collection
from html import unescape

from guildry.kernel import text

_ADDRESS = re.compile(r"https?://[^\s<>\"'`\])]+", re.IGNORECASE)
_TAG = re.compile(r"(<[^>]*>)")
_CLOSED_TO_LINKS = ("a", "code", "pre")
_ELEMENT = re.compile(r"</?(\w+)")


def fingerprint_of(hashtag: str) -> str:
    """Return what identifies a folded hashtag on every database, whatever its collation considers equal."""
    return hashlib.blake2b(hashtag.encode(), digest_size=16).hexdigest()


def first_link(body: str) -> str:
    """Return the first web address of the text without trailing punctuation, or an empty string."""
    match = _ADDRESS.search(body)
    return match.group().rstrip(".,;:!?*_") if match else ""


def summary_of(html: str, length: int = 120) -> str:
    """Return the beginning of rendered text as one plain line, cut at a word."""
    line = " ".join(unescape(_TAG.sub(" ", html)).split())
    if len(line) <= length:
        return line
    return line[:length].rsplit(" ", 1)[0].rstrip(".,;:") + "…"


def link_names(
    html: str, handles: Collection[str], link_member: Callable[[str], str], link_hashtag: Callable[[str], str]
) -> str:
    """Turn known @handles and #hashtags of safe HTML into links, leaving links and code as they are.

    `link_member` and `link_hashtag` return the address for a lower-case handle and a folded hashtag.
    """

    def mention(match: re.Match[str]) -> str:
        handle = match[1].lower()
        return f'<a href="{link_member(handle)}">{match[0]}</a>' if handle in handles else match[0]

    def hashtag(match: re.Match[str]) -> str:
        folded = match[1].casefold()
        return match[0] if folded.isdigit() else f'<a href="{link_hashtag(folded)}" rel="tag">{match[0]}</a>'

    closed = 0
    parts = _TAG.split(html)
    for index, part in enumerate(parts):
        if part.startswith("<"):
            element = _ELEMENT.match(part)
            if element and element[1] in _CLOSED_TO_LINKS:
                closed += -1 if part.startswith("</") else 1
        elif not closed:
            parts[index] = text.HASHTAG.sub(hashtag, text.MENTION.sub(mention, part))
    return "".join(parts)
