"""Mail as its recipient reads it: the letters to an address, their codes and links."""

import re

from guildry.platform.mail.models import OutgoingMail


def letters_to(address: str) -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(to=address).order_by("pk"))


def last_letter(address: str) -> OutgoingMail:
    return letters_to(address)[-1]


def code_in(letter: OutgoingMail) -> str:
    """Return the six digits of a letter; fails when it has none."""
    found = re.search(r"^ {4}(\d{6})$", letter.text, re.MULTILINE)
    assert found, letter.text
    return found[1]


def link_in(letter: OutgoingMail) -> str:
    """Return the path of the first link below the text, as a browser on this site would open it."""
    found = re.search(r"^https?://[^/\s]+(/\S+)$", letter.text, re.MULTILINE)
    assert found, letter.text
    return found[1]
