"""The manifest beside exported boxes: what a cut or changed box cannot say of itself, signed by this site."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from guildry.kernel import crypto, errors
from guildry.ops.schemas import rules
from guildry.ops.schemas.queries.entities import contract_hash

FORMAT = "guildry.offline/1"
MANIFEST_FILE = "manifest.json"


class NoManifest(errors.Invalid):
    problem = errors.problem("no-manifest", 422, "That is no manifest")
    detail = "That is not a manifest of this format."


@dataclass(frozen=True)
class Manifest:
    """A manifest that was read; `problems` says why it does not vouch for anything."""

    body: Mapping[str, Any]
    problems: tuple[str, ...]

    def entry(self, box: str) -> Mapping[str, Any]:
        """Return what it says of a box, nothing when it does not know it."""
        return next((entry for entry in self.body["boxes"] if entry["box"] == box), {})

    def problems_of(self, box: str, data: bytes) -> list[str]:
        """Return why it does not vouch for these bytes as that box."""
        entry = self.entry(box)
        if not entry:
            return [*self.problems, f"the manifest knows no box {box}"]
        found = list(self.problems)
        if entry["bytes"] != len(data):
            found.append(f"{len(data)} bytes long, {entry['bytes']} in the manifest")
        if entry["sha256"] != hashlib.sha256(data).hexdigest():
            found.append("not the bytes that were signed")
        return found


def _key() -> Ed25519PrivateKey:
    """The site's key for manifests comes from its secret key, so there is no other secret to keep."""
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(crypto.keyed_digest("contracts", "manifest")))


def public_key() -> str:
    """Return the key that clients verify manifests with: Ed25519, base64."""
    raw = _key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return base64.b64encode(raw).decode()


def signed(body: Mapping[str, Any]) -> bytes:
    """Return the file of a manifest."""
    whole = {"format": FORMAT, "contract": contract_hash(), "public_key": public_key(), **body}
    signature = base64.b64encode(_key().sign(rules.canonical_bytes(whole))).decode()
    return json.dumps(rules.plain({**whole, "signature": signature}), indent=1).encode() + b"\n"


def read_manifest(data: bytes) -> Manifest:
    """Return a manifest and whether to believe it; raises NoManifest for anything else."""
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        raise NoManifest from None
    if not isinstance(body, dict) or body.get("format") != FORMAT or not _is_whole(body):
        raise NoManifest
    signature = body.pop("signature")
    problems = [] if _is_ours(body, signature) else ["not signed by this site"]
    if body["contract"] != contract_hash():
        problems.append("made under another version of the contract")
    return Manifest(body, tuple(problems))


def _is_whole(body: dict[str, Any]) -> bool:
    boxes = body.get("boxes")
    return (
        isinstance(body.get("signature"), str)
        and isinstance(body.get("contract"), str)
        and isinstance(body.get("member"), str)
        and isinstance(boxes, list)
        and all(_is_entry(entry) for entry in boxes)
    )


def _is_entry(entry: Any) -> bool:
    kinds = {"box": str, "bytes": int, "sha256": str, "rows": dict}
    return isinstance(entry, dict) and all(isinstance(entry.get(name), kind) for name, kind in kinds.items())


def _is_ours(body: dict[str, Any], signature: str) -> bool:
    verifier: Ed25519PublicKey = _key().public_key()
    try:
        verifier.verify(base64.b64decode(signature, validate=True), rules.canonical_bytes(body))
    except (InvalidSignature, ValueError):
        return False
    return True
