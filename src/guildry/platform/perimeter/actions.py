"""What the edge writes down."""

import threading
from collections import Counter

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from guildry.kernel import bus, clock, errors, permissions
from guildry.kernel.permissions import Actor
from guildry.platform.perimeter import queries, rules
from guildry.platform.perimeter.events import ViolationDismissed, ViolationReopened
from guildry.platform.perimeter.models import KeptReply, PolicyViolation, RateRefusal

MOST_VIOLATION_KINDS = 2_000

_refused: Counter[str] = Counter()
_refused_lock = threading.Lock()


class KeyMalformed(errors.Malformed):
    problem = errors.problem("idempotency-key-malformed", 400, "That Idempotency-Key cannot be kept")
    detail = "An Idempotency-Key is a UUID or up to 64 letters, digits and the signs _ . : -"


class KeyReused(errors.DomainError):
    problem = errors.problem("idempotency-key-reused", 422, "That Idempotency-Key belongs to another call")
    detail = "This Idempotency-Key was used for a different call. Give every new call a key of its own."


class CallUnderWay(errors.DomainError):
    problem = errors.problem("call-under-way", 409, "The first call is still under way", retryable=True)
    detail = "The first call with this Idempotency-Key is still under way. Ask again shortly."


class ReplyNotKept(errors.DomainError):
    problem = errors.problem("reply-not-kept", 409, "That call was carried out already")
    detail = (
        "This call was carried out already. Its reply held a secret or was too large, so it was not kept."
    )


def claim_key(actor: Actor, *, scope: str, key: str, digest: str) -> KeptReply | None:
    """Return the reply kept for this call, or None when the caller now has to carry it out.

    Raises KeyMalformed, KeyReused when the key belongs to another call, CallUnderWay with the time to ask again, and
    ReplyNotKept.
    """
    if not rules.is_key(key):
        raise KeyMalformed
    now = clock.now()
    stale = Q(created_at__lt=now - rules.KEEP_REPLIES) | Q(
        status=None, created_at__lt=now - rules.CLAIM_LASTS
    )
    KeptReply.objects.filter(stale, scope=scope, key=key).delete()
    try:
        with transaction.atomic():
            KeptReply.objects.create(scope=scope, key=key, request_digest=digest, created_at=now)
    except IntegrityError:
        return _kept(scope, key, digest)
    return None


def _kept(scope: str, key: str, digest: str) -> KeptReply:
    reply = KeptReply.objects.filter(scope=scope, key=key).first()
    if reply is None or (reply.status is None and reply.request_digest == digest):
        raise CallUnderWay(retry_after=1)
    if reply.request_digest != digest:
        raise KeyReused
    if reply.is_secret:
        raise ReplyNotKept
    return reply


def keep_reply(
    actor: Actor,
    *,
    scope: str,
    key: str,
    status: int,
    headers: dict[str, str],
    content: bytes,
    is_secret: bool,
) -> None:
    """Keep the reply of a claimed call for a day; a secret or very large one only as a mark that it happened."""
    is_secret = is_secret or len(content) > rules.LARGEST_REPLY
    KeptReply.objects.filter(scope=scope, key=key).update(
        status=status, headers=headers, content=b"" if is_secret else content, is_secret=is_secret
    )


def release_key(actor: Actor, *, scope: str, key: str) -> None:
    """Give a claimed key back, because the call failed and may be tried again."""
    KeptReply.objects.filter(scope=scope, key=key, status=None).delete()


def purge_replies(actor: Actor) -> int:
    """Delete the replies nobody may ask for again; returns how many."""
    return KeptReply.objects.filter(created_at__lt=clock.now() - rules.KEEP_REPLIES).delete()[0]


def record_violation(actor: Actor, *, violation: rules.Violation) -> None:
    """Count what a browser blocked, one row a kind; past the most kinds only known ones are counted."""
    now = clock.now()
    values = (violation.directive, violation.blocked, violation.source)
    fingerprint = rules.digest_of([value.encode() for value in values])
    rows = PolicyViolation.objects.filter(fingerprint=fingerprint)
    if (
        rows.update(count=F("count") + 1, last_at=now)
        or PolicyViolation.objects.count() >= MOST_VIOLATION_KINDS
    ):
        return
    directive, blocked, source = values
    try:
        with transaction.atomic():
            PolicyViolation.objects.create(
                fingerprint=fingerprint, directive=directive, blocked=blocked, source=source,
                first_at=now, last_at=now,
            )  # fmt: skip
    except IntegrityError:
        rows.update(count=F("count") + 1, last_at=now)


def dismiss_violation(actor: Actor, *, violation_id: int, reason: str) -> PolicyViolation:
    """Put a kind of violation aside; raises PermissionMissing, ViolationNotFound, or Invalid without a reason."""
    return _judge(actor, violation_id, reason, ViolationDismissed(violation_id), is_dismissed=True)


def reopen_violation(actor: Actor, *, violation_id: int, reason: str) -> PolicyViolation:
    """Take a dismissed kind of violation up again; raises as dismiss_violation does."""
    return _judge(actor, violation_id, reason, ViolationReopened(violation_id), is_dismissed=False)


def _judge(
    actor: Actor, violation_id: int, reason: str, fact: bus.Fact, *, is_dismissed: bool
) -> PolicyViolation:
    permissions.require(actor, "security.manage")
    act = bus.Act(reason, before={"is_dismissed": not is_dismissed}, after={"is_dismissed": is_dismissed})
    with transaction.atomic():
        found = PolicyViolation.objects.select_for_update().filter(pk=violation_id).first()
        if found is None:
            raise queries.ViolationNotFound
        if found.is_dismissed != is_dismissed:
            found.is_dismissed = is_dismissed
            found.save(update_fields=["is_dismissed"])
            bus.publish(fact, actor=actor, act=act)
    return found


def count_refusal(actor: Actor, *, rate: str) -> None:
    """Count a request refused for being one too many, in memory: a flood must not become writes."""
    with _refused_lock:
        _refused[rate] += 1


def keep_refusals(actor: Actor) -> int:
    """Write down what was counted since the last time; returns how many there were. Nothing is lost when it fails."""
    with _refused_lock:
        counted = Counter(_refused)
        _refused.clear()
    now = clock.now()
    try:
        with transaction.atomic():
            for rate, count in counted.items():
                row, _ = RateRefusal.objects.get_or_create(
                    rate=rate, defaults={"first_at": now, "last_at": now}
                )
                RateRefusal.objects.filter(pk=row.pk).update(count=F("count") + count, last_at=now)
    except Exception:
        with _refused_lock:
            _refused.update(counted)
        raise
    return counted.total()
