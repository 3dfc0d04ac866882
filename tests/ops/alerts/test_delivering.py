"""News of alerts leaves as mail, as push messages only their browser can read, and as a webhook that proves itself."""

import base64
import json
import struct
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from guildry.kernel import clock, runtime
from guildry.kernel.permissions import SYSTEM, PermissionMissing, StaffRole
from guildry.ops.alerts import actions, queries, rules
from guildry.ops.alerts.models import Device
from guildry.ops.alerts.queries import pushing
from guildry.ops.alerts.queries.pushing import packed, unpacked
from guildry.people.accounts.models import Member
from guildry.platform.jobs.models import Job
from guildry.platform.mail.models import OutgoingMail
from guildry.platform.outbound.actions import NotTaken
from guildry.platform.outbound.queries import AddressRefused
from tests.factories.alerts import open_alert, read
from tests.factories.people import grant, make_member
from tests.factories.receiver import Receiver, receiving

pytestmark = [pytest.mark.django_db, pytest.mark.loopback]


class Browser:
    """A browser that subscribed: it alone can read what is pushed to it."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.private, self.secret = ec.generate_private_key(ec.SECP256R1()), b"sixteen letters!"

    @property
    def point(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def subscription(self) -> dict[str, str]:
        return {"endpoint": self.endpoint, "public_key": packed(self.point), "auth": packed(self.secret)}

    def read(self, body: bytes) -> dict[str, str]:
        """Decrypt a message as RFC 8291 says a browser does."""
        salt, (_, length) = body[:16], struct.unpack("!IB", body[16:21])
        theirs, sealed = body[21 : 21 + length], body[21 + length :]
        shared = self.private.exchange(
            ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        )
        info = b"WebPush: info\0" + self.point + theirs
        key = HKDF(hashes.SHA256(), 32, self.secret, info).derive(shared)
        content_key = HKDF(hashes.SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(key)
        nonce = HKDF(hashes.SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(key)
        content = AESGCM(content_key).decrypt(nonce, sealed, None)
        assert content.endswith(b"\2")
        return dict(json.loads(content[:-1]))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def operator(ada: Member, ben: Member) -> Member:
    return grant(ben, StaffRole.OPERATOR, by=ada)


@pytest.fixture
def at_home(receiver: Receiver) -> Iterator[Receiver]:
    """The receiver as the address of webhooks, at a private address that alerts may be sent to."""
    values = {"alerts.webhook": f"http://{receiver.host}/alerts", "alerts.private_hosts": (receiver.host,)}
    with runtime.overridden(values):
        yield receiver


def device_at(receiver: Receiver, operator: Member) -> tuple[Browser, Device]:
    browser = Browser(f"https://{receiver.host}/push")
    device = actions.add_device(operator, **browser.subscription())
    Device.objects.update(endpoint=f"http://{receiver.host}/push")
    return browser, device


def test_staff_who_can_act_are_told_by_mail_with_the_runbook(
    operator: Member, ada: Member, deliver: Callable[[], int]
) -> None:
    grant(make_member("audrey"), StaffRole.AUDITOR, by=ada)
    open_alert()

    deliver()

    letter = OutgoingMail.objects.get()
    assert (letter.to, letter.subject) == (operator.email, "Critical: The disk is nearly full")
    assert "It was seen: 10 MB free." in letter.text
    assert "/ops/runbooks/disk-full/" in letter.text


def test_the_end_of_an_alert_is_told_too(operator: Member, deliver: Callable[[], int]) -> None:
    open_alert()
    read(False, False, False)

    deliver()

    subjects = list(OutgoingMail.objects.order_by("id").values_list("subject", flat=True))
    assert subjects[-1] == "Resolved: The disk is nearly full"


def test_whoever_is_locked_out_is_told_nothing(operator: Member, deliver: Callable[[], int]) -> None:
    Member.objects.filter(pk=operator.pk).update(is_active=False)
    open_alert()

    deliver()

    assert not OutgoingMail.objects.exists()


def test_mail_can_be_switched_off(operator: Member, deliver: Callable[[], int]) -> None:
    with runtime.overridden({"alerts.mail": False}):
        open_alert()
        deliver()

    assert not OutgoingMail.objects.exists()


def test_a_webhook_carries_the_alert_and_proves_where_it_comes_from(
    at_home: Receiver, operator: Member, deliver: Callable[[], int], run_jobs: Callable[[], int]
) -> None:
    open_alert()
    deliver()

    assert run_jobs() == 1

    ((headers,), (body,)) = at_home.headers, at_home.bodies
    assert rules.is_signed(headers, body, secret=queries.webhook_secret(), now=clock.now())
    told = json.loads(body)
    assert (told["type"], told["data"]["alert"]) == ("alert.opened", "disk.free")
    assert told["data"]["runbook"].endswith("/ops/runbooks/disk-full/")
    assert headers["content-type"] == "application/json"


def test_the_key_shown_to_staff_is_the_one_that_signs(at_home: Receiver) -> None:
    shown = queries.shown_webhook_secret()

    assert base64.b64decode(shown.removeprefix("whsec_")) == queries.webhook_secret()


def test_a_receiver_that_is_away_is_tried_again(
    at_home: Receiver, operator: Member, deliver: Callable[[], int]
) -> None:
    at_home.status = 503
    with pytest.raises(NotTaken):
        actions.deliver_webhook(SYSTEM, message_id="msg_1", message=_message())

    open_alert()
    deliver()
    waiting = Job.objects.get(task="guildry.ops.alerts.tasks.webhook")
    assert waiting.most_attempts == rules.CHANNEL_ATTEMPTS


def test_a_private_address_is_refused_unless_it_is_on_the_list(receiver: Receiver) -> None:
    with (
        runtime.overridden({"alerts.webhook": f"http://{receiver.host}/"}),
        pytest.raises(AddressRefused),
    ):
        actions.deliver_webhook(SYSTEM, message_id="msg_1", message=_message())
    with runtime.overridden({"alerts.webhook": "http://localhost/"}), pytest.raises(AddressRefused):
        actions.deliver_webhook(SYSTEM, message_id="msg_1", message=_message())

    assert receiver.bodies == []


def test_nothing_is_sent_where_no_address_is_given() -> None:
    assert actions.deliver_webhook(SYSTEM, message_id="msg_1", message=_message()) == 0


def test_a_push_message_is_read_by_its_browser_alone(
    at_home: Receiver, operator: Member, deliver: Callable[[], int], run_jobs: Callable[[], int]
) -> None:
    browser, _ = device_at(at_home, operator)
    with runtime.overridden({"alerts.webhook": ""}):
        open_alert()
        deliver()
        run_jobs()

    ((headers,), (body,)) = at_home.headers, at_home.bodies
    told = browser.read(body)
    assert told["title"] == "Critical: The disk is nearly full"
    assert told["runbook"].endswith("/ops/runbooks/disk-full/")
    assert (headers["content-encoding"], headers["ttl"], headers["urgency"]) == ("aes128gcm", "3600", "high")
    assert b"disk" not in body


def test_the_push_service_can_prove_who_sends(at_home: Receiver, operator: Member) -> None:
    token, key = (
        pushing.push_headers(f"http://{at_home.host}/push")["authorization"]
        .removeprefix("vapid t=")
        .split(", k=")
    )
    head, claims, signature = token.split(".")
    raw = unpacked(signature)
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unpacked(key))

    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    public.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    assert key == queries.push_key()
    assert json.loads(unpacked(head)) == {"typ": "JWT", "alg": "ES256"}
    assert json.loads(unpacked(claims))["aud"] == f"http://{at_home.host}"


def test_the_example_of_the_standard_is_encrypted_byte_by_byte() -> None:
    """RFC 8291, appendix A."""
    private = ec.derive_private_key(
        int.from_bytes(unpacked("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"), ec.SECP256R1()
    )

    body = pushing.encrypted(
        b"When I grow up, I want to be a watermelon",
        public_key="BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        auth="BTBZMqHH6r4Tts7J_aSIgg",
        own=private,
        salt=unpacked("DGv6ra1nlYgDCS1FRnbzlw"),
    )

    assert packed(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8w"
        "EqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_a_browser_that_is_gone_is_forgotten_and_one_that_is_busy_is_tried_again(
    at_home: Receiver, operator: Member
) -> None:
    _, device = device_at(at_home, operator)
    at_home.status = 429
    with pytest.raises(NotTaken):
        actions.deliver_push(SYSTEM, device_id=device.pk, message=_message())
    assert Device.objects.exists()

    at_home.status = 410
    assert actions.deliver_push(SYSTEM, device_id=device.pk, message=_message()) == 410
    assert not Device.objects.exists()
    assert actions.deliver_push(SYSTEM, device_id=device.pk, message=_message()) == 0


def test_push_can_be_switched_off(at_home: Receiver, operator: Member, deliver: Callable[[], int]) -> None:
    device_at(at_home, operator)
    with runtime.overridden({"alerts.push": False, "alerts.webhook": ""}):
        open_alert()
        deliver()

    assert not Job.objects.filter(task="guildry.ops.alerts.tasks.push").exists()


def test_a_member_has_at_most_ten_browsers_and_the_oldest_makes_room(operator: Member) -> None:
    browsers = [Browser(f"https://push.example/{number}") for number in range(12)]
    for browser in browsers:
        actions.add_device(operator, **browser.subscription())

    kept = list(Device.objects.order_by("pk").values_list("endpoint", flat=True))
    assert kept == [browser.endpoint for browser in browsers[2:]]


@pytest.mark.parametrize(
    "wrong",
    [{"endpoint": "http://push.example/"}, {"public_key": "AAAA"}, {"auth": "AAAA"}, {"auth": "?"},
     {"endpoint": "https://push.example/" + "x" * 1000}],
)  # fmt: skip
def test_a_subscription_that_is_none_is_refused(wrong: dict[str, str], operator: Member) -> None:
    given = {**Browser("https://push.example/1").subscription(), **wrong}

    with pytest.raises(actions.DeviceUnfit):
        actions.add_device(operator, **given)
    assert not Device.objects.exists()


def test_members_are_told_of_no_alerts(ada: Member) -> None:
    with pytest.raises(PermissionMissing):
        actions.add_device(ada, **Browser("https://push.example/1").subscription())
    with pytest.raises(PermissionMissing):
        actions.send_test(ada)


def test_a_browser_is_told_no_longer_by_its_owner_only(operator: Member, ada: Member) -> None:
    browser = Browser("https://push.example/1")
    actions.add_device(operator, **browser.subscription())

    assert not actions.remove_device(ada, endpoint=browser.endpoint)
    assert actions.remove_device(operator, endpoint=browser.endpoint)


def test_a_test_goes_over_every_channel(
    at_home: Receiver, operator: Member, run_jobs: Callable[[], int]
) -> None:
    browser, _ = device_at(at_home, operator)

    assert actions.send_test(operator) == 3
    run_jobs()

    assert OutgoingMail.objects.get().subject == "Test of the alerts"
    assert len(at_home.bodies) == 2
    pushed = [
        body
        for headers, body in zip(at_home.headers, at_home.bodies, strict=True)
        if headers.get("content-encoding") == "aes128gcm"
    ]
    assert [browser.read(body)["title"] for body in pushed] == ["Test of the alerts"]


def _message() -> dict[str, Any]:
    return {
        "type": "alert.test",
        "title": "t",
        "observed": "o",
        "url": "u",
        "runbook": "",
        "at": "2030-01-01",
    }
