"""The one router of the Timeline's API, and who reads."""

from typing import Any

from django.http import HttpRequest
from ninja import Router
from ninja.security import django_auth

router = Router(tags=["timeline"], auth=django_auth)


def viewer_of(request: HttpRequest) -> Any:
    """Return the signed-in member, or None for a guest."""
    return request.user if request.user.is_authenticated else None
