"""Sending the news of an alert: as mail, as push messages, and as a signed webhook."""

import json
from typing import Any

from django.conf import settings
from django.db import transaction

from guildry.kernel import bus, clock, crypto, errors, permissions, runtime
from guildry.kernel.permissions import Actor
from guildry.ops.alerts import events, queries, rules
from guildry.ops.alerts.models import Alert, Device
from guildry.people.accounts.models import Member
from guildry.platform.jobs import actions as jobs
from guildry.platform.mail.actions import send_letter
from guildry.platform.mail.models import Letter
from guildry.platform.outbound.actions import NotTaken, post

TASKS = "guildry.ops.alerts.tasks"
GONE = (404, 410)
MOST_DEVICES = 10


class DeviceUnfit(errors.Invalid):
    problem = errors.problem("device-unfit", 422, "That browser cannot be told")
    detail = "That is no subscription of a browser."


def tell_staff(actor: Actor, *, alert_id: int) -> bool:
    """Send the news of an alert over every channel in use, in the running transaction; returns whether any was sent.

    Nobody is told of what is silenced, nor of the end of what they were not told of.
    """
    found = Alert.objects.get(pk=alert_id)
    if queries.is_silenced(found.key):
        return False
    _send(actor, queries.message_of(found), queries.recipients())
    return True


def send_test(actor: Actor) -> int:
    """Send a test message over every channel in use, mail to the actor only; returns how many messages that is."""
    permissions.require(actor, "alerts.acknowledge")
    message = {
        "type": "alert.test",
        "title": "Test of the alerts",
        "observed": "Somebody pressed the button on the page of alerts",
        "threshold": "",
        "severity": "test",
        "state": "test",
        "alert": "",
        "url": f"{settings.ORIGIN}/ops/alerts/",
        "runbook": "",
        "at": clock.now().isoformat(),
    }
    with transaction.atomic():
        sent = _send(actor, message, [Member.objects.get(pk=actor.pk)])
        bus.publish(events.DeliveryTried(actor.pk), actor=actor)
    return sent


def _send(actor: Actor, message: dict[str, str], members: list[Member]) -> int:
    channels, sent = queries.channels(), 0
    if channels.mail:
        for member in members:
            send_letter(actor, to=member.email, letter=_letter(message))
            sent += 1
    if channels.push:
        for device in Device.objects.filter(member__in=members).order_by("pk"):
            _enqueue(actor, "push", device_id=device.pk, message=message)
            sent += 1
    if channels.webhook:
        _enqueue(actor, "webhook", message_id=f"msg_{crypto.new_token()[:27]}", message=message)
        sent += 1
    return sent


def _enqueue(actor: Actor, task: str, **named: Any) -> None:
    arguments = json.dumps([[], named])
    jobs.enqueue_job(actor, task=f"{TASKS}.{task}", arguments=arguments, most_attempts=rules.CHANNEL_ATTEMPTS)


def _letter(message: dict[str, str]) -> Letter:
    words = {"alert.opened": "It was seen", "alert.resolved": "It was last seen", "alert.test": "It says"}
    paragraphs = [f"{words[message['type']]}: {message['observed']}."]
    if message["threshold"]:
        paragraphs.append(f"The threshold is: {message['threshold']}.")
    return Letter(
        message["title"],
        tuple(paragraphs),
        button=("What to do", message["runbook"])
        if message["runbook"]
        else ("Open the alerts", message["url"]),
        notes=(f"All alerts: {message['url']}",),
    )


def deliver_webhook(actor: Actor, *, message_id: str, message: dict[str, str]) -> int:
    """Send one message to the configured address, signed; returns the status, raises NotTaken when it may be tried again."""
    address = str(runtime.value("alerts.webhook"))
    if not address:
        return 0
    body = json.dumps({"type": message["type"], "timestamp": message["at"], "data": message}).encode()
    headers = rules.webhook_headers(
        secret=queries.webhook_secret(), message_id=message_id, sent_at=clock.present(), body=body
    )
    status = post(
        actor,
        url=address,
        body=body,
        headers={**headers, "content-type": "application/json"},
        trusted=_trusted(),
    )
    if not 200 <= status < 300:
        raise NotTaken(f"The receiver of alerts answered {status}.")
    return status


def deliver_push(actor: Actor, *, device_id: int, message: dict[str, str]) -> int:
    """Send one message to one browser, encrypted for it alone; forgets a browser that is gone."""
    device = Device.objects.filter(pk=device_id).first()
    if device is None:
        return 0
    content = json.dumps({key: message[key] for key in ("title", "observed", "url", "runbook")}).encode()
    body = queries.encrypted(content, public_key=device.public_key, auth=device.auth)
    status = post(
        actor,
        url=device.endpoint,
        body=body,
        headers=queries.push_headers(device.endpoint),
        trusted=_trusted(),
    )
    if status in GONE:
        device.delete()
    elif not 200 <= status < 300:
        raise NotTaken(f"The push service answered {status}.")
    return status


def add_device(actor: Actor, *, endpoint: str, public_key: str, auth: str) -> Device:
    """Have a browser of the actor told of alerts; raises PermissionMissing or DeviceUnfit."""
    permissions.require(actor, "alerts.acknowledge")
    try:
        queries.encrypted(b"", public_key=public_key, auth=auth)
    except ValueError as error:
        raise DeviceUnfit from error
    if not endpoint.startswith("https://") or len(endpoint) > 1000:
        raise DeviceUnfit
    with transaction.atomic():
        own = Device.objects.filter(member_id=actor.pk).order_by("-pk").values_list("pk", flat=True)
        Device.objects.filter(pk__in=list(own[MOST_DEVICES - 1 :])).delete()
        device, _ = Device.objects.update_or_create(
            digest=crypto.digest(endpoint),
            defaults={
                "member_id": actor.pk,
                "endpoint": endpoint,
                "public_key": public_key,
                "auth": auth,
                "created_at": clock.now(),
            },
        )
    return device


def remove_device(actor: Actor, *, endpoint: str) -> bool:
    """Tell one of the actor's browsers nothing any more; returns whether it was told before."""
    gone, _ = Device.objects.filter(member_id=actor.pk, digest=crypto.digest(endpoint)).delete()
    return bool(gone)


def _trusted() -> frozenset[str]:
    return frozenset(runtime.value("alerts.private_hosts"))
