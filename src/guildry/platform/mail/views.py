"""The mailbox: what a development or demonstration site would have sent."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from guildry.kernel import errors, permissions
from guildry.platform.mail import queries, rules
from guildry.ui.pages import render

# The HTML part is somebody else's document: it may style itself and nothing else.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


class MailboxClosed(errors.NotFound):
    problem = errors.problem("mailbox-closed", 404, "There is no mailbox here")
    detail = "This site sends its mail, so there is no mailbox to look into."


class MailboxElsewhere(errors.Forbidden):
    problem = errors.problem("mailbox-elsewhere", 403, "The mailbox is read on its own machine")
    detail = "Everybody's mail lies here, codes included. Open this page on the machine that runs the site."


def _require_open(request: HttpRequest) -> None:
    if not queries.is_mailbox_open():
        raise MailboxClosed
    if not rules.is_here(request.META.get("REMOTE_ADDR", "")):
        raise MailboxElsewhere


@permissions.public
def mailbox(request: HttpRequest) -> HttpResponse:
    _require_open(request)
    address = request.GET.get("to", "")[:254]
    page = queries.stored_mail(to=address, cursor=request.GET.get("after", ""))
    return render(request, "mail/mailbox.html", {"page": page, "address": address})


@permissions.public
def message(request: HttpRequest, mail_id: int) -> HttpResponse:
    return render(request, "mail/message.html", {"mail": _mail(request, mail_id)})


@permissions.public
def message_html(request: HttpRequest, mail_id: int) -> HttpResponse:
    return HttpResponse(_mail(request, mail_id).html, headers={"Content-Security-Policy": _POLICY})


def _mail(request: HttpRequest, mail_id: int) -> Any:
    _require_open(request)
    if (mail := queries.mail_by_id(mail_id)) is None:
        raise errors.NotFound(
            "This message was deleted. The mailbox keeps secrets for a day, the rest for a month."
        )
    return mail
