"""Pages as their reader meets them: what they complain of, what they announce, where their links lead."""

import html
import re
from typing import Any

from django.contrib.messages import get_messages


def text_of(response: Any) -> str:
    """Return the text of a page without its markup, one space between words."""
    body = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def complaints(response: Any) -> list[str]:
    """Return the entries of the error summary; each is a link to its field unless it concerns the whole form."""
    found = re.search(r'<div class="err-summary".*?<ul>(.*?)</ul>', response.content.decode(), re.DOTALL)
    entries = re.findall(r"<li>(.*?)</li>", found[1], re.DOTALL) if found else []
    return [html.unescape(re.sub(r"<[^>]+>", "", entry)) for entry in entries]


def complained_fields(response: Any) -> list[str]:
    """Return the ids of the fields that are marked invalid, in the order of the page."""
    marked = re.findall(r"<(?:input|select|textarea)\b[^>]*aria-invalid[^>]*>", response.content.decode())
    return [found[1] for tag in marked if (found := re.search(r'\bid="([^"]+)"', tag))]


def announcements(response: Any) -> list[str]:
    """Return the messages that the next page will show."""
    return [str(message) for message in get_messages(response.wsgi_request)]


def leads_to(response: Any) -> tuple[int, str]:
    """Return the status and the address of an answer that sends the browser on."""
    return response.status_code, response.headers.get("Location", "")
