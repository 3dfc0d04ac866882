"""Pure decisions about contracts: canonical form, whether a value fits a schema, and what is wrong with a row."""

from guildry.ops.schemas.rules.forms import (
    camel,
    canonical,
    canonical_bytes,
    differences,
    digest,
    plain,
    pointer,
    stamp,
)
from guildry.ops.schemas.rules.schemas import Misfit, misfits
from guildry.ops.schemas.rules.verdicts import (
    ANYBODYS,
    FAILING,
    Finding,
    Held,
    Row,
    Verdict,
    judge,
    secrets_in,
)

__all__ = [
    "ANYBODYS",
    "FAILING",
    "Finding",
    "Held",
    "Misfit",
    "Row",
    "Verdict",
    "camel",
    "canonical",
    "canonical_bytes",
    "differences",
    "digest",
    "judge",
    "misfits",
    "plain",
    "pointer",
    "secrets_in",
    "stamp",
]
