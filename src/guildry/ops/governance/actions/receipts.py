"""How a member gets the receipt of the end of their account."""

from guildry.kernel.permissions import Actor
from guildry.ops.governance import queries
from guildry.ops.governance.models import Request
from guildry.platform.mail import actions as mail
from guildry.platform.mail.models import Letter


def send_receipt(actor: Actor, *, request: Request, to: str) -> None:
    """Send the receipt to the address that is known for this last mail only, and goes with it within the hour."""
    until = request.receipt["backups_until"]
    backups = (
        f"Backups made before today still hold data of yours, sealed, until {until}; when one is restored, you are erased again before anybody can come in."
        if until
        else "No backups are made of this community."
    )
    letter = Letter(
        "Your account is erased",
        (
            "Everything that was yours is deleted, and was looked for afterwards: nothing was found.",
            backups,
            "This mail is the last thing here that names you, and is deleted here soon. Keep the receipt below as it stands.",
        ),
        notes=(queries.document_of(request),),
    )
    mail.send_letter(actor, to=to, letter=letter, has_secret=True)
