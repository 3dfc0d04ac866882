"""The cast as members, and what runs by itself."""

from datetime import UTC, datetime, timedelta

from guildry.kernel.permissions import StaffRole
from guildry.kernel.seeding import Person, World
from guildry.people.accounts import queries, seeds
from guildry.people.accounts.models import Member, StaffGrant

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CAST = (
    Person("ada", "Ada Nwosu", "Makes chairs", "", "", "Europe/Malta", hats=("mentor",), persona="Organiser"),
    Person("ruth", "Ruth Cole", "", "", "", "UTC", staff_roles=("administrator", "auditor")),
)


def tell() -> None:
    for step in seeds.steps(World(now=NOW, cast=CAST, guilds=())):
        step()


def test_the_cast_joined_one_after_the_other_in_the_past(db: None) -> None:
    tell()

    ada, ruth = Member.objects.order_by("created_at")
    assert (ada.handle, ada.headline, ada.hats, ada.time_zone) == (
        "ada", "Makes chairs", ["mentor"], "Europe/Malta",
    )  # fmt: skip
    assert ruth.created_at - ada.created_at == timedelta(hours=1)
    assert ruth.created_at < NOW - timedelta(days=59)
    assert ada.check_password(queries.DEMO_PASSWORD)


def test_staff_of_the_cast_hold_their_roles_in_force(db: None) -> None:
    tell()

    ruth = Member.objects.get(handle="ruth")
    assert ruth.staff_roles == {StaffRole.ADMINISTRATOR, StaffRole.AUDITOR}
    assert [str(grant.granted_by) for grant in StaffGrant.objects.all()] == ["None", "None"]


def test_only_named_personas_can_be_stepped_into(db: None) -> None:
    tell()

    assert [(persona.label, persona.member.handle) for persona in queries.personas()] == [
        ("Organiser", "ada")
    ]
    assert queries.persona("ruth") is None
