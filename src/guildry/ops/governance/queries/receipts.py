"""The signed receipt of an erasure, made and proven."""

import base64
import json
from typing import Any

from django.conf import settings

from guildry.kernel import signing
from guildry.ops.governance.models import Request
from guildry.ops.governance.queries.requests import backups_until

PURPOSE, KIND = "receipts", "application/vnd.guildry.erasure+json"
PLACES = [
    "every text and JSON column of the database, with the search texts, queued jobs, mail and kept answers in it",
    "uploaded files and their smaller versions",
    "copies of data that were made for members",
    "logs in the data folder",
]


def receipt_for(request: Request) -> tuple[dict[str, Any], str]:
    """Return the receipt of an erasure that is done, and its signature."""
    moment = request.finished_at
    until = backups_until(moment) if moment else None
    steps = {step.table: step.done for step in request.steps.all()}
    receipt = {
        "reference": request.reference,
        "site": settings.ORIGIN,
        "asked_at": request.received_at.isoformat(),
        "erased_at": moment.isoformat() if moment else "",
        "plan": request.plan_digest,
        "taken": {table: number for table, number in sorted(steps.items()) if number},
        "stays": {line["table"]: line["why"] for line in request.plan if line["why"]},
        "looked_in": PLACES,
        "looked_for": request.result["sought"],
        "found": 0,
        "backups_until": until.date().isoformat() if until else "",
        "signer": signing.public_key(PURPOSE),
    }
    return receipt, base64.b64encode(signing.sign(PURPOSE, KIND, payload_of(receipt))).decode()[:4000]


def payload_of(receipt: dict[str, Any]) -> bytes:
    return json.dumps(receipt, sort_keys=True, ensure_ascii=False).encode()


def document_of(request: Request) -> str:
    """Return the receipt with its signature, as it is handed to the member."""
    signature = json.loads(base64.b64decode(request.signature))
    return (
        json.dumps({"receipt": request.receipt, "signature": signature}, indent=1, ensure_ascii=False) + "\n"
    )


def is_genuine(document: str) -> bool:
    """Tell whether a receipt is one that this site signed, to the last letter."""
    try:
        told = json.loads(document)
        payload, signature = payload_of(told["receipt"]), json.dumps(told["signature"]).encode()
    except (ValueError, KeyError, TypeError):
        return False
    return signing.is_signed(KIND, payload, signature, keys=signing.known_keys(PURPOSE))
