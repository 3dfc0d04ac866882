"""The ways out and in: mail, and the address that members type."""

import json
import smtplib
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

from django.conf import settings

from guildry.ops.doctor import rules
from guildry.ops.doctor.rules import Cause, Finding, Grade, good
from guildry.platform.mail.queries import mail_server


def mail() -> Iterator[Finding]:
    server = mail_server()
    if server is None:
        yield _kept()
        return
    where = f"{server.host}:{server.port}"
    try:
        _talk(server)
    except smtplib.SMTPAuthenticationError:
        yield _no_mail(f"{where} refuses the user or the password.", "Correct them in GUILDRY_MAIL.")
    except (ssl.SSLError, smtplib.SMTPNotSupportedError) as error:
        yield _no_mail(
            f"{where} speaks no TLS that can be trusted: {error}.",
            "Use its proper name and port: 587, or smtps:// with 465.",
        )
    except (OSError, smtplib.SMTPException) as error:
        yield _no_mail(
            f"{where} does not answer as a mail server does: {error}.",
            "Correct host and port in GUILDRY_MAIL; hosting companies often block 25.",
        )
    else:
        yield good("mail", f"{where} takes letters")


def _kept() -> Finding:
    what = "This installation sends no mail; it keeps letters in a mailbox."
    if "//localhost" in settings.ORIGIN:
        return good("mail", what)
    return Finding(
        "mail", Grade.FAULT, what, "Nobody can join, and nobody gets back in who forgot their password.",
        "Set GUILDRY_MAIL=smtp://user:password@host:587", "mail-not-leaving",
    )  # fmt: skip


def _talk(server: Any) -> None:
    """Say hello to a mail server as the site does before it hands over a letter."""
    kind = smtplib.SMTP_SSL if server.is_implicit_tls else smtplib.SMTP
    with kind(server.host, server.port, timeout=5) as conversation:
        conversation.ehlo()
        if server.user and not server.is_implicit_tls:
            conversation.starttls()
        if server.user:
            conversation.login(server.user, server.password)


def _no_mail(what: str, fix: str) -> Finding:
    why = "Codes and letters wait; nobody can join."
    return Finding("mail", Grade.FAULT, what, why, fix, "mail-not-leaving", Cause.DEPENDENCY)


def origin() -> Iterator[Finding]:
    judged = rules.origin_finding(settings.ORIGIN, sends_mail=mail_server() is not None)
    yield judged
    if judged.grade == Grade.GOOD and settings.IS_SECURE:
        yield from _seen_from_outside(f"{settings.ORIGIN}/healthz")


def _seen_from_outside(address: str) -> Iterator[Finding]:
    """Ask as a visitor would, through whatever stands in front."""
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own https address
            is_ours = json.loads(answer.read(200)).get("status") in ("pass", "fail")
    except urllib.error.HTTPError as refusal:
        if refusal.code == 400:
            yield _proxy(
                "It passes another host name on.",
                "nginx: proxy_set_header Host $host;  Caddy does it by itself.",
            )
        else:
            yield _proxy(
                f"It answers {refusal.code}.",
                "Start the site, or correct where the proxy passes requests to.",
            )
    except (OSError, ValueError, AttributeError) as error:
        is_certificate = isinstance(getattr(error, "reason", error), ssl.SSLError)
        fix = (
            "See what it shows the world with the runbook."
            if is_certificate
            else "Check name, proxy and firewall."
        )
        yield _proxy(
            f"{'Its certificate cannot be trusted' if is_certificate else 'It gives no useful answer'}: {error}.",
            fix,
        )
    else:
        yield (
            good("proxy", f"{address} is answered by this site")
            if is_ours
            else _proxy(
                "Something else answers there.",
                "Correct where the name points, or where the proxy passes requests to.",
            )
        )


def _proxy(what: str, fix: str) -> Finding:
    why = f"Members who go to {settings.ORIGIN} do not arrive here."
    return Finding("proxy", Grade.ADVICE, what, why, fix, "certificate", Cause.DEPENDENCY)
