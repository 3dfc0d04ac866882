"""Background work of alerts: measuring, telling, and each message by itself."""

from django_tasks import task

from guildry.kernel.bus import Delivery
from guildry.kernel.permissions import SYSTEM
from guildry.ops.alerts import actions, queries


@task()
def evaluate() -> int:
    return actions.evaluate_thresholds(SYSTEM, readings=queries.readings())


@task()
def forget() -> int:
    return actions.forget_tallies(SYSTEM)


@task()
def push(device_id: int, message: dict[str, str]) -> int:
    return actions.deliver_push(SYSTEM, device_id=device_id, message=message)


@task()
def webhook(message_id: str, message: dict[str, str]) -> int:
    return actions.deliver_webhook(SYSTEM, message_id=message_id, message=message)


def tell(delivery: Delivery) -> None:
    """Send the news of an alert that opened or is over."""
    actions.tell_staff(SYSTEM, alert_id=delivery.fact.alert_id)


class FailureCounter:
    """Looks now and then at how many requests of this process failed, and keeps what is new in the database."""

    def __init__(self) -> None:
        self._seen = 0

    def tick(self) -> bool:
        from guildry.platform.lifecycle.queries import own_name, requests_answered

        failed = sum(
            reading.buckets[-1][1]
            for reading in requests_answered()
            if dict(reading.labels)["status"] == "5xx"
        )
        if failed > self._seen:
            actions.note_failures(SYSTEM, process=own_name(), count=failed - self._seen)
            self._seen = failed
        return False
