"""Giving a secret a successor, while the one before stays accepted."""

from pathlib import Path

from django.conf import settings
from django.db import transaction

from guildry.kernel import bus, errors, permissions, runtime
from guildry.kernel.configuration.keeping import Keeper
from guildry.kernel.permissions import Actor
from guildry.kernel.points import RESEALS, RUNTIME_SETTINGS
from guildry.platform.runtime import rules
from guildry.platform.runtime.actions import chain
from guildry.platform.runtime.events import SecretRotated
from guildry.platform.runtime.models import ChangeSet


class SecretUnknown(errors.NotFound):
    problem = errors.problem("secret-unknown", 404, "No such secret")
    detail = "The site keeps no secret of that name."


class SecretPinned(errors.Conflict):
    problem = errors.problem("secret-pinned", 409, "This secret is given from outside")
    detail = "This secret is given by the environment or a file, so it is changed there."


def rotate_secret(actor: Actor, *, key: str, reason: str, channel: str) -> ChangeSet:
    """Make a new secret and accept the one before it until the next rotation.

    What the one before that had sealed is sealed anew first. Raises SecretUnknown, SecretPinned and BadReason.
    """
    permissions.require(actor, "config.change")
    setting = RUNTIME_SETTINGS.get(key)
    if setting is None or not setting.kept:
        raise SecretUnknown
    if runtime.outside().values.get(key):
        raise SecretPinned
    keeper = Keeper(Path(settings.DATA_DIR))
    with transaction.atomic():
        head = chain.lock_head(actor)
        before = keeper.newest_first(key)
        for entry in RESEALS:
            if entry.secret == key:
                entry.reseal()
        row = chain.start_set(
            actor,
            kind=ChangeSet.Kind.ROTATION,
            state=rules.WAITING,
            head=head,
            channel=channel,
            reason=reason,
            changes={},
        )
        keeper.rotate(key)
        after = keeper.newest_first(key)
        row.changes.create(key=key, before=_fingerprint(before), after=_fingerprint(after))
        chain.seal_set(actor, head=head, row=row)
        bus.publish(SecretRotated(key, row.version or 0), actor=actor, act=chain.act_of(actor, row=row))
    return row


def _fingerprint(secrets: tuple[str, ...]) -> str | None:
    return rules.fingerprint(secrets[0]) if secrets else None
