"""The one router of the Timeline's API, and who reads."""

from ninja import Router

router = Router(tags=["timeline"])
