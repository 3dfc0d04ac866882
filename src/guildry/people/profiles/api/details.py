"""The entries of one's own profile: experience, qualifications, work, languages, links."""

from typing import Any

from ninja import File, Form, Status
from ninja.files import UploadedFile

from guildry.kernel.errors import refuses
from guildry.kernel.permissions import MemberRequest
from guildry.kernel.shapes import Id
from guildry.people.profiles import actions
from guildry.people.profiles.api.routing import router
from guildry.people.profiles.api.schemas import (
    ExperienceIn,
    ExperienceOut,
    LanguageIn,
    LanguageOut,
    LinkIn,
    LinkOut,
    PortfolioIn,
    PortfolioOut,
    QualificationIn,
    QualificationOut,
)


@router.post("/me/experience", response={201: ExperienceOut}, summary="Add an experience")
@refuses(actions.TooManyEntries)
def add_experience(request: MemberRequest, body: ExperienceIn) -> Status:
    return Status(201, actions.add_experience(request.user, **body.dict()))


@router.put("/me/experience/{entry_id}", response=ExperienceOut, summary="Edit an experience")
@refuses(actions.DetailMissing)
def edit_experience(request: MemberRequest, entry_id: Id, body: ExperienceIn) -> Any:
    return actions.edit_experience(request.user, entry_id=entry_id, **body.dict())


@router.post("/me/qualifications", response={201: QualificationOut}, summary="Add a qualification")
@refuses(actions.TooManyEntries)
def add_qualification(request: MemberRequest, body: QualificationIn) -> Status:
    return Status(201, actions.add_qualification(request.user, **body.dict()))


@router.put("/me/qualifications/{entry_id}", response=QualificationOut, summary="Edit a qualification")
@refuses(actions.DetailMissing)
def edit_qualification(request: MemberRequest, entry_id: Id, body: QualificationIn) -> Any:
    return actions.edit_qualification(request.user, entry_id=entry_id, **body.dict())


@router.post("/me/portfolio", response={201: PortfolioOut}, summary="Add a piece of work")
@refuses(actions.TooManyEntries)
def add_portfolio_item(
    request: MemberRequest,
    title: Form[str],
    description: Form[str] = "",
    url: Form[str] = "",
    alt: Form[str] = "",
    file: UploadedFile | None = File(None),  # noqa: B008 - how the library declares a file that may be missing
) -> Status:
    """Sent as a form, with a picture or a PDF when there is one; `alt` says what the picture shows."""
    made = actions.add_portfolio_item(
        request.user, title=title, upload=file, alt=alt[:300], description=description, url=url
    )
    return Status(201, made)


@router.put("/me/portfolio/{entry_id}", response=PortfolioOut, summary="Edit a piece of work")
@refuses(actions.DetailMissing)
def edit_portfolio_item(request: MemberRequest, entry_id: Id, body: PortfolioIn) -> Any:
    """Its file stays."""
    return actions.edit_portfolio_item(request.user, entry_id=entry_id, **body.dict())


@router.post("/me/languages", response={201: LanguageOut}, summary="Add a language, or change its level")
@refuses(actions.TooManyEntries)
def add_language(request: MemberRequest, body: LanguageIn) -> Status:
    return Status(201, actions.add_language(request.user, **body.dict()))


@router.post("/me/links", response={201: LinkOut}, summary="Add a link")
@refuses(actions.TooManyEntries)
def add_link(request: MemberRequest, body: LinkIn) -> Status:
    return Status(201, actions.add_link(request.user, **body.dict()))


@router.delete("/me/experience/{entry_id}", response={204: None}, summary="Remove an experience")
@refuses(actions.DetailMissing)
def remove_experience(request: MemberRequest, entry_id: Id) -> Status:
    return _removed(request, "experience", entry_id)


@router.delete("/me/qualifications/{entry_id}", response={204: None}, summary="Remove a qualification")
@refuses(actions.DetailMissing)
def remove_qualification(request: MemberRequest, entry_id: Id) -> Status:
    return _removed(request, "qualifications", entry_id)


@router.delete("/me/portfolio/{entry_id}", response={204: None}, summary="Remove a piece of work")
@refuses(actions.DetailMissing)
def remove_portfolio_item(request: MemberRequest, entry_id: Id) -> Status:
    return _removed(request, "portfolio", entry_id)


@router.delete("/me/languages/{entry_id}", response={204: None}, summary="Remove a language")
@refuses(actions.DetailMissing)
def remove_language(request: MemberRequest, entry_id: Id) -> Status:
    return _removed(request, "languages", entry_id)


@router.delete("/me/links/{entry_id}", response={204: None}, summary="Remove a link")
@refuses(actions.DetailMissing)
def remove_link(request: MemberRequest, entry_id: Id) -> Status:
    return _removed(request, "links", entry_id)


def _removed(request: MemberRequest, section: str, entry_id: int) -> Status:
    actions.remove_detail(request.user, section=section, entry_id=entry_id)
    return Status(204, None)
