"""Every kind of answer is under the policy of the site: no inline script, no foreign source, Trusted Types."""

import re

import pytest
from django.test import Client

from tests.contract.conftest import World

AS_GUEST = {
    "the public home": "/",
    "an app page": "/timeline/",
    "a narrow page": "/sign-in/",
    "a directory": "/people/",
    "the API's page": "/api/",
    "a page of its groups": "/api/timeline/",
    "a problem's page": "/problems/too-many/",
    "the gallery": "/ui/",
    "a page that is not there": "/nowhere/",
    "a page for members": "/settings/",
    "JSON": "/api/v1/timeline/posts",
    "a JSON refusal": "/api/v1/me",
    "the document": "/api/v1/openapi.json",
    "a feed": "/timeline/hashtags/bridge/rss/",
}
AS_MEMBER = {
    "the Timeline": "/timeline/",
    "the composer": "/timeline/compose/",
    "a profile": "/people/ada/",
    "the network": "/network/",
    "notifications": "/notifications/",
    "settings": "/settings/",
    "tokens": "/settings/tokens/",
    "an organisation": "/organisations/tide/",
}
STRICT = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
    "require-trusted-types-for": "'script'",
}


def policy_of(answer: object) -> dict[str, str]:
    parts = answer["Content-Security-Policy"].split("; ")  # type: ignore[index]
    return {name: sources for name, _, sources in (part.partition(" ") for part in parts)}


def assert_strict(client: Client, address: str, **headers: str) -> None:
    answer = client.get(address, headers=headers)
    policy = policy_of(answer)
    nonce = re.fullmatch(r"'self' 'nonce-([\w-]{20,})'", policy["script-src"])
    assert {name: policy[name] for name in STRICT} == STRICT
    assert nonce is not None
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    if not answer["Content-Type"].startswith("text/html"):
        return
    page = answer.content.decode()
    scripts = re.findall(r"<script\b[^>]*>", page)
    assert [tag for tag in scripts if f'nonce="{nonce[1]}"' not in tag and "application/" not in tag] == []
    assert (
        re.findall(
            r"\son\w+\s*=|\sstyle\s*=|javascript:", re.sub(r"<(pre|code)\b.*?</\1>", "", page, flags=re.S)
        )
        == []
    )


@pytest.mark.parametrize("kind", AS_GUEST)
def test_a_guest_is_under_the_policy(world: World, kind: str) -> None:
    assert_strict(Client(raise_request_exception=False), AS_GUEST[kind])


@pytest.mark.parametrize("kind", AS_MEMBER)
def test_a_member_is_under_the_policy(world: World, kind: str) -> None:
    client = Client()
    client.force_login(world.ada)

    assert_strict(client, AS_MEMBER[kind])


def test_a_fragment_is_under_the_policy(world: World) -> None:
    assert_strict(Client(), "/timeline/", HX_Request="true")


def test_an_uploaded_file_may_do_nothing_at_all(world: World) -> None:
    client = Client(headers={"Authorization": f"Bearer {world.token}"})
    stored = client.get(f"/api/v1/files/{world.parts['key']}").json()

    answer = client.get(stored["url"])
    assert b"".join(answer.streaming_content).startswith(b"RIFF")

    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "image/webp"
