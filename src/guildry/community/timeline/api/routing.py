"""The one router of the Timeline's API, and who reads."""

from ninja import Router

router = Router(tags=["timeline"])


def viewer_of(request: HttpRequest) -> Any:
    """Return the signed-in member, or None for a guest."""
    return request.user if request.user.is_authenticated else None
