"""Pages of the chain: a thousand facts read and hashed at once, by as many threads as there are processors."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

from django.db import connection, connections

from guildry.kernel import crypto
from guildry.platform.audit import rules
from guildry.platform.audit.models import Page
from guildry.platform.facts.models import StoredFact

SIGNED = "audit.page"
# A thread is worth its connection only for so many pages.
LEAST_SHARE = 20
_LONGEST_COLUMN = 64 * 1024 * 1024
_TABLE = StoredFact._meta.db_table
_COLUMNS = (
    "{key}", "name", "payload", "trace_id", "created_at", "digest", "{actor}", "{act}",
)  # fmt: skip
_OPTIONAL = (("actor", "actor_id"), ("act", "act"))


def bound_pages() -> list[Page]:
    """Return every page, in order."""
    return list(Page.objects.order_by("number"))


def last_page() -> Page | None:
    return Page.objects.order_by("-number").first()


def is_signed(bound: Sequence[Page]) -> bool:
    """Tell whether the last of these pages is signed with a key of the site; each vouches for the one before it."""
    return not bound or crypto.is_digest_of(SIGNED, signed_text(bound[-1]), bound[-1].signature)


def signed_text(page: Page) -> str:
    return f"{page.number}:{page.digest}"


def whole_pages(bound: Sequence[Page]) -> int:
    """Return how many pages, from the first on, hold what they held when they were bound."""
    digests = ["", *(page.digest for page in bound)]
    numbered = next((place for place, page in enumerate(bound) if page.number != place), len(bound))
    shares = _shares(numbered, os.cpu_count() or 1)
    if len(shares) < 2:
        return _first_broken(digests, range(numbered), numbered)
    with ThreadPoolExecutor(len(shares), "audit verify") as threads:
        return min(threads.map(lambda share: _first_broken_elsewhere(digests, share, numbered), shares))


def digest_of_page(number: int, previous: str, *, in_doubt: bool = False) -> str:
    """Return what binds a page to the one before it, empty when it is not complete.

    SQLite joins in the order of the index it reads; a page in doubt is sorted first, which takes half as long again.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "mysql":
            cursor.execute("SET SESSION group_concat_max_len = %s", [_LONGEST_COLUMN])
        cursor.execute(_statement(in_doubt=in_doubt), [number * rules.ROWS, (number + 1) * rules.ROWS])
        count, *columns = cursor.fetchone()
    return rules.digest_of_page(previous, number, columns) if count == rules.ROWS else ""


def _statement(*, in_doubt: bool) -> str:
    is_sorting = connection.vendor == "mysql"
    order = " ORDER BY seq SEPARATOR " if is_sorting else ", "
    rows = f"{_TABLE} WHERE seq > %s AND seq <= %s"
    source = rows if is_sorting or not in_doubt else f"(SELECT * FROM {rows} ORDER BY seq)"  # noqa: S608 - own table
    join = "CONCAT('+', {})" if is_sorting else "'+' || {}"
    either = {name: f"COALESCE({join.format(column)}, '-')" for name, column in _OPTIONAL}
    columns = (column.format(key=connection.ops.quote_name("key"), **either) for column in _COLUMNS)
    joined = ", ".join(f"GROUP_CONCAT({column}{order}'{rules.BREAK}')" for column in columns)
    return f"SELECT COUNT(*), {joined} FROM {source}"  # noqa: S608 - own table


def _shares(count: int, processors: int) -> list[range]:
    """Divide pages into stretches, one for each processor, none of them too short."""
    parts = max(1, min(processors, count // LEAST_SHARE))
    edges = [count * part // parts for part in range(parts + 1)]
    return [range(start, end) for start, end in pairwise(edges)]


def _first_broken(digests: Sequence[str], share: range, otherwise: int) -> int:
    """Return the first page of a share that is not as it was bound."""
    return next(
        (number for number in share if not _holds(number, digests[number], digests[number + 1])), otherwise
    )


def _first_broken_elsewhere(digests: Sequence[str], share: range, otherwise: int) -> int:
    try:
        return _first_broken(digests, share, otherwise)
    finally:
        connections.close_all()


def _holds(number: int, previous: str, digest: str) -> bool:
    return digest_of_page(number, previous) == digest != "" or (
        digest_of_page(number, previous, in_doubt=True) == digest != ""
    )
