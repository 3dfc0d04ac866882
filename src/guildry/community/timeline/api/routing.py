"""The one router of the Timeline's API, and who reads."""

from ninja import Router
from ninja.security import django_auth

router = Router(tags=["timeline"], auth=django_auth)
