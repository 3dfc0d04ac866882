"""What members write: Markdown in, safe HTML out; mentions and hashtags found on the way."""

import re
import unicodedata

import nh3
from markdown_it import MarkdownIt

MENTION = re.compile(r"(?<![\w@/])@([a-z0-9][a-z0-9_]{1,29})(?![\w@])", re.IGNORECASE)
HASHTAG = re.compile(r"(?<![\w#&/])#(\w{1,64})", re.UNICODE)
# Bidirectional overrides and invisible characters that can make text read as something else.
_DECEIVING = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_TAGS = {"p", "br", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "h3", "h4", "hr"}

_markdown = MarkdownIt("js-default", {"html": False, "linkify": True, "breaks": True}).disable("image")


def clean(text: str) -> str:
    """Return the text in NFC with line ends as LF, without characters that deceive readers."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _DECEIVING.sub("", text)).strip()


def mentions_in(text: str) -> list[str]:
    """Return the handles mentioned, lower case, each once, in order."""
    return list(dict.fromkeys(match.lower() for match in MENTION.findall(text)))


def hashtags_in(text: str) -> list[str]:
    """Return the hashtags, folded to lower case, each once, in order; a number alone is not a tag."""
    tags = (match.casefold() for match in HASHTAG.findall(text))
    return list(dict.fromkeys(tag for tag in tags if not tag.isdigit()))


def to_html(text: str) -> str:
    """Render Markdown to HTML that is safe to embed: allow-listed tags, http(s) and mailto links, no images."""
    html = _markdown.render(text)
    html = re.sub(r"<(/?)h[1-6]>", r"<\1h4>", html)
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
    )
