"""What happens between people and in organisations, and whom to tell of it."""

from django.urls import reverse

from guildry.kernel.permissions import Actor
from guildry.people.accounts.models import Member
from guildry.people.accounts.queries import members_by_id
from guildry.people.notifications.actions.reading import read_from
from guildry.people.notifications.actions.telling import notify, withdraw_notifications
from guildry.people.organisations import queries as organisations
from guildry.people.organisations.models import Organisation


def tell_followed(actor: Actor, *, follower_id: int, followed_id: int) -> None:
    """Tell a member once, for good, that another follows them."""
    if follower := _member(follower_id):
        notify(
            follower,
            recipients=[followed_id],
            kind="network.follow",
            source=f"member:{follower_id}",
            text=f"{follower.name} follows you",
            url=_profile(follower),
        )


def tell_requested(actor: Actor, *, requester_id: int, addressee_id: int, key: str) -> None:
    """Tell a member that another wants to connect; `key` tells this request from later ones."""
    if requester := _member(requester_id):
        notify(
            requester,
            recipients=[addressee_id],
            kind="network.request",
            source=f"request:{key}",
            text=f"{requester.name} wants to connect with you",
            url=reverse("network:received"),
        )


def tell_accepted(actor: Actor, *, requester_id: int, addressee_id: int, key: str) -> None:
    """Tell who asked that they are connected now, and settle what the other was told of the request."""
    settle_request(actor, requester_id=requester_id, addressee_id=addressee_id)
    if addressee := _member(addressee_id):
        notify(
            addressee,
            recipients=[requester_id],
            kind="network.accepted",
            source=f"request:{key}",
            text=f"{addressee.name} accepted your request. You are connected.",
            url=_profile(addressee),
        )


def settle_request(actor: Actor, *, requester_id: int, addressee_id: int) -> None:
    """Mark as read what a member was told of a request they have answered."""
    read_from(actor, recipient_id=addressee_id, kind="network.request", by=requester_id)


def withdraw_request(actor: Actor, *, requester_id: int, addressee_id: int) -> None:
    """Take back what a member was told of a request that was taken back."""
    withdraw_notifications(actor, recipient_ids=[addressee_id], kind="network.request", by=requester_id)


def tell_invited(actor: Actor, *, organisation_id: int, member_id: int | None, invitation_id: int) -> None:
    """Tell a member that an organisation invites them; whoever is no member yet gets its mail alone."""
    organisation = _organisation(organisation_id)
    if organisation and member_id:
        notify(
            actor,
            recipients=[member_id],
            kind="organisations.invitation",
            source=f"invitation:{invitation_id}",
            text=f"{organisation.name} invites you to join",
            url=reverse("organisations:mine"),
        )


def tell_join_requested(actor: Actor, *, organisation_id: int, member_id: int, request_id: int) -> None:
    """Tell those who lead an organisation that somebody asks to belong."""
    organisation, member = _organisation(organisation_id), _member(member_id)
    if organisation and member:
        notify(
            member,
            recipients=[leader.member_id for leader in organisations.leaders_of(organisation)],
            kind="organisations.request",
            source=f"request:{request_id}",
            text=f"{member.name} asks to join {organisation.name}",
            url=reverse("organisations:people", kwargs={"handle": organisation.handle}),
        )


def tell_let_in(actor: Actor, *, organisation_id: int, member_id: int, key: str) -> None:
    """Tell a member that they belong to an organisation now, when somebody else let them in."""
    if organisation := _organisation(organisation_id):
        notify(
            actor,
            recipients=[member_id],
            kind="organisations.joined",
            source=f"membership:{key}",
            text=f"You belong to {organisation.name} now",
            url=reverse("organisations:organisation", kwargs={"handle": organisation.handle}),
        )


def _member(member_id: int) -> Member | None:
    return members_by_id([member_id]).get(member_id)


def _organisation(organisation_id: int) -> Organisation | None:
    return organisations.organisations_by_id([organisation_id]).get(organisation_id)


def _profile(member: Member) -> str:
    return reverse("profiles:profile", kwargs={"handle": member.handle})
