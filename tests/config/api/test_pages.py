"""The reference beyond operations: socket events, contracts, clients, search, and calls in three languages."""

import ast
import json

import pytest
from django.test import Client
from django.urls import reverse

from guildry.config.api import reference, searching
from guildry.ops.contracts import queries as contracts

pytestmark = pytest.mark.django_db


def test_every_event_has_a_place_on_the_page_of_events(client: Client) -> None:
    page = client.get(reverse("api_events")).text

    messages = contracts.documents()["asyncapi"]["components"]["messages"].values()
    names = {message["name"] for message in messages if not message["name"].endswith(".answer")}
    assert [name for name in sorted(names) if f"<code>{name}</code>" not in page] == []


def test_every_document_and_client_can_be_fetched_as_it_is_committed(client: Client) -> None:
    page = client.get(reverse("api_contracts")).text

    for name, text in contracts.files().items():
        address = reverse("api_contract_file", args=(name,))
        assert address in page
        assert client.get(address).text == text
    for name, text in contracts.client_files().items():
        answer = client.get(reverse("api_client_file", args=(name,)))
        assert answer.text == text
        assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("name", ["api_contract_file", "api_client_file"])
def test_nothing_else_can_be_fetched(name: str, client: Client) -> None:
    assert client.get(reverse(name, args=("../settings.py",))).status_code == 404


def test_the_changelog_of_contracts_is_told(client: Client) -> None:
    page = client.get(reverse("api_contracts")).text

    assert contracts.manifest()["hash"] in page
    assert all(line in page for line in contracts.history()["notes"][0]["lines"])


def test_every_call_is_shown_in_python_and_typescript() -> None:
    for group in reference.groups().values():
        for operation in group.operations:
            shown = dict(operation.snippets)
            tree = ast.parse(shown["Python"])
            called = tree.body[-1].value  # type: ignore[attr-defined]
            assert called.func.attr == operation.id
            assert f"await guildry.{_camel(operation.id)}(" in shown["TypeScript"]


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def test_words_of_json_stay_as_they_are_within_texts() -> None:
    groups = reference.groups().values()
    shown = [dict(operation.snippets)["Python"] for group in groups for operation in group.operations]

    assert not [text for text in shown if json.dumps(True) in text or ": null" in text]


def test_search_finds_operations_shapes_and_events(client: Client) -> None:
    for words, title in (
        ("react post", "/api/v1/timeline/posts/{post_id}/reaction"),
        ("post.counts", "/timeline post.counts"),
        ("tokenout", "TokenOut"),
    ):
        assert title in [entry.title for entry in searching.found(words)]
        assert title in client.get(reverse("api_search"), {"q": words}).text


def test_search_puts_names_before_texts_and_leads_to_what_is_there(client: Client) -> None:
    found = searching.found("hashtags")

    assert "hashtags" in found[0].title
    page, _, anchor = found[0].address.partition("#")
    assert f'id="{anchor}"' in client.get(page).text


def test_a_search_while_typing_brings_the_results_alone(client: Client) -> None:
    page = client.get(reverse("api_search"), {"q": "reaction"}, headers={"HX-Request": "true"}).text

    assert 'id="found"' in page
    assert "<html" not in page


def test_a_search_without_a_result_says_so(client: Client) -> None:
    assert "Nothing holds all of these words" in client.get(reverse("api_search"), {"q": "volcano"}).text
    assert "Nothing holds" not in client.get(reverse("api_search")).text
