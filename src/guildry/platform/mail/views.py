"""The mailbox: what a development or demonstration site would have sent."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from guildry.kernel import errors, permissions
from guildry.platform.mail import queries
from guildry.ui.pages import render

# The HTML part is somebody else's document: it may style itself and nothing else.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


class MailboxClosed(errors.NotFound):
    problem = errors.problem("mailbox-closed", 404, "There is no mailbox here")
    detail = "This site sends its mail, so there is no mailbox to look into."


def _require_open() -> None:
    if not queries.is_mailbox_open():
        raise MailboxClosed


@permissions.public
def mailbox(request: HttpRequest) -> HttpResponse:
    _require_open()
    address = request.GET.get("to", "")[:254]
    page = queries.stored_mail(to=address, cursor=request.GET.get("after", ""))
    return render(request, "mail/mailbox.html", {"page": page, "address": address})


@permissions.public
def message(request: HttpRequest, mail_id: int) -> HttpResponse:
    return render(request, "mail/message.html", {"mail": _mail(mail_id)})


@permissions.public
def message_html(request: HttpRequest, mail_id: int) -> HttpResponse:
    return HttpResponse(_mail(mail_id).html, headers={"Content-Security-Policy": _POLICY})


def _mail(mail_id: int) -> Any:
    _require_open()
    if (mail := queries.mail_by_id(mail_id)) is None:
        raise errors.NotFound(
            "This message was deleted. The mailbox keeps secrets for a day, the rest for a month."
        )
    return mail
