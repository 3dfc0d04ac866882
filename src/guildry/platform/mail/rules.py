"""What a letter says, how it reads as plain text, and how long stored mail is kept."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr
from ipaddress import ip_address
from textwrap import fill
from urllib.parse import SplitResult, unquote, urlsplit

KEPT_FOR = timedelta(days=30)
SECRETS_KEPT_FOR = timedelta(hours=24)
WIDTH = 76
LONGEST_NAME = 80
# With the pauses of jobs that is about a day, which is how long a mail server may be away.
DELIVERY_ATTEMPTS = 34
_LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})
_HEADER_NAME = re.compile(r"[A-Za-z0-9-]{1,64}")


@dataclass(frozen=True)
class Item:
    """One entry of a list in a letter, such as a notification in a digest."""

    title: str
    text: str = ""
    url: str = ""


@dataclass(frozen=True)
class Letter:
    """A mail before it is laid out; `code` stands out, `button` is a label and an absolute address."""

    subject: str
    paragraphs: tuple[str, ...]
    code: str = ""
    button: tuple[str, str] | None = None
    items: tuple[Item, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Server:
    """Where mail leaves the house."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    is_implicit_tls: bool = False


def not_a_name(text: str) -> str:
    """Say why a text cannot stand before the address of a sender, or nothing."""
    is_name = len(text) <= LONGEST_NAME and text.isprintable() and not set("<>@") & set(text)
    return "" if is_name else f"takes at most {LONGEST_NAME} characters in one line, without <, > and @."


def sender_of(address: str, name: str) -> str:
    """Return what stands as the sender of mail; without a name the address as it was given."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}" <{parseaddr(address)[1]}>' if name else address


def plain_text(letter: Letter, *, site: str) -> str:
    """Lay a letter out as text, no line longer than a terminal unless an address is."""
    parts = [fill(paragraph, WIDTH, break_long_words=False) for paragraph in letter.paragraphs]
    if letter.code:
        parts.append(f"    {letter.code}")
    if letter.button:
        parts.append("{}:\n{}".format(*letter.button))
    parts += [_item(item) for item in letter.items]
    parts += [fill(note, WIDTH, break_long_words=False) for note in letter.notes]
    return "\n\n".join([*parts, f"-- \n{site}"]) + "\n"


def _item(item: Item) -> str:
    lines = [f"* {item.title}", *([fill(item.text, WIDTH)] if item.text else []), *filter(None, [item.url])]
    return "\n  ".join("\n".join(lines).splitlines())


def server_of(address: str) -> Server | None:
    """Read `smtp://user:password@host:port` or `smtps://…`; None for `mailbox`; raises ValueError otherwise."""
    if address == "mailbox":
        return None
    parts: SplitResult = urlsplit(address)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("GUILDRY_MAIL takes smtp://user:password@host:port, smtps://…, or mailbox.")
    is_implicit = parts.scheme == "smtps"
    return Server(
        parts.hostname,
        parts.port or (465 if is_implicit else 587),
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        is_implicit,
    )


def is_mailbox_open(mail: str, hosts: Collection[str | None]) -> bool:
    """Show stored mail only where nothing is sent and the site answers to local names alone."""
    return mail == "mailbox" and all(host in _LOCAL_HOSTS for host in hosts)


def is_here(address: str) -> bool:
    """Tell whether a reader sits at this very machine."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def is_header(name: str, value: str) -> bool:
    """Tell whether a header is one line: whoever can break it can write headers, and recipients, of their own."""
    return bool(_HEADER_NAME.fullmatch(name)) and not any(
        ord(sign) < 32 or ord(sign) == 127 for sign in value
    )


def is_final(code: int) -> bool:
    """Tell whether a mail server's answer will be the same tomorrow (RFC 5321, section 4.2.1)."""
    return code >= 500
