"""One profile as one viewer may see it."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from babel import Locale
from django.db.models import Value

from guildry.kernel import errors, permissions, points
from guildry.people.accounts import queries as accounts
from guildry.people.accounts.models import Member
from guildry.people.organisations import queries as organisations
from guildry.people.organisations.models import Membership
from guildry.people.profiles import rules
from guildry.people.profiles.models import (
    Experience,
    Language,
    Link,
    MemberSkill,
    PortfolioItem,
    Profile,
    Qualification,
)
from guildry.platform.files import queries as files
from guildry.platform.files.models import StoredFile


class ProfileNotFound(errors.NotFound):
    problem = errors.problem("profile-not-found", 404, "No such member")
    detail = "There is no member with that handle, or you may not see them."


@dataclass(frozen=True)
class Sheet:
    """A profile cut to what its viewer may see: a section that is hidden is empty and not in `shown`."""

    member: Member
    profile: Profile
    closeness: rules.Closeness
    shown: frozenset[str]
    skills: list[MemberSkill] = field(default_factory=list)
    experiences: list[Experience] = field(default_factory=list)
    qualifications: list[Qualification] = field(default_factory=list)
    portfolio: list[PortfolioItem] = field(default_factory=list)
    languages: list[Language] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    memberships: list[Membership] = field(default_factory=list)

    @property
    def is_own(self) -> bool:
        return self.closeness == rules.Closeness.SELF

    @property
    def is_indexable(self) -> bool:
        return self.profile.is_indexable and self.profile.is_listed

    def shows(self, section: str) -> bool:
        return section in self.shown

    def entries(self, section: str) -> list[Any]:
        """Return the rows of one of the sections that are lists."""
        return getattr(self, "experiences" if section == "experience" else section)


def profile_of(member: Member) -> Profile:
    """Return a member's profile, or an empty one that is not stored."""
    return Profile.objects.filter(pk=member.pk).first() or Profile(member=member)


def sheet(viewer: Member | None, handle: str) -> Sheet:
    """Return the profile behind a handle as the viewer may see it; raises ProfileNotFound."""
    profile = _profile_at(handle.lower())
    if profile is None or not profile.member.is_active or _is_apart(viewer, profile.member):
        raise ProfileNotFound
    member: Member = profile.member
    near = nearness(viewer, [member.pk])[member.pk]
    shown = frozenset(s for s in rules.SECTIONS if rules.sees(near, getattr(profile, f"{s}_shown_to")))
    languages, links = _small_rows(profile, shown)
    return Sheet(
        member=member,
        profile=profile,
        closeness=near,
        shown=shown,
        skills=_rows(MemberSkill.objects.select_related("skill"), profile, "skills" in shown),
        experiences=_rows(Experience.objects.select_related("organisation"), profile, "experience" in shown),
        qualifications=_rows(Qualification.objects, profile, "qualifications" in shown),
        portfolio=_rows(PortfolioItem.objects, profile, "portfolio" in shown),
        languages=languages,
        links=links,
        memberships=[m for m in organisations.memberships_of(member.pk) if m.organisation.state == "open"],
    )


def _profile_at(handle: str) -> Profile | None:
    """Return the profile of a member with the member in it, an empty one that is not stored where there is none."""
    for profile in Profile.objects.select_related("member").filter(member__handle=handle)[:1]:
        return profile
    member = accounts.member_by_handle(handle)
    return Profile(member=member) if member else None


def _small_rows(profile: Profile, shown: frozenset[str]) -> tuple[list[Language], list[Link]]:
    """Return the languages and links in the order they were added, both with one query."""
    spoken = Language.objects.filter(profile=profile).order_by().annotate(kind=Value("language"))
    linked = Link.objects.filter(profile=profile).order_by().annotate(kind=Value("link"))
    rows = sorted(
        spoken.values_list("id", "code", "level", "kind").union(
            linked.values_list("id", "label", "url", "kind"), all=True
        )
    )
    languages = [
        Language(id=pk, profile=profile, code=code, level=level)
        for pk, code, level, kind in rows
        if kind == "language"
    ]
    links = [
        Link(id=pk, profile=profile, label=label, url=url) for pk, label, url, kind in rows if kind == "link"
    ]
    return languages if "languages" in shown else [], links if "links" in shown else []


def nearness(viewer: Member | None, member_ids: list[int]) -> dict[int, rules.Closeness]:
    """Return how near the viewer stands to each member."""
    close: set[int] = set()
    if viewer is not None:
        close = {member_id for circle in points.CIRCLES for member_id in circle.close(viewer.pk)}
    inspects = viewer is not None and permissions.has(viewer, "profiles.inspect")
    viewer_id = viewer.pk if viewer else None
    return {
        member_id: rules.closeness(
            viewer_id=viewer_id, member_id=member_id, is_close=member_id in close, inspects=inspects
        )
        for member_id in member_ids
    }


def own_sheet(member: Member) -> Sheet:
    """Return everything on one's own profile."""
    return sheet(member, member.handle)


def own_entry(member: Member, section: str, entry_id: int) -> Any:
    """Return one entry of one's own profile; raises ProfileNotFound."""
    for entry in own_sheet(member).entries(section):
        if entry.pk == entry_id:
            return entry
    raise ProfileNotFound("This entry is not on your profile any more.")


def availability_of(member: Member) -> dict[str, Any]:
    """Return when and for how much a member works, with rates as amounts."""
    profile = profile_of(member)
    return {
        "availability": profile.availability,
        "available_on": profile.available_on,
        "hours_per_week": profile.hours_per_week,
        "day_rate": profile.day_rate.amount if profile.day_rate else "",
        "hour_rate": profile.hour_rate.amount if profile.hour_rate else "",
        "currency": profile.currency,
    }


def visibility_of(member: Member) -> dict[str, Any]:
    """Return who sees each section of a member's profile, and who finds it."""
    profile = profile_of(member)
    audiences = {section: getattr(profile, f"{section}_shown_to") for section in rules.SECTIONS}
    return {**audiences, "is_listed": profile.is_listed, "is_indexable": profile.is_indexable}


def pictures_of(shown: Sheet) -> dict[str, StoredFile]:
    """Return the stored files of a portfolio by key, those still being looked at left out."""
    keys = [item.file for item in shown.portfolio if item.file]
    return files.files_by_key(keys) if keys else {}


def portfolio_files_in_use(keys: list[str]) -> set[str]:
    return set(PortfolioItem.objects.filter(file__in=keys).values_list("file", flat=True))


def portraits_in_use(keys: list[str]) -> set[str]:
    return set(Member.objects.filter(portrait__in=keys).values_list("portrait", flat=True))


def steps_of(own: Sheet) -> tuple[rules.Step, ...]:
    """Return what would make one's own profile more useful, done or not."""
    profile = own.profile
    return rules.steps(
        rules.Presence(
            portrait=bool(own.member.portrait),
            headline=bool(own.member.headline),
            story_words=len(profile.story.split()),
            place=bool(profile.place),
            skills=len(own.skills),
            experiences=len(own.experiences),
            languages=len(own.languages),
            availability=bool(profile.availability),
            portfolio_items=len(own.portfolio),
            is_for_hire=bool({"freelancer", "job_seeker"} & set(own.member.hats)),
        )
    )


@cache
def language_names() -> dict[str, str]:
    """Return the English names of the languages with an ISO 639 code, by code, in the order of their names."""
    names = Locale("en", "GB").languages
    known = {code: name for code, name in names.items() if 2 <= len(code) <= 3 and code.isalpha()}
    return dict(sorted(known.items(), key=lambda pair: rules.fold(pair[1])))


def _rows(rows: Any, profile: Profile, is_shown: bool) -> list[Any]:
    return list(rows.filter(profile_id=profile.pk)) if is_shown else []


def _is_apart(viewer: Member | None, member: Member) -> bool:
    if viewer is None or viewer.pk == member.pk or permissions.has(viewer, "profiles.inspect"):
        return False
    return any(member.pk in circle.apart(viewer.pk) for circle in points.CIRCLES)
