"""Opening a community that was brought up: its chain of facts, somebody signing in, and pages."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from guildry.platform.audit.queries import verify_chain

FOR_GUESTS = ("site:home", "account_login")
FOR_MEMBERS = ("timeline:home", "network:home", "notifications:home", "accounts:settings")


def smoke() -> dict[str, Any]:
    """Bring the schema up to date, prove the chain of facts and ask for pages, as a guest and as the first member."""
    call_command("migrate", interactive=False, verbosity=0)
    if not Path(settings.STATIC_ROOT).exists():
        call_command("collectstatic", interactive=False, verbosity=0)
    whole, finding = verify_chain()
    client = Client(raise_request_exception=False, SERVER_NAME=settings.ALLOWED_HOSTS[0])
    pages = {f"guest {page}": _status(client, page) for page in FOR_GUESTS}
    member = get_user_model().objects.filter(is_active=True).order_by("pk").first()
    if member is not None:
        client.force_login(member, settings.AUTHENTICATION_BACKENDS[0])
        pages |= {f"member {page}": _status(client, page) for page in FOR_MEMBERS}
    return {"facts": whole, "broken": str(finding) if finding else "", "pages": pages}


def _status(client: Client, page: str) -> int:
    return client.get(reverse(page), secure=settings.IS_SECURE).status_code
