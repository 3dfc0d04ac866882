"""Reading the trail, and proving that it says what happened."""

from guildry.platform.audit.queries.chain import is_link_whole, verify_chain, verify_rows
from guildry.platform.audit.queries.pages import SIGNED, digest_of_page, is_signed, last_page, signed_text
from guildry.platform.audit.queries.trail import (
    Chain,
    EntryNotFound,
    Proof,
    Told,
    chain_now,
    entry_of,
    may_export,
    proof_of,
    proven,
    rows_of,
    trail,
    unsealed,
)

__all__ = [
    "SIGNED",
    "Chain",
    "EntryNotFound",
    "Proof",
    "Told",
    "chain_now",
    "digest_of_page",
    "entry_of",
    "is_link_whole",
    "is_signed",
    "last_page",
    "may_export",
    "proof_of",
    "proven",
    "rows_of",
    "signed_text",
    "trail",
    "unsealed",
    "verify_chain",
    "verify_rows",
]
