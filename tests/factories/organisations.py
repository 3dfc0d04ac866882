"""Organisations for tests."""

from typing import Any

from guildry.kernel import clock
from guildry.people.accounts.models import Member
from guildry.people.organisations import actions
from guildry.people.organisations.models import Membership, Organisation


def make_organisation(owner: Member, handle: str = "northwind", **fields: Any) -> Organisation:
    """Found an organisation as people do, so that its owner and its count are right."""
    given: dict[str, Any] = {"name": handle.capitalize(), "kind": "company", **fields}
    return actions.found_organisation(owner, handle=handle, **given)


def join(organisation: Organisation, member: Member, role: str = "member") -> Membership:
    """Put somebody in directly, without an invitation."""
    Organisation.objects.filter(pk=organisation.pk).update(people_count=organisation.people_count + 1)
    organisation.refresh_from_db()
    return Membership.objects.create(
        organisation=organisation, member=member, role=role, started_at=clock.now()
    )
