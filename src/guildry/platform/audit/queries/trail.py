"""Reading the trail of privileged acts, and whether it says what the chain of facts says."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model

from guildry.kernel import bus, errors, paging, permissions
from guildry.kernel.paging import Page
from guildry.platform.audit import rules
from guildry.platform.audit.models import Entry, EntryQuerySet
from guildry.platform.audit.queries.chain import is_link_whole, verify_chain
from guildry.platform.audit.queries.pages import last_page
from guildry.platform.audit.rules import Finding
from guildry.platform.facts import queries as facts

PAGE_SIZE = 50


class EntryNotFound(errors.NotFound):
    problem = errors.problem("audit-entry-not-found", 404, "No such entry")
    detail = "The audit trail has no entry of that number, or you may not read it."


@dataclass(frozen=True)
class Told:
    """An entry as it is shown: with the member who acted, or None where the system or a former member did."""

    entry: Entry
    actor: Any

    @property
    def title(self) -> str:
        return rules.title_of(self.entry.name)

    @property
    def who(self) -> str:
        if self.entry.actor_id is None:
            return "system"
        return str(self.actor.handle) if self.actor else f"member {self.entry.actor_id}"


@dataclass(frozen=True)
class Proof:
    """What the chain says of an entry: the digest of its fact, and whether fact and entry are as they were sealed."""

    digest: str
    payload: str
    is_sealed: bool
    is_entry_true: bool

    @property
    def holds(self) -> bool:
        return self.is_sealed and self.is_entry_true


def trail(
    viewer: Any, *, search: rules.Search = rules.ANYTHING, cursor: str = "", size: int = PAGE_SIZE
) -> Page[Told]:
    """Return the newest entries the viewer may see and search for; raises InvalidCursor."""
    rows = _matching(Entry.objects.visible_to(viewer), search)
    if cursor:
        rows = rows.filter(seq__lt=paging.decode_cursor(cursor, int)[0])
    page = paging.page_of(list(rows.order_by("-seq")[: size + 1]), size, "seq")
    return Page(_told(page.items), page.next_cursor)


def entry_of(viewer: Any, seq: int) -> Told:
    """Return one entry; raises EntryNotFound."""
    found = Entry.objects.visible_to(viewer).filter(seq=seq).first()
    if found is None:
        raise EntryNotFound
    return _told([found])[0]


def proof_of(entry: Entry) -> Proof:
    """Compare an entry with its fact, and its fact with the digest it was sealed with."""
    sealed = facts.sealed_row(entry.seq)
    if sealed is None:
        return Proof("", "", is_sealed=False, is_entry_true=False)
    act = bus.decode_act(sealed.act) if sealed.act else None
    kept = (entry.name, entry.actor_id, entry.trace_id, entry.at)
    same = kept == (sealed.name, sealed.actor_id, sealed.trace_id, sealed.created_at)
    told = bus.KeptAct(entry.reason, entry.before, entry.after, entry.subject)
    return Proof(sealed.digest, sealed.payload, is_link_whole(entry.seq), same and act == told)


@dataclass(frozen=True)
class Chain:
    """How far the chain goes, and what its end looks like: whoever keeps that elsewhere notices any change later."""

    last_seq: int
    digest: str
    bound_count: int
    bound_at: datetime | None


def chain_now() -> Chain:
    """Return how far the chain goes and how much of it is bound into pages."""
    (seq, digest), page = facts.end_of_chain(), last_page()
    bound = (page.number + 1) * rules.ROWS if page else 0
    return Chain(seq, digest, bound, page.bound_at if page else None)


def proven(viewer: Any) -> tuple[int, Finding | None]:
    """Verify the whole chain for somebody who may read the trail; raises PermissionMissing."""
    permissions.require(viewer, "audit.read")
    return verify_chain()


def unsealed() -> rules.Unsealed:
    """Return how many facts wait for their seal, and how long the oldest has."""
    return rules.Unsealed(*facts.unsealed_backlog())


def rows_of(told: list[Told]) -> list[dict[str, Any]]:
    """Return entries as plain rows with the digests of their facts, as copies of the trail hold them."""
    digests = facts.digests_of([one.entry.seq for one in told])
    return [
        {
            "seq": one.entry.seq, "at": one.entry.at.isoformat(), "act": one.entry.name, "who": one.who,
            "subject": one.entry.subject, "reason": one.entry.reason, "before": one.entry.before,
            "after": one.entry.after, "trace_id": one.entry.trace_id,
            "digest": digests.get(one.entry.seq, ""),
        }
        for one in told
    ]  # fmt: skip


def may_export(viewer: Any) -> bool:
    return permissions.has(viewer, "audit.export")


def _matching(rows: EntryQuerySet, search: rules.Search) -> EntryQuerySet:
    if search.who:
        rows = rows.filter(actor_id=None if search.who == "system" else _id_of(search.who))
    if search.what:
        rows = rows.filter(name__in=rules.names_like(bus.FACTS, search.what))
    if search.subject:
        rows = rows.filter(subject=search.subject)
    if search.trace:
        rows = rows.filter(trace_id=search.trace)
    if search.since:
        rows = rows.filter(at__gte=search.since)
    return rows.filter(at__lt=search.until) if search.until else rows


def _id_of(handle: str) -> int:
    found = get_user_model().objects.filter(handle=handle.removeprefix("@").lower())
    return found.values_list("pk", flat=True).first() or 0


def _told(entries: Any) -> list[Told]:
    ids = {entry.actor_id for entry in entries if entry.actor_id is not None}
    members = get_user_model().objects.in_bulk(ids) if ids else {}
    return [Told(entry, members.get(entry.actor_id)) for entry in entries]
