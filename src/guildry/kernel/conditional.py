"""Conditional requests: entity tags of what a reader has, and updates that name the version they change."""

import hashlib
import re

from django.http import HttpRequest

from guildry.kernel import errors

_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')


class VersionMissing(errors.DomainError):
    problem = errors.PRECONDITION_REQUIRED
    detail = "Send If-Match with the ETag of the version you read, so that nobody's change is lost."


class VersionChanged(errors.DomainError):
    problem = errors.PRECONDITION_FAILED
    detail = "This changed since you read it. Read it again, then repeat your change."


def tag_of(version: object) -> str:
    """Return the strong entity tag of a version: a number, a time, or any text that changes with the row."""
    return f'"{hashlib.sha256(str(version).encode()).hexdigest()[:24]}"'


def weak_tag_of(content: bytes) -> str:
    """Return the weak entity tag of a rendered reply."""
    return f'W/"{hashlib.sha256(content).hexdigest()[:24]}"'


def names(header: str, tag: str, *, weakly: bool = False) -> bool:
    """Tell whether an If-Match (strong) or If-None-Match (`weakly`) header names the tag."""
    if header.strip() == "*":
        return True
    known = _TAG.findall(header)
    if weakly:
        return tag.removeprefix("W/") in [given.removeprefix("W/") for given in known]
    return not tag.startswith("W/") and tag in known


def require_match(request: HttpRequest, version: object) -> None:
    """Let an update continue only when its If-Match names `version`.

    Raises VersionMissing without the header and VersionChanged when it names another version.
    """
    header = request.headers.get("If-Match", "")
    if not header:
        raise VersionMissing
    if not names(header, tag_of(version)):
        raise VersionChanged
