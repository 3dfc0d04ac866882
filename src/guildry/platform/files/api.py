"""JSON API of files."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from guildry.kernel.errors import refuses
from guildry.kernel.permissions import MemberRequest
from guildry.platform.files import actions, queries

router = Router(tags=["files"])


class StoredFile(Schema):
    """A file; `url` opens it for a day or two and is empty while it is being checked."""

    key: str
    use: str
    state: Literal["quarantined", "clean", "rejected"]
    name: str
    media_type: str
    byte_size: int
    width: int | None
    height: int | None
    alt: str
    reason: str = Field(description="Why a rejected file was refused.")
    created_at: datetime
    url: str

    @staticmethod
    def resolve_url(stored: Any) -> str:
        return queries.address_of(stored.key, name=stored.name) if stored.state == "clean" else ""


@router.post("", response={201: StoredFile}, summary="Upload a file")
@refuses(
    actions.UseUnknown,
    actions.FileEmpty,
    actions.FileTooLarge,
    actions.TypeNotAccepted,
    actions.TypesDisagree,
)
def upload_file(
    request: MemberRequest,
    use: Form[str],
    file: File[UploadedFile],
    alt: Form[str] = "",
    focus_x: Annotated[int, Form(ge=0, le=100)] = 50,
    focus_y: Annotated[int, Form(ge=0, le=100)] = 50,
) -> Any:
    stored = actions.receive_upload(
        request.user, use=use, file=file, alt=alt, focus_x=focus_x, focus_y=focus_y
    )
    return Status(201, stored)


@router.get("/{key}", response=StoredFile, summary="Read what became of a file of yours")
def read_file(request: MemberRequest, key: str) -> Any:
    return queries.file_of(request.user, key)


@router.delete("/{key}", response={204: None}, summary="Delete a file of yours")
@refuses(actions.FileInUse)
def delete_file(request: MemberRequest, key: str) -> Any:
    actions.delete_file(request.user, key=key)
    return Status(204, None)
