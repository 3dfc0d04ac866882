"""What a member's device may keep of their own profile."""

from datetime import timedelta
from typing import Any

from guildry.kernel.offline import OfflineEntity, OfflineEnum, OfflineField, OfflineRecord, Shape
from guildry.people.profiles import rules
from guildry.people.profiles.models import Availability
from guildry.people.profiles.queries.profiles import own_sheet

PROFILE = OfflineRecord(
    "Profile",
    (
        OfflineField("id", Shape.TEXT, ("accounts.Member.id",)),
        *(
            OfflineField(name, Shape.TEXT, (f"accounts.Member.{name}",))
            for name in ("handle", "name", "headline", "portrait")
        ),
        OfflineField("hats", Shape.TEXT, ("accounts.Member.hats",), many=True),
        OfflineField("story", Shape.TEXT, ("profiles.Profile.story",)),
        OfflineField("place", Shape.TEXT, ("profiles.Profile.place",)),
        OfflineField(
            "availability",
            OfflineEnum("Availability", tuple(Availability.values)),
            ("profiles.Profile.availability",),
            optional=True,
        ),
        OfflineField("skills", Shape.TEXT, ("profiles.Skill.label", "profiles.MemberSkill.skill"), many=True),
        OfflineField(
            "languages",
            OfflineRecord(
                "SpokenLanguage",
                (
                    OfflineField("code", Shape.TEXT, ("profiles.Language.code",)),
                    OfflineField(
                        "level", OfflineEnum("LanguageLevel", rules.LEVELS), ("profiles.Language.level",)
                    ),
                ),
            ),
            many=True,
        ),
        OfflineField(
            "links",
            OfflineRecord(
                "ProfileLink",
                (
                    OfflineField("label", Shape.TEXT, ("profiles.Link.label",)),
                    OfflineField("url", Shape.TEXT, ("profiles.Link.url",)),
                ),
            ),
            many=True,
        ),
    ),
)


def own_profile(viewer: Any) -> list[dict[str, Any]]:
    """Return the one row: everything on the viewer's own profile that devices keep."""
    own = own_sheet(viewer)
    member, profile = own.member, own.profile
    return [
        {
            "id": str(member.pk),
            **{name: getattr(member, name) for name in ("handle", "name", "headline", "portrait")},
            "hats": list(member.hats),
            "story": profile.story,
            "place": profile.place,
            "availability": profile.availability or None,
            "skills": [entry.skill.label for entry in own.skills],
            "languages": [{"code": spoken.code, "level": spoken.level} for spoken in own.languages],
            "links": [{"label": link.label, "url": link.url} for link in own.links],
        }
    ]


ENTITY = OfflineEntity("profile", "Own profile", PROFILE, own_profile, timedelta(days=30))
