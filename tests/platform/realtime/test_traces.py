"""One trace holds what a request caused, in the words of OpenTelemetry: what sockets heard, the job and the mail."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tools.mail_server import Post

from tests.platform.realtime.client import connected
from tests.platform.realtime.town import Town
from tests.platform.telemetry import collector as collecting
from tests.platform.telemetry.collector import Collector
from tools import mail_server

pytestmark = pytest.mark.processes
ME, TRACE, PARENT = "/me", "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
# Mail about a notification waits for two minutes in which it may be read.
LATER = """
from datetime import timedelta
from django.db import transaction
from django.db.models import F
from guildry.people.notifications.models import Notification
from guildry.people.notifications.tasks import send_due_mail
with transaction.atomic():
    Notification.objects.update(mail_due_at=F("mail_due_at") - timedelta(minutes=3))
    send_due_mail.enqueue()
"""
CHOOSE = """
from guildry.people.notifications.models import Choice
Choice.objects.create(member_id={}, kind="network.request", app=True, mail="instant")
"""


@pytest.fixture
def post() -> Iterator[Post]:
    with mail_server.running() as running:
        yield running


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting.running() as running:
        yield running


@pytest.fixture
def watched_town(settled: Town, tmp_path: Path, post: Post, collector: Collector) -> Iterator[Town]:
    town = settled.copied(tmp_path)
    town.environment = {"GUILDRY_MAIL": post.address, "GUILDRY_OTLP_ENDPOINT": collector.url}
    town.run(CHOOSE.format(town.people["ben"].id))
    town.start()
    yield town
    if town.process and town.process.poll() is None:
        town.end()


async def test_a_collector_sees_request_socket_job_and_mail_as_one_trace(
    watched_town: Town, post: Post, collector: Collector
) -> None:
    town, ben = watched_town, watched_town.people["ben"]
    traced = {"traceparent": f"00-{TRACE}-{PARENT}-01"}
    async with connected(town.origin, cookie=ben.session) as client:
        await client.join(ME)
        await client.ask(ME, "resume", {})
        path = f"/api/v1/network/members/{ben.id}/connection"
        await asyncio.to_thread(lambda: town.call("ada", "POST", path, {"note": ""}, **traced))
        (heard,) = await client.hears("notification")
        await asyncio.to_thread(town.run, LATER)
        async with asyncio.timeout(20):
            while not post.messages:
                await asyncio.sleep(0.05)
    assert await asyncio.to_thread(town.end) == 0

    spans = {span.name: span for span in collector.spans if span.trace_id.hex() == TRACE}
    assert heard["trace_id"] == TRACE
    assert str(post.messages[0]["Traceparent"]).split("-")[1] == TRACE
    assert spans["POST"].parent_span_id.hex() == PARENT
    assert above(spans, "socket /me notification") == [
        "fact notifications.MembersNotified", "delivery notifications.requested",
        "fact network.ConnectionRequested", "POST",
    ]  # fmt: skip
    deliver = "guildry.platform.mail.tasks.deliver"
    assert above(spans, f"job {deliver}") == [f"enqueued {deliver}", "notification network.request"]


def above(spans: dict[str, Any], name: str) -> list[str]:
    """Return the names of the steps that a step came out of, the nearest first."""
    by_id = {span.span_id: span for span in spans.values()}
    found, step = [], spans[name]
    while step := by_id.get(step.parent_span_id):
        found.append(step.name)
    return found
