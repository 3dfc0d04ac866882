"""Experience, qualifications, portfolio, languages and links: entries of one's own profile."""

from datetime import date
from typing import Any

from django.db import models, transaction

from guildry.kernel import bus, clock, errors, text, validation
from guildry.people.organisations import queries as organisations
from guildry.people.profiles import queries, rules
from guildry.people.profiles.actions.profiles import own_profile
from guildry.people.profiles.events import ProfileEdited
from guildry.people.profiles.models import (
    Experience,
    Language,
    Link,
    PortfolioItem,
    Profile,
    Qualification,
)
from guildry.platform.files import actions as files


class DetailMissing(errors.NotFound):
    problem = errors.problem("profile-entry-not-found", 404, "No such entry")
    detail = "This entry is not on your profile any more."


class TooManyEntries(errors.Invalid):
    problem = errors.problem("too-many-entries", 422, "That section is full")
    detail = "This section is full. Remove an entry first."


SECTIONS: dict[str, tuple[type[models.Model], int]] = {
    "experience": (Experience, rules.EXPERIENCES),
    "qualifications": (Qualification, rules.QUALIFICATIONS),
    "portfolio": (PortfolioItem, rules.PORTFOLIO_ITEMS),
    "languages": (Language, rules.LANGUAGES),
    "links": (Link, rules.LINKS),
}


def add_experience(actor: Any, *, title: str, started_on: date, **fields: Any) -> Experience:
    """Add something done somewhere; raises Invalid or TooManyEntries."""
    _check_span(started_on, fields.get("ended_on"))
    return _add(actor, "experience", {"title": title, "started_on": started_on, **_placed(actor, fields)})


def edit_experience(actor: Any, *, entry_id: int, **fields: Any) -> Experience:
    """Change an entry; raises DetailMissing or Invalid."""
    _check_span(fields["started_on"], fields.get("ended_on"))
    return _edit(actor, "experience", entry_id, _placed(actor, fields))


def add_qualification(actor: Any, *, title: str, **fields: Any) -> Qualification:
    """Add a degree, certificate or licence; raises Invalid or TooManyEntries."""
    _check_term(fields)
    return _add(actor, "qualifications", {"title": title, **fields})


def edit_qualification(actor: Any, *, entry_id: int, **fields: Any) -> Qualification:
    """Change an entry; raises DetailMissing or Invalid."""
    _check_term(fields)
    return _edit(actor, "qualifications", entry_id, fields)


def add_portfolio_item(
    actor: Any, *, title: str, upload: Any = None, alt: str = "", **fields: Any
) -> PortfolioItem:
    """Add a piece of work with a picture or a document; raises Invalid, TooManyEntries and what a file raises."""
    kept = _kept_file(actor, upload, alt)
    return _add(actor, "portfolio", {"title": title, "created_at": clock.now(), **fields, **kept})


def edit_portfolio_item(
    actor: Any, *, entry_id: int, upload: Any = None, alt: str = "", **fields: Any
) -> PortfolioItem:
    """Change a piece of work; its file stays unless there is a new one. Raises as add_portfolio_item does."""
    return _edit(actor, "portfolio", entry_id, {**fields, **_kept_file(actor, upload, alt)})


def add_language(actor: Any, *, code: str, level: str) -> Language:
    """Add a language, or change the level of one that is there; raises Invalid or TooManyEntries."""
    if code not in queries.language_names():
        raise errors.Invalid("Choose a language from the list.", field="code")
    with transaction.atomic():
        profile = own_profile(actor)
        known = Language.objects.filter(profile=profile, code=code).first()
        if known is None:
            return _saved(actor, profile, "languages", Language(profile=profile, code=code, level=level))
        known.level = level
        return _saved(actor, profile, "languages", known)


def add_link(actor: Any, *, label: str, url: str) -> Link:
    """Add an address elsewhere; raises Invalid or TooManyEntries."""
    return _add(actor, "links", {"label": label, "url": url})


def remove_detail(actor: Any, *, section: str, entry_id: int) -> None:
    """Remove an entry of one's own profile; raises DetailMissing."""
    with transaction.atomic():
        profile = own_profile(actor)
        _own(profile, section, entry_id).delete()
        _touch(profile)
        bus.publish(ProfileEdited(profile.pk, section), actor=actor)


def _add(actor: Any, section: str, fields: dict[str, Any]) -> Any:
    model, most = SECTIONS[section]
    with transaction.atomic():
        profile = own_profile(actor)
        if model._default_manager.filter(profile=profile).count() >= most:
            raise TooManyEntries
        return _saved(actor, profile, section, model(profile=profile, **_clean(fields)))


def _edit(actor: Any, section: str, entry_id: int, fields: dict[str, Any]) -> Any:
    with transaction.atomic():
        profile = own_profile(actor)
        entry = _own(profile, section, entry_id)
        for key, value in _clean(fields).items():
            setattr(entry, key, value)
        return _saved(actor, profile, section, entry)


def _saved(actor: Any, profile: Profile, section: str, entry: Any) -> Any:
    validation.check(entry)
    entry.save()
    _touch(profile)
    bus.publish(ProfileEdited(profile.pk, section), actor=actor)
    return entry


def _own(profile: Profile, section: str, entry_id: int) -> Any:
    if section not in SECTIONS:
        raise DetailMissing
    found = SECTIONS[section][0]._default_manager.filter(profile=profile, pk=entry_id).first()
    if found is None:
        raise DetailMissing
    return found


def _touch(profile: Profile) -> None:
    profile.edited_at = clock.now()
    profile.save(update_fields=["edited_at"])


def _placed(actor: Any, fields: dict[str, Any]) -> dict[str, Any]:
    """Tie an entry to the organisation of that name when the member belongs to it."""
    named = rules.fold(fields.get("organisation_name", ""))
    own = organisations.organisations_of(actor.pk) if named else []
    fields["organisation_id"] = next((o.pk for o in own if rules.fold(o.name) == named), None)
    return fields


def _check_span(start: date, end: date | None) -> None:
    if start > clock.now().date():
        raise errors.Invalid("The start lies in the future.", field="started_on")
    if not rules.is_in_order(start, end):
        raise errors.Invalid("The end lies before the start, or the start long ago.", field="ended_on")


def _check_term(fields: dict[str, Any]) -> None:
    awarded, expires = fields.get("awarded_on"), fields.get("expires_on")
    if awarded and expires and expires < awarded:
        raise errors.Invalid("It expires before it was awarded.", field="expires_on")


def _kept_file(actor: Any, upload: Any, alt: str) -> dict[str, Any]:
    if upload is None:
        return {}
    stored = files.receive_upload(actor, use="profiles.portfolio", file=upload, alt=alt)
    return {
        "file": stored.key,
        "file_name": stored.name,
        "is_image": stored.media_type.startswith("image/"),
    }


def _clean(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: text.clean(value) if isinstance(value, str) else value for key, value in fields.items()}
