"""Whether the chain of facts is whole, and the first fact that is not as it was sealed."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db import connection

from guildry.kernel import chain, crypto
from guildry.platform.audit import rules
from guildry.platform.audit.queries import pages
from guildry.platform.audit.rules import Damage, Finding
from guildry.platform.facts import queries as facts
from guildry.platform.facts.models import Head, StoredFact

LENGTH_OF_STAMP, LENGTH_OF_KEY = len("2026-01-01 00:00:00.000000"), 32
_END = 2**62
_quoted = connection.ops.quote_name
_CHAPTER = (
    f"SELECT seq, CAST({_quoted('key')} AS CHAR), name, payload, actor_id, trace_id, "  # noqa: S608 - own table
    f"CAST(created_at AS CHAR), act, digest FROM {StoredFact._meta.db_table} WHERE seq > %s "
    "AND seq <= %s ORDER BY seq LIMIT 1000"
)


def verify_chain() -> tuple[int, Finding | None]:
    """Return how many facts are as they were sealed, and the first that is not.

    Whole pages are compared with the digests they were bound with; facts are read one by one only where a page is
    not as it was bound, and after the last page.
    """
    bound = pages.bound_pages()
    is_signed = pages.is_signed(bound)
    whole = pages.whole_pages(bound) if is_signed else 0
    last, finding = verify_rows(whole * rules.ROWS)
    if is_signed and whole == len(bound):
        return last, finding
    if finding and not (is_signed and finding.damage is Damage.HEAD_FORGED):
        return last, finding
    return whole * rules.ROWS, _damage_of_page(whole, last, finding)


def verify_rows(after: int, *, until: int | None = None) -> tuple[int, Finding | None]:
    """Read facts one by one from a place on, at most up to `until`; return the last that is whole, and what follows it."""
    previous, last = _digest_at(after) if after else "", after
    while chapter := _chapter(last, until):
        for seq, key, name, payload, actor_id, trace_id, at, act, digest in chapter:
            if seq != last + 1:
                return last, Finding(last + 1, Damage.DELETED)
            stamp = at if len(at) == LENGTH_OF_STAMP else f"{at}.000000"
            key = key if len(key) == LENGTH_OF_KEY else key.replace("-", "")
            if chain.digest_of(previous, seq, key, name, payload, actor_id, trace_id, stamp, act) != digest:
                return last, _name_damage(previous, StoredFact.objects.get(seq=seq))
            previous, last = digest, seq
    if until is not None:
        return last, None
    finding = _damage_of_head(previous, last)
    is_behind = finding and finding.damage is Damage.CUT_SHORT and _chapter(last, None)
    # Facts that were sealed since they were looked for are not missing.
    return verify_rows(last) if is_behind else (last, finding)


def is_link_whole(seq: int) -> bool:
    """Tell whether the fact at a place is as it was sealed after the one before it."""
    near = {row.seq: row for row in StoredFact.objects.filter(seq__in=[seq - 1, seq])}
    if seq not in near or (seq > 1 and seq - 1 not in near):
        return False
    return _fits(near[seq - 1].digest if seq > 1 else "", near[seq], seq)


def _chapter(after: int, until: int | None) -> list[tuple[Any, ...]]:
    """Return the next facts as the database keeps them: making objects of them would take most of the time."""
    with connection.cursor() as cursor:
        cursor.execute(_CHAPTER, [after, _END if until is None else until])
        return list(cursor.fetchall())


def _name_damage(previous: str, fact: StoredFact) -> Finding:
    link = facts.link_of(fact)
    rows = list(StoredFact.objects.filter(seq__in=[link.seq - 2, link.seq - 1, link.seq + 1]))
    near = {row.seq: row for row in rows}
    before_last = near[link.seq - 2].digest if link.seq - 2 in near else ""
    if link.seq > 1 and _fits(before_last, fact, link.seq - 1):
        return Finding(link.seq - 1, Damage.INSERTED)
    if rightful := _fact_that_fits(previous, link.seq):
        at = rightful.seq or 0
        before = rightful.digest if at - 1 == link.seq else _digest_at(at - 1)
        return Finding(link.seq, Damage.REORDERED if _fits(before, fact, at) else Damage.INSERTED)
    following = near.get(link.seq + 1)
    if following and _fits(fact.digest, following, link.seq + 2):
        return Finding(link.seq, Damage.DELETED)
    return Finding(link.seq, Damage.EDITED)


def _fits(previous: str, fact: StoredFact, seq: int) -> bool:
    return chain.digest_after(previous, replace(facts.link_of(fact), seq=seq)) == fact.digest


def _fact_that_fits(previous: str, seq: int) -> StoredFact | None:
    later: Iterable[StoredFact] = StoredFact.objects.filter(seq__gt=seq).order_by("seq").iterator(2000)
    return next((fact for fact in later if _fits(previous, fact, seq)), None)


def _digest_at(seq: int) -> str:
    return StoredFact.objects.filter(seq=seq).values_list("digest", flat=True).first() or ""


def _damage_of_head(digest: str, last: int) -> Finding | None:
    head = Head.objects.first() or Head(signature=facts.signature_of(0, ""))
    if not crypto.is_digest_of(facts.SIGNED, f"{head.seq}:{head.digest}", head.signature):
        return Finding(head.seq, Damage.HEAD_FORGED)
    if head.seq > last:
        return Finding(last + 1, Damage.CUT_SHORT)
    if head.seq < last:
        return Finding(head.seq + 1, Damage.INSERTED)
    return Finding(last, Damage.HEAD_FORGED) if head.digest != digest else None


def _damage_of_page(whole: int, last: int, finding: Finding | None) -> Finding:
    """Name what happened to the first page that is not as it was bound although its facts fit each other."""
    first = whole * rules.ROWS + 1
    if finding is None:
        return Finding(first, Damage.PAGE_FORGED)
    if last < (whole + 1) * rules.ROWS:
        return Finding(last + 1, Damage.CUT_SHORT)
    return Finding(first, Damage.REWRITTEN)
