"""What is asked of organisations and the people in them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from guildry.kernel import clock, crypto, errors, paging, permissions
from guildry.people.accounts.models import Member
from guildry.people.organisations import rules
from guildry.people.organisations.models import (
    Invitation,
    JoinRequest,
    Membership,
    Organisation,
    Oversight,
)

PAGE_SIZE = 24


class OrganisationNotFound(errors.NotFound):
    problem = errors.problem("organisation-not-found", 404, "No such organisation")
    detail = "There is no organisation with that handle, or it has closed."


class InvitationNotFound(errors.NotFound):
    problem = errors.problem("invitation-not-found", 404, "This invitation does not work")
    detail = "This invitation was answered, withdrawn or is not yours. Ask whoever invited you for a new one."


class InvitationExpired(errors.Gone):
    problem = errors.problem("invitation-expired", 410, "This invitation has expired")
    detail = "This invitation has expired. Ask whoever invited you for a new one."


@dataclass(frozen=True)
class Standing:
    """How a viewer stands to an organisation: a role with its rights, an open request, an open invitation.

    `may_step_in` says that an overseer has every right there once they say why.
    """

    role: str = ""
    rights: frozenset[rules.Right] = frozenset()
    request: JoinRequest | None = None
    invitation: Invitation | None = None
    may_step_in: bool = False

    def may(self, right: str) -> bool:
        return right in self.rights

    @property
    def giving_role(self) -> str | None:
        """The role by which one hands out roles: overseers do it as owners do."""
        return "owner" if rules.Right.CLOSE in self.rights else self.role or None


def is_invited(email: str) -> bool:
    """Tell whether an organisation waits for the answer of an address, in time."""
    waiting = Invitation.objects.filter(
        email=email, state=Invitation.State.PENDING, expires_at__gt=clock.now()
    )
    return waiting.filter(organisation__state=Organisation.State.OPEN).exists()


def organisation_by_handle(viewer: Member | None, handle: str) -> Organisation:
    """Raises OrganisationNotFound for a handle nobody has and for what the viewer may not see."""
    found = Organisation.objects.visible_to(viewer).filter(handle=handle.lower()).first()
    if found is None:
        raise OrganisationNotFound
    return found


def organisations_by_id(ids: list[int]) -> dict[int, Organisation]:
    return Organisation.objects.in_bulk(ids)


def organisations_of(member_id: int) -> list[Organisation]:
    """Return the open organisations a member belongs to, by name."""
    return list(
        Organisation.objects.filter(
            state="open", memberships__member_id=member_id, memberships__is_current=True
        ).order_by("sort_key", "id")
    )


def organisation_ids_of(member_id: int) -> list[int]:
    """Return the ids of the open organisations a member belongs to."""
    rows = Membership.objects.filter(member_id=member_id, is_current=True, organisation__state="open")
    return list(rows.values_list("organisation_id", flat=True))


def memberships_of(member_id: int) -> list[Membership]:
    """Return a member's current memberships with their organisations, the closed ones too, by name."""
    rows = Membership.objects.filter(member_id=member_id, is_current=True).select_related("organisation")
    return list(rows.order_by("organisation__sort_key", "organisation_id"))


def is_member(organisation_id: int, member_id: int) -> bool:
    return Membership.objects.filter(
        organisation_id=organisation_id, member_id=member_id, is_current=True
    ).exists()


def role_of(organisation_id: int, member_id: int | None) -> str | None:
    """Return the role somebody holds now, or None."""
    if member_id is None:
        return None
    rows = Membership.objects.filter(organisation_id=organisation_id, member_id=member_id, is_current=True)
    return rows.values_list("role", flat=True).first()


def standing(viewer: Member | None, organisation: Organisation) -> Standing:
    """Return how the viewer stands to an organisation; overseers have every right where they said why."""
    if viewer is None:
        return Standing()
    role = role_of(organisation.pk, viewer.pk)
    rights = rules.rights_of(role)
    may_step_in = permissions.has(viewer, "organisations.oversee") and role != "owner"
    if may_step_in and oversight_of(organisation.pk, viewer.pk):
        rights, may_step_in = frozenset(rules.Right), False
    if role:
        return Standing(role, rights, may_step_in=may_step_in)
    request = JoinRequest.objects.filter(organisation=organisation, member=viewer, is_open=True).first()
    waiting = Invitation.objects.addressed_to(viewer).filter(organisation=organisation, state="pending")
    invitation = waiting.filter(expires_at__gt=clock.now()).first()
    return Standing("", rights, request, invitation, may_step_in)


def oversight_of(organisation_id: int, member_id: int) -> Oversight | None:
    """Return the oversight in force of somebody over an organisation."""
    rows = Oversight.objects.filter(organisation_id=organisation_id, member_id=member_id)
    return rows.filter(ends_at__gt=clock.now()).order_by("-ends_at").first()


def people_of(
    organisation: Organisation, *, cursor: str = "", size: int = PAGE_SIZE
) -> paging.Page[Membership]:
    """Return current members with their accounts, those who joined first coming first."""
    rows = Membership.objects.filter(organisation=organisation, is_current=True, member__is_active=True)
    if cursor:
        (after,) = paging.decode_cursor(cursor, int)
        rows = rows.filter(pk__gt=after)
    found = list(rows.select_related("member").order_by("pk")[: size + 1])
    return paging.page_of(found, size, "pk")


def leaders_of(organisation: Organisation, limit: int = 6) -> list[Membership]:
    """Return owners and admins with their accounts, in the order they joined."""
    rows = Membership.objects.filter(organisation=organisation, is_current=True, role__in=("owner", "admin"))
    return list(rows.filter(member__is_active=True).select_related("member").order_by("pk")[:limit])


def former_people_of(organisation: Organisation, limit: int = 50) -> list[Membership]:
    """Return the memberships that ended last, with their accounts."""
    rows = Membership.objects.filter(organisation=organisation, is_current=None)
    return list(rows.select_related("member").order_by("-ended_at", "-pk")[:limit])


def directory(
    viewer: Member | None,
    *,
    text: str = "",
    kind: str = "",
    place: str = "",
    cursor: str = "",
    size: int = PAGE_SIZE,
) -> paging.Page[Organisation]:
    """Return open organisations by name; every word of `text` must occur in the name, handle or tagline."""
    rows = Organisation.objects.visible_to(viewer).filter(state="open")
    for word in text.split()[:6]:
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(sort_key__contains=rules.sort_key(word) or word)
            | Q(handle__contains=word.lower())
            | Q(tagline__icontains=word)
        )
    if kind:
        rows = rows.filter(kind=kind)
    if place:
        rows = rows.filter(place__icontains=place)
    if cursor:
        key, after = paging.decode_cursor(cursor, str, int)
        rows = rows.filter(Q(sort_key__gt=key) | Q(sort_key=key, pk__gt=after))
    found = list(rows.order_by("sort_key", "id")[: size + 1])
    return paging.page_of(found, size, "sort_key", "pk")


def invitations_of(organisation: Organisation) -> list[Invitation]:
    """Return what is waiting for an answer, expired ones included, the newest first."""
    rows = Invitation.objects.filter(organisation=organisation, state="pending")
    return list(rows.select_related("member", "invited_by").order_by("-pk")[: rules.PENDING_INVITATIONS])


def open_invitations(viewer: Member, organisation: Organisation) -> list[Invitation]:
    """Return what waits for an answer to those who may invite, and nothing to anybody else."""
    return invitations_of(organisation) if standing(viewer, organisation).may(rules.Right.INVITE) else []


def requests_of(organisation: Organisation) -> list[JoinRequest]:
    """Return the requests waiting for an answer, the oldest first."""
    rows = JoinRequest.objects.filter(organisation=organisation, is_open=True)
    return list(rows.select_related("member").order_by("pk")[:100])


def invitations_for(member: Member) -> list[Invitation]:
    """Return the invitations a member can answer by being signed in, the newest first."""
    rows = Invitation.objects.addressed_to(member).filter(
        state="pending", expires_at__gt=clock.now(), organisation__state="open"
    )
    return list(rows.select_related("organisation", "invited_by").order_by("-pk"))


def invitation_by_token(token: str) -> Invitation:
    """Raises InvitationNotFound or InvitationExpired; guests may look, because the token is the proof."""
    rows = Invitation.objects.select_related("organisation", "invited_by", "member")
    found = rows.filter(
        token_digest=crypto.digest(token), state="pending", organisation__state="open"
    ).first()
    if found is None:
        raise InvitationNotFound
    if rules.is_expired(found.expires_at, clock.now()):
        raise InvitationExpired
    return found


def invitation_by_id(member: Member, invitation_id: int) -> Invitation:
    """Return an invitation addressed to the member's account; raises InvitationNotFound or InvitationExpired."""
    rows = Invitation.objects.addressed_to(member).select_related("organisation", "invited_by", "member")
    found = rows.filter(pk=invitation_id, state="pending", organisation__state="open").first()
    if found is None:
        raise InvitationNotFound
    if rules.is_expired(found.expires_at, clock.now()):
        raise InvitationExpired
    return found


def search_for_palette(viewer: Any, text: str, limit: int) -> list[Organisation]:
    return list(directory(viewer, text=text, size=limit).items)


def marks_in_use(keys: list[str]) -> set[str]:
    return set(Organisation.objects.filter(mark__in=keys).values_list("mark", flat=True))
