"""The profile itself: story, place, availability, rates and who sees what."""

from datetime import date
from typing import Any

from django.db import transaction

from guildry.kernel import bus, clock, errors, text, validation
from guildry.kernel.money import Money
from guildry.people.accounts import actions as account_actions
from guildry.people.accounts import queries as accounts
from guildry.people.accounts.models import Member
from guildry.people.profiles import rules
from guildry.people.profiles.events import ProfileEdited, VisibilityChosen
from guildry.people.profiles.models import Profile
from guildry.platform.files import actions as files
from guildry.platform.files import queries as files_known


class PortraitWaiting(errors.Invalid):
    problem = errors.problem("portrait-not-checked", 422, "That picture cannot be checked right now")
    detail = "That picture is too large to check at once, or the virus scanner is away. Choose a smaller one."


def own_profile(actor: Any) -> Profile:
    """Lock the actor's profile for the running transaction, made now when there is none yet."""
    if not isinstance(actor, Member):
        raise errors.Unauthenticated
    found = Profile.objects.select_for_update().filter(pk=actor.pk).first()
    return found or _made(actor)


def start_profile(actor: Any, *, member_id: int) -> None:
    """Give a member a profile, and repeat in it what the directory shows of the account; done again it changes nothing."""
    with transaction.atomic():
        member = accounts.members_by_id([member_id]).get(member_id)
        if member is None:
            return
        profile = Profile.objects.select_for_update().filter(pk=member_id).first()
        if profile is None:
            _made(member)
            return
        _repeat_account(profile, member)
        profile.save(update_fields=["sort_key", "search_text", "hats"])


def choose_portrait(actor: Any, *, file: Any) -> str:
    """Take a picture as one's portrait, or go back to the drawn one with None; returns the key of the file.

    Raises PortraitWaiting, and what a file raises.
    """
    if not isinstance(actor, Member):
        raise errors.Unauthenticated
    key = ""
    if file is not None:
        stored = files.receive_upload(actor, use="profiles.portrait", file=file, alt=actor.name)
        if stored.key not in files_known.files_by_key([stored.key]):
            raise PortraitWaiting(field="file")
        key = stored.key
    account_actions.present_member(actor, portrait=key)
    return key


def edit_story(actor: Any, *, story: str, place: str) -> Profile:
    """Change story and place; raises Invalid."""
    with transaction.atomic():
        profile = own_profile(actor)
        profile.story, profile.place = text.clean(story), text.clean(place)
        return _edited(actor, profile, "story")


def edit_availability(
    actor: Any,
    *,
    availability: str,
    available_on: date | None = None,
    hours_per_week: int | None = None,
    day_rate: Money | None = None,
    hour_rate: Money | None = None,
) -> Profile:
    """Change when and for how much the member works; both rates are in one currency. Raises Invalid."""
    if availability == Profile.Availability.SOON and available_on is None:
        raise errors.Invalid("Say from which date you are free.", field="available_on")
    rates = [rate for rate in (day_rate, hour_rate) if rate]
    if len({rate.currency for rate in rates}) > 1:
        raise errors.Invalid("Both rates take the same currency.", field="currency")
    if any(rate.minor <= 0 for rate in rates):
        raise errors.Invalid(
            "A rate is above nothing. Leave it empty when you do not want to say.", field="day_rate"
        )
    with transaction.atomic():
        profile = own_profile(actor)
        profile.availability = availability
        profile.available_on = available_on if availability == Profile.Availability.SOON else None
        profile.hours_per_week = hours_per_week
        profile.day_rate_minor = day_rate.minor if day_rate else None
        profile.hour_rate_minor = hour_rate.minor if hour_rate else None
        profile.currency = rates[0].currency if rates else profile.currency
        return _edited(actor, profile, "availability")


def choose_visibility(
    actor: Any, *, audiences: dict[str, str], is_listed: bool, is_indexable: bool
) -> Profile:
    """Say who sees each section, whether the directory lists the member, and whether search engines may; raises Invalid."""
    if unknown := audiences.keys() - set(rules.SECTIONS):
        raise errors.Invalid(f"There is no section {min(unknown)}.", field="audiences")
    with transaction.atomic():
        profile = own_profile(actor)
        for section, audience in audiences.items():
            setattr(profile, f"{section}_shown_to", audience)
        profile.is_listed, profile.is_indexable = is_listed, is_indexable
        validation.check(profile)
        profile.save()
        bus.publish(VisibilityChosen(profile.pk), actor=actor)
    return profile


def _made(member: Member) -> Profile:
    now = clock.now()
    profile = Profile(member=member, created_at=now, edited_at=now)
    _repeat_account(profile, member)
    profile.save(force_insert=True)
    return profile


def _repeat_account(profile: Profile, member: Member) -> None:
    profile.sort_key = rules.sort_key(member.name)
    profile.search_text = rules.fold(f"{member.name} {member.handle} {member.headline}")[:300]
    profile.hats = "".join(f"|{hat}" for hat in member.hats) + "|" if member.hats else ""


def _edited(actor: Any, profile: Profile, section: str) -> Profile:
    profile.edited_at = clock.now()
    validation.check(profile)
    profile.save()
    bus.publish(ProfileEdited(profile.pk, section), actor=actor)
    return profile
