"""JSON API of profiles."""

from ninja import Router

router = Router(tags=["profiles"])
