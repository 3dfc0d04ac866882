"""JSON API of timeline."""

from ninja import Router

router = Router(tags=["timeline"])
