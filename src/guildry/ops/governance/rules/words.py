"""The words in which the record of processing is told."""

from guildry.kernel.inventory import Erase

BASES = {
    "contract": "Needed to give members what they joined for (Article 6(1)(b))",
    "interest": "A legitimate interest: safety and the member's own overview (Article 6(1)(f))",
    "consent": "The member said yes, and can say no again (Article 6(1)(a))",
    "law": "A law asks for it (Article 6(1)(c))",
    "none": "Not about a person",
}
RETENTION = {
    "life_of_account": "Until the member deletes it or their account is erased",
    "life_of_row": "As long as what it belongs to",
    "analytics": "As long as what it counts, or until the account is erased",
    "security_logs": "For as long as retention.security_logs says, counted from when it ended",
    "permanent": "Always: it is a shared vocabulary",
}
ERASES = {
    Erase.DELETE: "deleted",
    Erase.ANONYMISE: "replaced by a pseudonym",
    Erase.TOMBSTONE: "emptied",
    Erase.KEEP: "kept",
}
SUBJECTS = {"user": "Members, and people somebody invited by mail", "system": "Nobody"}


def subjects_of(key: str) -> str:
    """Say whom data of a class is about, by the first part of its key."""
    return SUBJECTS[key.partition(".")[0]]
