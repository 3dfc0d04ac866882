"""What the site offers, to whom and under which name, obeys the configuration at the next request or run."""

import socket
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import send_mail
from django.test import Client
from django.urls import reverse

from guildry.community.timeline import actions as timeline
from guildry.kernel import clock, runtime
from guildry.kernel.configuration import Wrong, parse
from guildry.kernel.permissions import SYSTEM
from guildry.kernel.points import RUNTIME_SETTINGS
from guildry.people.accounts import actions as accounts
from guildry.people.accounts.models import Member
from guildry.people.notifications import actions as notifications
from guildry.people.notifications.models import Tray
from guildry.people.organisations import actions as organisations
from guildry.platform.files import actions as files
from guildry.platform.mail import actions as mail
from guildry.platform.mail.models import Letter, OutgoingMail
from tests.factories import timeline as make
from tests.factories.notifications import set_tray
from tests.factories.organisations import make_organisation
from tests.factories.pages import text_of
from tests.factories.people import PASSWORD, make_member

pytestmark = pytest.mark.django_db
BY_INVITATION = {"registration.mode": "invitation"}


@pytest.fixture
def ada() -> Member:
    return make_member("ada", created_at=clock.now() - timedelta(days=30))


def sign_up(email: str) -> OutgoingMail:
    accounts.sign_up(SYSTEM, name="Cleo", handle="cleo", email=email, password=PASSWORD, time_zone="UTC")
    return OutgoingMail.objects.order_by("-id")[0]


def test_mail_comes_from_the_name_in_force_whoever_writes_it(settings: Any) -> None:
    settings.EMAIL_BACKEND = "guildry.platform.mail.backend.Mailbox"
    named = {"mail.from_name": 'The "Kiln" & Café'}

    def write() -> list[str]:
        mail.send_letter(SYSTEM, to="ada@example.org", letter=Letter("Hello", ("Hello.",)))
        send_mail("Hello", "Hello.", None, ["ada@example.org"])
        mail.store_mail(SYSTEM, to="ada@example.org", subject="x", text="x", sender="other@example.org")
        return list(OutgoingMail.objects.order_by("-id").values_list("sender", flat=True)[:3])

    with runtime.overridden(named):
        with_name = write()

    sender = '"The \\"Kiln\\" & Café" <guildry@localhost>'
    assert with_name == ["other@example.org", sender, sender]
    assert write() == ["other@example.org", "guildry@localhost", "guildry@localhost"]


@pytest.mark.parametrize("name", ["two\nlines", "Ada <ada@example.org>", "ada@example.org", "x" * 81])
def test_a_name_that_would_be_more_than_a_name_is_refused(name: str) -> None:
    with pytest.raises(Wrong):
        parse(RUNTIME_SETTINGS["mail.from_name"], name)


def test_the_next_digest_is_planned_for_the_hour_in_force(ada: Member, client: Client) -> None:
    moment = datetime(2026, 3, 2, 12, tzinfo=UTC)
    set_tray(ada, digest_due_at=moment)
    client.force_login(ada)

    with clock.at(moment), runtime.overridden({"notifications.digest_hour": 17}):
        notifications.mail_digest(SYSTEM, member_id=ada.pk)
        page = text_of(client.get("/notifications/preferences/"))
    planned = Tray.objects.get(pk=ada.pk).digest_due_at
    with clock.at(moment + timedelta(hours=5)):
        notifications.mail_digest(SYSTEM, member_id=ada.pk)

    assert planned == datetime(2026, 3, 2, 17, tzinfo=UTC)
    assert Tray.objects.get(pk=ada.pk).digest_due_at == datetime(2026, 3, 3, 8, tzinfo=UTC)
    assert "It goes at 17:00 by your clock" in page


def test_hashtags_are_published_as_rss_only_while_that_is_on(ada: Member, client: Client) -> None:
    make.publish(ada, "The kiln is hot #clay")
    page, feed = "/timeline/hashtags/clay/", "/timeline/hashtags/clay/rss/"

    with runtime.overridden({"timeline.rss": False}):
        off = client.get(feed).status_code, feed in client.get(page).content.decode()

    assert off == (404, False)
    assert (client.get(feed).status_code, feed in client.get(page).content.decode()) == (200, True)


def test_no_other_server_is_asked_about_links_while_previews_are_off(
    ada: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def look_up(host: str, *arguments: Any, **named: Any) -> Any:
        asked.append(host)
        raise OSError("no such name")

    post = make.publish(ada, "Look: https://elsewhere.example/")
    monkeypatch.setattr(socket, "getaddrinfo", look_up)

    with runtime.overridden({"timeline.link_previews": False}):
        timeline.attach_preview(SYSTEM, post_id=post.pk)
    before = list(asked)
    timeline.attach_preview(SYSTEM, post_id=post.pk)

    assert (before, asked) == ([], ["elsewhere.example"])


def test_search_engines_may_list_the_site_only_while_that_is_on(client: Client) -> None:
    with runtime.overridden({"site.is_indexed": False}):
        page, robots = client.get("/"), client.get("/robots.txt").content.decode()
    again = client.get("/")

    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert "Sitemap" not in robots
    assert "Disallow: /\n" not in robots
    assert "X-Robots-Tag" not in again.headers
    assert "Sitemap" in client.get("/robots.txt").content.decode()


def test_one_file_may_be_as_large_as_is_set_and_pages_say_so(ada: Member, client: Client) -> None:
    client.force_login(ada)
    content = make.picture().read() + b"\0" * 1_200_000
    portrait = reverse("profiles:portrait")

    def upload() -> Any:
        file = SimpleUploadedFile("a.png", content, "image/png")
        return files.receive_upload(ada, use="profiles.portrait", file=file)

    with runtime.overridden({"files.largest_megabytes": 1}):
        with pytest.raises(files.FileTooLarge, match="1 MB at most"):
            upload()
        pages = [text_of(client.get(path)) for path in (portrait, reverse("timeline:compose"))]

    assert upload().pk
    assert "up to 1 MB" in pages[0]
    assert "1 MB each" in pages[1]
    assert "up to 4 MB" in text_of(client.get(portrait))


def test_nobody_joins_while_registration_is_closed_and_members_sign_in(ada: Member) -> None:
    browser = Client()
    form = {"name": "Cleo", "handle": "cleo", "email": "cleo@example.org", "password": PASSWORD}

    with runtime.overridden({"registration.mode": "closed"}):
        closed = [browser.get("/join/").status_code, browser.post("/join/", form).status_code]
        signs_in = browser.get("/sign-in/").status_code
        with pytest.raises(accounts.RegistrationClosed):
            sign_up("c@example.org")

    assert (closed, signs_in, browser.get("/join/").status_code) == ([403, 403], 200, 200)
    assert not OutgoingMail.objects.exists()


def test_only_an_address_that_was_invited_gets_a_code_and_nobody_sees_which(ada: Member) -> None:
    guild = make_organisation(ada)
    organisations.invite(ada, organisation_id=guild.pk, to="Cleo@example.org")

    with runtime.overridden(BY_INVITATION):
        uninvited, invited = sign_up("dan@example.org"), sign_up("cleo@example.org")
        answers = [
            Client().post("/join/", {"name": "Eve", "handle": "eve", "password": PASSWORD, "time_zone": "UTC",
                                     "email": email})
            for email in ("dan@example.org", "cleo@example.org")
        ]  # fmt: skip
        page = text_of(Client().get("/join/"))
    open_again = sign_up("dan@example.org")

    assert (uninvited.subject, uninvited.has_secret) == ("Joining takes an invitation", False)
    assert invited.has_secret
    assert open_again.subject == invited.subject
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(303, "/join/confirm/")] * 2
    assert "joined by invitation" in page
    assert "joined by invitation" not in text_of(Client().get("/join/"))


@pytest.mark.parametrize("end", ["revoked", "expired", "closed"])
def test_an_invitation_that_no_longer_counts_lets_nobody_join(ada: Member, end: str) -> None:
    guild = make_organisation(ada)
    invitation = organisations.invite(ada, organisation_id=guild.pk, to="cleo@example.org")
    if end == "revoked":
        organisations.revoke_invitation(ada, invitation_id=invitation.pk)
    elif end == "closed":
        organisations.close_organisation(ada, organisation_id=guild.pk)
    moment = invitation.expires_at if end == "expired" else clock.now()

    with clock.at(moment), runtime.overridden(BY_INVITATION):
        accounts.require_registration(SYSTEM)
        with pytest.raises(accounts.InvitationNeeded):
            accounts.require_admission(SYSTEM, email="cleo@example.org")


def test_an_invited_address_that_a_service_vouches_for_may_join(ada: Member) -> None:
    organisations.invite(ada, organisation_id=make_organisation(ada).pk, to="cleo@example.org")

    with runtime.overridden(BY_INVITATION):
        accounts.require_admission(SYSTEM, email=" Cleo@Example.org")
