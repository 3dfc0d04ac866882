"""Putting a value above every other layer for a while, for the hour in which something burns."""

from datetime import timedelta

from django.db import transaction

from guildry.kernel import bus, clock, errors, permissions, runtime
from guildry.kernel.configuration import Wrong, parse, render
from guildry.kernel.configuration.kinds import duration_text
from guildry.kernel.permissions import Actor
from guildry.kernel.points import RUNTIME_SETTINGS
from guildry.platform.runtime import queries, rules
from guildry.platform.runtime.actions import chain
from guildry.platform.runtime.actions.changes import CONSOLE, ChangesRefused
from guildry.platform.runtime.events import OverrideEnded, OverrideSet
from guildry.platform.runtime.models import ChangeSet, Override


class OverrideUnknown(errors.NotFound):
    problem = errors.problem("override-unknown", 404, "No such override")
    detail = "There is no such override, or it has ended."


class BadLifetime(errors.Invalid):
    problem = errors.problem("override-lifetime", 422, "Choose another lifetime")
    detail = "An override lasts from a minute to a day."


def override_value(
    actor: Actor, *, key: str, text: str, lifetime: timedelta, reason: str, channel: str = CONSOLE
) -> Override:
    """Put a value in force above files, store and environment until it expires.

    A key that takes two people also takes the right to approve here. Raises ChangesRefused, BadLifetime, BadReason.
    """
    permissions.require(actor, "config.change")
    if not rules.SHORTEST_OVERRIDE <= lifetime <= rules.LONGEST_OVERRIDE:
        raise BadLifetime(field="lifetime")
    canonical = _canonical(actor, key, text)
    with transaction.atomic():
        head = chain.lock_head(actor)
        _check(key, canonical)
        expires_at = clock.now() + lifetime
        row = chain.start_set(
            actor,
            kind=ChangeSet.Kind.OVERRIDE,
            state=rules.WAITING,
            head=head,
            channel=channel,
            reason=f"{reason.strip()} (for {duration_text(lifetime)})" if reason.strip() else "",
            changes={key: (None, canonical)},
        )
        Override.objects.filter(key=key, ended_at=None).update(ended_at=clock.now())
        override = Override.objects.create(key=key, text=canonical, change_set=row, expires_at=expires_at)
        chain.seal_set(actor, head=head, row=row)
        bus.publish(OverrideSet(override.pk), actor=actor, act=chain.act_of(actor, row=row))
    return override


def end_override(actor: Actor, *, override_id: int, reason: str, channel: str = CONSOLE) -> Override:
    """End an override before its time; raises OverrideUnknown and BadReason."""
    permissions.require(actor, "config.change")
    with transaction.atomic():
        head = chain.lock_head(actor)
        override = Override.objects.filter(pk=override_id, ended_at=None, expires_at__gt=clock.now()).first()
        if override is None:
            raise OverrideUnknown
        row = chain.start_set(
            actor,
            kind=ChangeSet.Kind.OVERRIDE_END,
            state=rules.WAITING,
            head=head,
            channel=channel,
            reason=reason,
            changes={override.key: (override.text, None)},
        )
        override.ended_at = clock.now()
        override.save()
        chain.seal_set(actor, head=head, row=row)
        bus.publish(OverrideEnded(override.pk), actor=actor, act=chain.act_of(actor, row=row))
    return override


def _canonical(actor: Actor, key: str, text: str) -> str:
    setting = RUNTIME_SETTINGS.get(key)
    if setting is None or not setting.is_runtime:
        detail = "is no key that can change while the site runs."
        raise ChangesRefused(errors=(errors.FieldError(key, detail),))
    if setting.needs_approval:
        permissions.require(actor, "config.approve")
    try:
        return render(setting, parse(setting, text))
    except Wrong as wrong:
        raise ChangesRefused(errors=(errors.FieldError(key, str(wrong), str(wrong.code)),)) from None


def _check(key: str, text: str) -> None:
    found = queries.effective(queries.snapshot(), overridden={key: text})
    if found.findings:
        raise ChangesRefused(
            errors=tuple(errors.FieldError(each.key, f"{each.message} {each.fix}") for each in found.findings)
        )
    try:
        runtime.rehearse(found.values)
    except Exception as error:
        raise ChangesRefused(f"A part of the site cannot work with this value: {error}") from error
