"""Sending mail: written with whatever causes it, delivered by a job."""

from functools import partial
from smtplib import SMTPAuthenticationError, SMTPRecipientsRefused, SMTPResponseException

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string

from guildry.kernel import clock, errors, inventory, runtime, tracing
from guildry.kernel.permissions import Actor
from guildry.platform.jobs import actions as jobs
from guildry.platform.mail import queries, rules
from guildry.platform.mail.models import Letter, OutgoingMail

DELIVER = "guildry.platform.mail.tasks.deliver"
TRACE_HEADER = "Traceparent"
_NOT_LET_IN = 454

log = structlog.get_logger("guildry.mail")


class MailUnfit(errors.Invalid):
    problem = errors.problem("mail-unfit", 422, "That cannot be sent as mail")
    detail = "That is no address mail can be sent to."


class AttachmentsRefused(errors.Invalid):
    problem = errors.problem("attachments-refused", 422, "Mail from here carries no attachments")
    detail = "Mail from here carries no attachments. Store the file and send a link to it."


class NotTaken(errors.Unavailable):
    problem = errors.problem("mail-not-taken", 503, "The mail server did not take it", retryable=True)
    detail = "The mail server did not take the message. It will be offered again."


def send_letter(actor: Actor, *, to: str, letter: Letter, has_secret: bool = False) -> OutgoingMail:
    """Lay out a letter as text and HTML and send it with the running transaction, if there is one."""
    context = {"letter": letter, "site": settings.ORIGIN, "theme": THEME}
    return store_mail(
        actor,
        to=to,
        subject=letter.subject,
        text=rules.plain_text(letter, site=settings.ORIGIN),
        html=render_to_string("mail/letter.jinja", context),
        has_secret=has_secret,
    )


def store_mail(
    actor: Actor,
    *,
    to: str,
    subject: str,
    text: str,
    html: str = "",
    sender: str = "",
    headers: dict[str, str] | None = None,
    has_secret: bool = False,
) -> OutgoingMail:
    """Keep one message and, unless this installation only keeps a mailbox, have a job deliver it.

    Raises MailUnfit when the address is none, or a header would not stay one.
    """
    is_sent = rules.server_of(settings.MAIL) is not None
    mail = OutgoingMail(
        to=to.strip().lower(),
        sender=queries.sender() if sender in ("", settings.DEFAULT_FROM_EMAIL) else sender,
        subject=" ".join(subject.split())[:200],
        text=text,
        html=html,
        headers=_with_trace(headers or {}),
        has_secret=has_secret,
        state=OutgoingMail.State.WAITING if is_sent else OutgoingMail.State.KEPT,
        created_at=clock.now(),
    )
    _require_fit(mail)
    with transaction.atomic():
        mail.save()
        transaction.on_commit(partial(tracing.record, tracing.moment("mail", mail.state, mail=mail.pk)))
        if is_sent:
            attempts = rules.DELIVERY_ATTEMPTS
            arguments = f'[[],{{"mail_id":{mail.pk}}}]'
            jobs.enqueue_job(actor, task=DELIVER, arguments=arguments, most_attempts=attempts)
    return mail


def _with_trace(headers: dict[str, str]) -> dict[str, str]:
    """Let a bounce or a question about this mail lead back to what caused it."""
    trace = tracing.traceparent()
    return {**headers, TRACE_HEADER: trace} if trace else headers


def store_message(actor: Actor, *, message: EmailMessage) -> list[OutgoingMail]:
    """Keep a message of Django's once a recipient, all or none; raises AttachmentsRefused or MailUnfit."""
    if message.attachments:
        raise AttachmentsRefused
    html = [str(part) for part, kind in getattr(message, "alternatives", ()) if kind == "text/html"]
    headers = {name: str(value) for name, value in message.extra_headers.items()}
    if message.reply_to:
        headers["Reply-To"] = ", ".join(map(str, message.reply_to))
    with transaction.atomic():
        return [
            store_mail(
                actor, to=recipient, subject=str(message.subject), text=str(message.body),
                html="".join(html[:1]), sender=message.from_email, headers=headers,
            )
            for recipient in message.recipients()
        ]  # fmt: skip


def _require_fit(mail: OutgoingMail) -> None:
    headers = {**mail.headers, "From": mail.sender, "Subject": mail.subject}
    try:
        validate_email(mail.to)
    except ValidationError as malformed:
        raise MailUnfit(field="to") from malformed
    for name, value in headers.items():
        if not rules.is_header(name, value):
            raise MailUnfit(
                f"The header {name[:40]!r} of this mail would not stay one line.", field="headers"
            )


def deliver_mail(actor: Actor, *, mail_id: int) -> bool:
    """Hand a waiting message to the mail server; returns whether it went out.

    Raises NotTaken when the server may take it later; a message it will never take is marked and left.
    """
    server = rules.server_of(settings.MAIL)
    mail = OutgoingMail.objects.filter(pk=mail_id, state=OutgoingMail.State.WAITING).first()
    if not (mail and server):
        return False
    code = _refusal_of(server, _message_of(mail))
    if code and not rules.is_final(code):
        raise NotTaken(f"The mail server answered {code} to message {mail.pk}.")
    became = OutgoingMail.State.REFUSED if code else OutgoingMail.State.SENT
    OutgoingMail.objects.filter(pk=mail.pk).update(state=became, sent_at=None if code else clock.now())
    if code:
        log.warning("mail_refused", mail=mail.pk, code=code)
    return not code


def _message_of(mail: OutgoingMail) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        mail.subject,
        mail.text,
        mail.sender,
        [mail.to],
        headers={"Message-ID": f"<{mail.pk}.mail@{settings.ALLOWED_HOSTS[0]}>", **mail.headers},
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def _refusal_of(server: rules.Server, message: EmailMultiAlternatives) -> int:
    """Offer a message to the server; returns 0, or the code it answered, without the address that is in its words."""
    connection = queries.connection_to(server, seconds=10)
    try:
        connection.send_messages([message])
    except SMTPRecipientsRefused as refused:
        return max(code for code, _ in refused.recipients.values())
    except SMTPAuthenticationError:
        # Whoever runs the site can mend that, so no message is lost over it.
        return _NOT_LET_IN
    except SMTPResponseException as refused:
        return refused.smtp_code
    finally:
        # What Django opened stays open when the conversation fails before the first message.
        connection.close()
    return 0


def purge_mail(actor: Actor) -> int:
    """Delete stored mail that is no longer needed and that no hold keeps; returns how many."""
    now, held = clock.now(), inventory.held()
    if OutgoingMail._meta.db_table in held.tables:
        return 0
    mails = OutgoingMail.objects.exclude(to__in=held.addresses)
    old, _ = mails.filter(created_at__lt=now - runtime.value("retention.mail")).delete()
    secret, _ = mails.filter(
        has_secret=True, created_at__lt=now - runtime.value("retention.secret_mail")
    ).delete()
    return old + secret


# Mail programs read neither stylesheets nor custom properties, so the light theme's values stand here as sRGB.
THEME = {
    "canvas": "#f7f8fa", "surface": "#ffffff", "border": "#dfe2e8", "text": "#1b2130", "muted": "#586174",
    "brand": "#3f4fc4", "on_brand": "#ffffff", "sunken": "#eef0f4",
}  # fmt: skip
