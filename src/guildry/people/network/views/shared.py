"""What the pages share."""

from typing import cast

from django.http import HttpRequest

from guildry.people.accounts.models import Member


def me(request: HttpRequest) -> Member:
    """Return whoever is signed in; the view has let nobody else in."""
    return cast(Member, request.user)
