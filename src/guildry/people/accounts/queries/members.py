"""Members by what names them."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import Q

from guildry.kernel import runtime
from guildry.kernel.points import ADMISSIONS
from guildry.people.accounts import rules
from guildry.people.accounts.models import SECOND_FACTORS, Member


def member_by_handle(handle: str) -> Member | None:
    """Return the active member of that handle, in any letter case, or None."""
    return Member.objects.filter(handle=handle.lower(), is_active=True).first()


def members_by_handle(handles: Iterable[str]) -> dict[str, Member]:
    """Return the active members of these lower-case handles; whoever is missing is gone."""
    return {member.handle: member for member in Member.objects.filter(handle__in=handles, is_active=True)}


def is_admitted(email: str) -> bool:
    """Tell whether the owner of an address may join, where that takes an invitation."""
    by_invitation = runtime.value("registration.mode") == rules.BY_INVITATION
    address = email.strip().lower()
    return not by_invitation or any(admission.is_invited(address) for admission in ADMISSIONS)


def member_by_email(email: str) -> Member | None:
    """Return the member of that address, suspended or not, or None."""
    return Member.objects.filter(email=email.strip().lower()).first()


def member_by_id(member_id: int) -> Member | None:
    """Return the member, suspended or not, or None."""
    return Member.objects.filter(pk=member_id).first()


def members_by_id(ids: Iterable[int]) -> dict[int, Member]:
    """Return the members of these ids; whoever is missing is gone."""
    return Member.objects.in_bulk(set(ids))


def search_members(viewer: Member | None, text: str, limit: int) -> list[Member]:
    """Return active members whose name or handle starts with the text, by name; guests find the same."""
    text = text.strip().lstrip("@")
    if not text or limit < 1:
        return []
    found = Member.objects.filter(is_active=True).filter(
        Q(handle__startswith=text.lower()) | Q(name__istartswith=text) | Q(name__icontains=f" {text}")
    )
    return list(found.order_by("name", "id")[:limit])


def is_handle_free(handle: str) -> bool:
    """Tell whether a new member may take the handle."""
    return rules.is_free_word(handle) and not Member.objects.filter(handle=handle).exists()


def free_handle(wanted: str) -> str:
    """Return the handle closest to a name or handle that nobody has yet."""
    plain = unicodedata.normalize("NFKD", wanted).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:24]
    if len(stem) < 2:
        stem = "member"
    taken = set(Member.objects.filter(handle__startswith=stem).values_list("handle", flat=True))
    candidates = [stem, *(f"{stem}{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in candidates if name not in taken and rules.is_free_word(name))


def has_second_factor(member: Member) -> bool:
    """Tell whether a passkey or an authenticator app protects the account."""
    return Authenticator.objects.filter(user_id=member.pk, type__in=SECOND_FACTORS).exists()


def hashed_codes_left(member: Member) -> int | None:
    """Return how many recovery codes are left of those that are only kept as hashes; None while they can be shown."""
    kept = Authenticator.objects.filter(user_id=member.pk, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(kept.data["hashes"]) if kept and "hashes" in kept.data else None


def second_factors_of(member: Member) -> list[Any]:
    """Return the member's authenticators, oldest first, recovery codes among them."""
    return list(Authenticator.objects.filter(user_id=member.pk).order_by("created_at", "id"))


def connection_count(member: Member) -> int:
    """Return how many services the member can sign in with."""
    return SocialAccount.objects.filter(user=member).count()
