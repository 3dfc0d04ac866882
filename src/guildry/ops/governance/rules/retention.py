"""How long each kind of data stays, within which bounds, and how a proof of it is chained."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Policy:
    """Rows of a table go when `moment` is as long ago as the setting `key` says.

    `only` are further conditions on a row; `whose` are lookups to the members whose hold keeps it.
    """

    name: str
    key: str
    model: str
    moment: str
    what: str
    whose: tuple[str, ...] = ()
    only: tuple[tuple[str, object], ...] = ()


POLICIES = (
    Policy("notifications", "retention.notifications", "notifications.Notification", "created_at",
           "Notifications", ("recipient",)),
    Policy("mail", "retention.mail", "mail.OutgoingMail", "created_at", "Mail that was sent", ("to",),
           (("state__in", ("sent", "kept", "refused")),)),
    Policy("mail_secret", "retention.secret_mail", "mail.OutgoingMail", "created_at",
           "Mail with codes and links that let somebody in", ("to",), (("has_secret", True),)),
    Policy("tokens", "retention.security_logs", "accounts.AccessToken", "revoked_at", "Access tokens that were revoked",
           ("member",)),
    Policy("tokens_expired", "retention.security_logs", "accounts.AccessToken", "expires_at",
           "Access tokens that expired", ("member",)),
    Policy("invitations", "retention.answered", "organisations.Invitation", "answered_at",
           "Invitations that were answered", ("member", "email")),
    Policy("join_requests", "retention.answered", "organisations.JoinRequest", "answered_at",
           "Requests to join that were answered", ("member",)),
    Policy("alerts", "retention.alerts", "alerts.Alert", "resolved_at", "Alerts that are over"),
    Policy("reports", "retention.reports", "perimeter.PolicyViolation", "last_at", "Reports of browsers"),
    Policy("refusals", "retention.reports", "perimeter.RateRefusal", "last_at", "Counts of refused requests"),
    Policy("requests", "retention.requests", "governance.Request", "finished_at", "Answered data requests",
           ("member",), (("state__in", ("collected", "expired", "done", "cancelled", "refused")),)),
    Policy("runs", "retention.requests", "governance.RetentionRun", "finished_at", "Proofs of retention"),
)  # fmt: skip
KEPT = {
    "retention.security_logs": (365 * DAY, 30 * DAY, 1095 * DAY, "How long access tokens that are over can be looked at; sessions and codes go at once.", "Security logs"),
    "retention.answered": (365 * DAY, 30 * DAY, 1825 * DAY, "How long invitations and requests to join are kept once answered.", "Answered invitations"),
    "retention.alerts": (730 * DAY, 30 * DAY, 1825 * DAY, "How long alerts that are over are kept.", "Alerts"),
    "retention.reports": (90 * DAY, 7 * DAY, 365 * DAY, "How long reports of browsers and counts of refused requests are kept.", "Reports"),
    "retention.requests": (1095 * DAY, 365 * DAY, 3650 * DAY, "How long answered data requests and proofs of retention are kept.", "Data requests"),
}  # fmt: skip


def chained(digest: str, keys: Iterable[object]) -> str:
    """Return the digest of a proof after further rows went, in their order."""
    for key in keys:
        digest = hashlib.sha256(f"{digest}:{key}".encode()).hexdigest()
    return digest
