"""A member's copy of their data: asked for, made in the background, signed, and collected once."""

import hashlib
import io
import json
import shutil
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

import structlog
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from guildry.kernel import bus, clock, crypto, errors, ids, limits, runtime, signing
from guildry.kernel.permissions import SYSTEM, Actor
from guildry.ops.governance import events, queries
from guildry.ops.governance.models import Request
from guildry.ops.governance.rules import ANSWER_WITHIN, STATES, Kind, State, copies
from guildry.people.accounts.models import Member
from guildry.people.notifications import actions as notifications
from guildry.platform.jobs import actions as jobs
from guildry.platform.mail import actions as mail
from guildry.platform.mail.models import Letter

MAKE = "guildry.ops.governance.tasks.make_copy"
DAY = timedelta(days=1).total_seconds()
log = structlog.get_logger("guildry.governance")


class CopyWaiting(errors.DomainError):
    problem = errors.problem("copy-waiting", 409, "A copy is on its way already")
    detail = "A copy is being made or lies ready. Collect that one first."


class CopyGone(errors.Gone):
    problem = errors.problem("copy-gone", 410, "This copy is no longer here")
    detail = "A copy is handed out once, and for seven days. Ask for another one."


def request_copy(actor: Actor) -> Request:
    """Ask for a copy of all the actor's data, made by a job; raises CopyWaiting or TooMany."""
    if actor.pk is None:
        raise errors.Unauthenticated
    if queries.copy_waiting(actor.pk):
        raise CopyWaiting
    most = runtime.value("governance.copies_daily")
    limits.spend(f"governance.copies:{actor.pk}", burst=most, per_second=most / DAY)
    now = clock.now()
    with transaction.atomic():
        request = Request.objects.create(
            kind=Kind.COPY, member_id=actor.pk, reference=ids.uuid7_hex()[-16:], state=State.RECEIVED,
            received_at=now, due_at=now + ANSWER_WITHIN,
        )  # fmt: skip
        bus.publish(events.CopyRequested(request.pk, actor.pk), actor=actor)
        jobs.enqueue_job(actor, task=MAKE, arguments=f"[[{request.pk}],{{}}]")
    return request


def make_copy(actor: Actor, *, request_id: int) -> Request | None:
    """Make a copy that was asked for and tell its member; does nothing when it was made already."""
    request = Request.objects.copies().select_related("member").filter(pk=request_id).first()
    if request is None or not STATES.can(request.state, State.MAKING):
        return None
    Request.objects.filter(pk=request.pk).update(state=State.MAKING)
    made = _written(request)
    token = crypto.new_token()
    with transaction.atomic():
        request.state, request.link_digest = State.READY, crypto.digest(token)
        request.byte_count, request.digest = made.stat().st_size, _digest_of(made)
        request.expires_at = clock.now() + copies.LIFETIME
        request.save()
        bus.publish(events.CopyReady(request.pk, request.member_id), actor=actor)
        _tell(request, token)
    return request


def collect_copy(actor: Actor, *, token: str = "", reason: str = "") -> tuple[Request, IO[bytes]]:
    """Hand out a copy and forget it here; raises CopyGone when it was collected, expired, or is somebody else's.

    A reason makes it an act of staff on a member's behalf, for the trail.
    """
    ready = Request.objects.copies().filter(member_id=actor.pk, state=State.READY)
    if token:
        ready = ready.filter(link_digest=crypto.digest(token))
    with transaction.atomic():
        request = ready.select_for_update().order_by("-pk").first()
        path = queries.path_of_copy(request) if request else None
        if request is None or path is None or _is_over(request) or not path.exists():
            raise CopyGone
        file = path.open("rb")
        _set_over(request, State.COLLECTED)
        act = bus.Act(reason, subject=f"member:{request.member_id}") if reason else None
        bus.publish(events.CopyCollected(request.pk, request.member_id), actor=actor, act=act)
    path.unlink()
    return request, file


def expire_copies(actor: Actor) -> int:
    """Delete the copies nobody collected in time; returns how many there were."""
    old = Request.objects.copies().filter(state=State.READY, expires_at__lte=clock.now())
    for request in old:
        with transaction.atomic():
            _set_over(request, State.EXPIRED)
        queries.path_of_copy(request).unlink(missing_ok=True)
    return len(old)


def forget_copies(actor: Actor, *, member_id: int) -> None:
    """Delete every copy of a member's data that lies here, because the data goes too."""
    for request in Request.objects.copies().filter(member_id=member_id):
        queries.path_of_copy(request).unlink(missing_ok=True)
        if request.state == State.READY:
            _set_over(request, State.EXPIRED)


def _is_over(request: Request) -> bool:
    return request.expires_at is not None and request.expires_at <= clock.now()


def _set_over(request: Request, state: State) -> None:
    STATES.check(request.state, state)
    request.state, request.link_digest, request.finished_at = state, "", clock.now()
    request.save(update_fields=["state", "link_digest", "finished_at"])


def _tell(request: Request, token: str) -> None:
    page = reverse("governance:privacy")
    notifications.notify(
        SYSTEM, recipients=[request.member_id], kind="governance.copy", source=request.reference,
        text="Your copy of your data is ready. It can be collected once, within seven days.", url=page,
    )  # fmt: skip
    link = settings.ORIGIN + reverse("governance:copy", kwargs={"token": token})
    letter = Letter(
        subject="Your copy of your data is ready",
        paragraphs=(
            "You asked for a copy of everything kept about you. It is ready.",
            "The link opens once, for you alone while you are signed in, and for seven days.",
        ),
        button=("Collect the copy", link),
    )
    mail.send_letter(SYSTEM, to=request.member.email, letter=letter, has_secret=True)


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _written(request: Request) -> Path:
    """Write a copy beside where it will lie, and give it its name once it is whole."""
    target = queries.path_of_copy(request)
    target.parent.mkdir(mode=0o700, exist_ok=True)
    work, part = target.with_suffix(".work"), target.with_suffix(".part")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700)
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            _fill(_Book(archive, work, request.reference), request.member)
        part.rename(target)
    finally:
        shutil.rmtree(work, ignore_errors=True)
        part.unlink(missing_ok=True)
    return target


class _Book:
    """A copy being written: what goes in is digested on the way, for the manifest."""

    def __init__(self, archive: zipfile.ZipFile, work: Path, reference: str) -> None:
        self.archive, self.work, self.reference = archive, work, reference
        self.files: list[dict[str, Any]] = []

    def add(self, name: str, source: IO[bytes], **said: Any) -> None:
        digest, size = hashlib.sha256(), 0
        with self.archive.open(name, "w", force_zip64=True) as file:
            while chunk := source.read(1 << 16):
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
        self.files.append({"path": name, "sha256": digest.hexdigest(), "bytes": size, **said})

    def add_text(self, name: str, text: str) -> None:
        self.add(name, io.BytesIO(text.encode()))

    def sign(self) -> None:
        manifest = {
            "reference": self.reference,
            "made_at": clock.now().isoformat(),
            "site": settings.ORIGIN,
            "signer": signing.public_key(copies.PURPOSE),
            "files": self.files,
        }
        payload = json.dumps(manifest, indent=1, ensure_ascii=False).encode()
        self.archive.writestr(copies.MANIFEST, payload)
        self.archive.writestr(copies.SIGNATURE, signing.sign(copies.PURPOSE, copies.KIND, payload))


def _fill(book: _Book, member: Member) -> None:
    subject = queries.subject_of(member)
    media = list(queries.media_of(subject))
    chapters = []
    for entity in queries.entities():
        rows = _write_entity(book, entity, subject)
        if rows:
            chapters.append({"entity": entity, "rows": rows})
    for medium in media:
        with default_storage.open(medium.path, "rb") as file:
            book.add(medium.name, file)
    about = {"member": member, "reference": book.reference, "made_at": clock.now(), "site": settings.ORIGIN}
    contact = runtime.value("governance.contact") or settings.DEFAULT_FROM_EMAIL
    page = {**about, "chapters": chapters, "media": media, "contact": contact}
    book.add_text("index.html", render_to_string("governance/copy_index.html", page))
    for name in ("ui/tokens.css", "governance/copy.css"):
        found = finders.find(name)
        with Path(str(found)).open("rb") as file:
            book.add(f"look/{Path(name).name}", file)
    book.add_text(copies.SCHEMA, json.dumps(queries.schema(), indent=1))
    book.add_text(copies.README, copies.readme(settings.ORIGIN, contact, book.reference))
    book.sign()


def _write_entity(book: _Book, entity: queries.Entity, subject: queries.Subject) -> int:
    """Write the rows of one table as JSON and as pages; returns how many rows there were."""
    number, page = 0, list[dict[str, Any]]()
    data = book.work / f"{entity.key}.json"
    pages: list[Path] = []
    with data.open("w") as file:
        file.write("[")
        for row in queries.told(entity, subject):
            if len(page) == copies.ROWS_ON_A_PAGE:
                pages.append(_page(book, entity, page, len(pages) + 1))
                page = []
            file.write(f"{',' if number else ''}\n{json.dumps(row, ensure_ascii=False)}")
            number += 1
            page.append(row)
        file.write("\n]\n")
    if page:
        pages.append(_page(book, entity, page, len(pages) + 1, is_last=True))
    for path in (data, *pages):
        folder = "data" if path is data else "pages"
        with path.open("rb") as source:
            book.add(f"{folder}/{path.name}", source, **({"rows": number} if path is data else {}))
    return number


def _page(
    book: _Book, entity: queries.Entity, rows: list[dict[str, Any]], number: int, *, is_last: bool = False
) -> Path:
    path = book.work / f"{entity.key}-{number}.html"
    context = {
        "entity": entity,
        "rows": rows,
        "number": number,
        "title_of": copies.title_of,
        "is_last": is_last,
    }
    path.write_text(render_to_string("governance/copy_page.html", context))
    return path
