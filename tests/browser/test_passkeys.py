"""Passkeys in a real browser, made and used by a virtual authenticator."""

import re
import secrets
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Community

pytestmark = pytest.mark.browser
PASSWORD = "correct horse battery staple"


class Visitor:
    """Somebody new with a device that holds passkeys."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page, self.origin = page, origin
        self.handle = f"p{secrets.token_hex(5)}"
        self.email = f"{self.handle}@example.org"
        self.device = page.context.new_cdp_session(page)
        self.device.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True,
        }  # fmt: skip
        made = self.device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.authenticator = made["authenticatorId"]

    def go(self, path: str) -> None:
        self.page.goto(f"{self.origin}{path}")

    def credentials(self) -> int:
        held = self.device.send("WebAuthn.getCredentials", {"authenticatorId": self.authenticator})
        return len(held["credentials"])

    def join(self) -> None:
        self.go("/join/")
        self.page.get_by_label("Your name").fill("Pia Key")
        self.page.get_by_label("Handle").fill(self.handle)
        self.page.get_by_label("E-mail address").fill(self.email)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.locator("form button[type=submit]", has_text="Join").click()
        self.page.get_by_role("link", name="Open the mailbox").click()
        self.page.get_by_role("link", name="Confirm your address").click()
        found = re.search(r"^ {4}(\d{6})$", self.page.locator("pre").inner_text(), re.MULTILINE)
        assert found
        self.go("/join/confirm/")
        self.page.get_by_label("Code").fill(found[1])
        self.page.get_by_role("button", name="Confirm and join").click()
        expect(self.page).to_have_url(re.compile(r"/timeline/"))

    def add_passkey(self) -> None:
        self.go("/settings/security/passkeys/add/")
        self.page.get_by_label("Name of this passkey").fill("My laptop")
        self.page.get_by_role("button", name="Add a passkey").click()
        expect(self.page.get_by_role("heading", name="Recovery codes")).to_be_visible()

    def sign_out(self) -> None:
        self.go("/sign-out/")
        self.page.locator("main").get_by_role("button", name="Sign out").click()
        self.page.wait_for_url(re.compile(r"/$"))


@pytest.fixture
def pia(browser: Browser, community: Community) -> Iterator[Visitor]:
    context = browser.new_context()
    complaints: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    visitor = Visitor(page, community.origin)
    visitor.join()
    visitor.add_passkey()
    yield visitor
    context.close()
    assert complaints == []


def test_a_passkey_signs_in_alone(pia: Visitor) -> None:
    assert pia.credentials() == 1
    pia.sign_out()
    pia.go("/sign-in/?next=/settings/")

    pia.page.get_by_role("button", name="Use a passkey").click()

    expect(pia.page).to_have_url(re.compile(r"/settings/$"))
    expect(pia.page.get_by_label("Handle")).to_have_value(pia.handle)


def test_a_passkey_is_a_second_factor_to_a_password(pia: Visitor) -> None:
    pia.sign_out()
    pia.go("/sign-in/")
    pia.page.get_by_label("E-mail address").fill(pia.email)
    pia.page.get_by_label("Password", exact=True).fill(PASSWORD)
    pia.page.get_by_role("button", name="Sign in", exact=True).click()
    expect(pia.page.get_by_role("heading", name="One more step")).to_be_visible()

    pia.page.get_by_role("button", name="Use a passkey").click()

    expect(pia.page).to_have_url(re.compile(r"/timeline/"))


def test_a_device_holds_one_passkey_an_account(pia: Visitor) -> None:
    pia.go("/settings/security/passkeys/add/")

    pia.page.get_by_role("button", name="Add a passkey").click()

    expect(pia.page.get_by_text("This device already holds a passkey of your account.")).to_be_visible()
    assert pia.credentials() == 1


def test_a_passkey_is_renamed_and_removed(pia: Visitor) -> None:
    pia.go("/settings/security/passkeys/")
    pia.page.get_by_role("link", name="Rename My laptop").click()
    pia.page.get_by_label("Name of this passkey").fill("Old laptop")
    pia.page.get_by_role("button", name="Save").click()

    pia.page.get_by_role("link", name="Remove Old laptop").click()
    pia.page.get_by_role("button", name="Remove").click()

    expect(pia.page.get_by_text("No passkeys yet")).to_be_visible()
    expect(pia.page.get_by_text("Your passkey is removed.")).to_be_visible()
