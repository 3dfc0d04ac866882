"""Loading the shipped skills into their table."""

from typing import Any

from django.db import connection, transaction

from guildry.kernel import clock, permissions
from guildry.people.profiles.models import Skill, SkillRelease
from guildry.people.profiles.queries import taxonomy

_ROWS = 2_000


def load_skills(actor: Any) -> bool:
    """Bring the table to the shipped version; returns False when it already was. Raises PermissionMissing.

    Skills keep their ids, and one that the new version lacks stays for those who have it.
    """
    permissions.require(actor, "profiles.load_skills")
    checksum = taxonomy.checksum()
    if SkillRelease.objects.filter(checksum=checksum).exists():
        return False
    entries = taxonomy.entries()
    with transaction.atomic():
        Skill.objects.bulk_create(
            [Skill(id=e.id, key=e.key, label=e.label, source=e.source, uri=e.uri[:120], description=e.description)
             for e in entries],
            batch_size=_ROWS, update_conflicts=True, unique_fields=_unique_fields(),
            update_fields=["label", "source", "uri", "description"],
        )  # fmt: skip
        SkillRelease.objects.all().delete()
        SkillRelease.objects.create(checksum=checksum, loaded_at=clock.now())
    return True


def _unique_fields() -> list[str] | None:
    return ["id"] if connection.features.supports_update_conflicts_with_target else None
