"""JSON API of organisations."""

from ninja import Router

router = Router(tags=["organisations"])
