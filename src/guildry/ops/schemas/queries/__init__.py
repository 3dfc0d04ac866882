"""What is asked of contracts: what is declared, what a box holds, and whether it is right."""

from guildry.ops.schemas.queries.entities import (
    LOCK_FILE,
    UnknownBox,
    book,
    contract,
    contract_hash,
    declared_types,
    entities,
    entity_of,
    forbidden_sources,
    lock,
    private_names,
    schema_of,
)
from guildry.ops.schemas.queries.inspection import (
    Figures,
    Inspection,
    changes_between,
    figures_of,
    frame_rows,
    inspected,
    open_box,
)
from guildry.ops.schemas.queries.manifests import (
    MANIFEST_FILE,
    Manifest,
    NoManifest,
    public_key,
    read_manifest,
    signed,
)
from guildry.ops.schemas.queries.packing import Form, held, packed, shown
from guildry.ops.schemas.queries.verification import Report, server_rows, verify_box
from guildry.ops.schemas.rules import camel

__all__ = [
    "LOCK_FILE",
    "MANIFEST_FILE",
    "Figures",
    "Form",
    "Inspection",
    "Manifest",
    "NoManifest",
    "Report",
    "UnknownBox",
    "book",
    "camel",
    "changes_between",
    "contract",
    "contract_hash",
    "declared_types",
    "entities",
    "entity_of",
    "figures_of",
    "forbidden_sources",
    "frame_rows",
    "held",
    "inspected",
    "lock",
    "open_box",
    "packed",
    "private_names",
    "public_key",
    "read_manifest",
    "schema_of",
    "server_rows",
    "shown",
    "signed",
    "verify_box",
]
