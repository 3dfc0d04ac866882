"""Sending mail: written with whatever causes it, delivered by a job."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.template.loader import render_to_string

from guildry.kernel import clock
from guildry.kernel.permissions import Actor
from guildry.platform.jobs import actions as jobs
from guildry.platform.mail import rules
from guildry.platform.mail.models import Letter, OutgoingMail

DELIVER = "guildry.platform.mail.tasks.deliver"


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
    """Keep one message and, unless this installation only keeps a mailbox, have a job deliver it."""
    is_sent = rules.server_of(settings.MAIL) is not None
    with transaction.atomic():
        mail = OutgoingMail.objects.create(
            to=to.strip().lower(),
            sender=sender or settings.DEFAULT_FROM_EMAIL,
            subject=" ".join(subject.split())[:200],
            text=text,
            html=html,
            headers=headers or {},
            has_secret=has_secret,
            state=OutgoingMail.State.WAITING if is_sent else OutgoingMail.State.KEPT,
            created_at=clock.now(),
        )
        if is_sent:
            jobs.enqueue_job(actor, task=DELIVER, arguments=f'[[],{{"mail_id":{mail.pk}}}]')
    return mail


def deliver_mail(actor: Actor, *, mail_id: int) -> bool:
    """Hand a waiting message to the mail server; returns False when there is nothing to do, raises when it is refused."""
    server = rules.server_of(settings.MAIL)
    mail = OutgoingMail.objects.filter(pk=mail_id, state=OutgoingMail.State.WAITING).first()
    if not (mail and server):
        return False
    message = EmailMultiAlternatives(
        mail.subject,
        mail.text,
        mail.sender,
        [mail.to],
        headers={"Message-ID": f"<{mail.pk}.mail@{settings.ALLOWED_HOSTS[0]}>", **mail.headers},
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    get_connection(
        settings.MAIL_TRANSPORT,
        host=server.host,
        port=server.port,
        username=server.user,
        password=server.password,
        use_ssl=server.is_implicit_tls,
        use_tls=bool(server.user) and not server.is_implicit_tls,
        timeout=10,
    ).send_messages([message])
    OutgoingMail.objects.filter(pk=mail.pk).update(state=OutgoingMail.State.SENT, sent_at=clock.now())
    return True


def purge_mail(actor: Actor) -> int:
    """Delete stored mail that is no longer needed, messages with a secret first; returns how many."""
    now = clock.now()
    old, _ = OutgoingMail.objects.filter(created_at__lt=rules.keep_after(now, secret=False)).delete()
    secret, _ = OutgoingMail.objects.filter(
        has_secret=True, created_at__lt=rules.keep_after(now, secret=True)
    ).delete()
    return old + secret


# Mail programs read neither stylesheets nor custom properties, so the light theme's values stand here as sRGB.
THEME = {
    "canvas": "#f7f8fa", "surface": "#ffffff", "border": "#dfe2e8", "text": "#1b2130", "muted": "#586174",
    "brand": "#3f4fc4", "on_brand": "#ffffff", "sunken": "#eef0f4",
}  # fmt: skip
