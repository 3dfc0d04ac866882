"""Calls that are sent twice have one effect, and changes name the version they start from."""

from typing import Any

import pytest

from guildry.community.timeline.models import Post
from guildry.kernel import clock, conditional
from guildry.people.accounts.models import Member
from guildry.platform.perimeter import actions as edge
from guildry.platform.perimeter import rules
from guildry.platform.perimeter.models import KeptReply
from tests.contract.conftest import Caller, World
from tests.contract.test_access import confirm, token_with
from tests.factories.timeline import picture

POSTS = "timeline/posts"
HELLO = {"body": "Hello once"}


def test_the_same_call_with_the_same_key_has_one_effect(program: Caller) -> None:
    before = Post.objects.count()

    first = program("POST", POSTS, HELLO, Idempotency_Key="a-1")
    second = program("POST", POSTS, HELLO, Idempotency_Key="a-1")

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert not first.has_header("Idempotency-Replayed")
    assert second["Idempotency-Replayed"] == "true"
    assert Post.objects.count() == before + 1


def test_another_body_with_the_same_key_is_refused(program: Caller) -> None:
    program("POST", POSTS, HELLO, Idempotency_Key="a-1")
    before = Post.objects.count()

    answer = program("POST", POSTS, {"body": "Hello twice"}, Idempotency_Key="a-1")

    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert Post.objects.count() == before


def test_another_address_with_the_same_key_is_refused(program: Caller, world: World) -> None:
    program("PUT", f"network/members/{world.ben.pk}/follow", Idempotency_Key="a-1")

    answer = program("DELETE", f"network/members/{world.ben.pk}/follow", Idempotency_Key="a-1")

    assert answer.json()["code"] == "idempotency_key_reused"


def test_keys_of_two_members_are_two_keys(program: Caller, ben: Member) -> None:
    before = Post.objects.count()

    program("POST", POSTS, HELLO, Idempotency_Key="a-1")
    token_with(ben, "write")("POST", POSTS, HELLO, Idempotency_Key="a-1")

    assert Post.objects.count() == before + 2


def test_a_call_that_is_still_under_way_is_not_started_again(program: Caller, world: World) -> None:
    digest = rules.digest_of([b"POST", f"/api/v1/{POSTS}".encode(), b'{"body": "Hello once"}'])
    edge.claim_key(world.ada, scope=f"member:{world.ada.pk}", key="a-1", digest=digest)
    before = Post.objects.count()

    answer = program("POST", POSTS, HELLO, Idempotency_Key="a-1")

    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (409, "call_under_way", "1")
    assert Post.objects.count() == before


def test_a_claim_left_by_a_process_that_died_is_taken_over(program: Caller, world: World) -> None:
    with clock.at(clock.now() - rules.CLAIM_LASTS * 2):
        edge.claim_key(world.ada, scope=f"member:{world.ada.pk}", key="a-1", digest="x")

    assert program("POST", POSTS, HELLO, Idempotency_Key="a-1").status_code == 201


def test_a_key_is_free_again_after_a_day(program: Caller) -> None:
    program("POST", POSTS, HELLO, Idempotency_Key="a-1")
    before = Post.objects.count()

    with clock.at(clock.now() + rules.KEEP_REPLIES * 1.01):
        program("POST", POSTS, {"body": "Another day"}, Idempotency_Key="a-1")

    assert Post.objects.count() == before + 1


def test_a_refusal_is_an_answer_too(program: Caller) -> None:
    first = program("POST", POSTS, {"body": ""}, Idempotency_Key="a-1")
    second = program("POST", POSTS, {"body": ""}, Idempotency_Key="a-1")

    assert (first.status_code, second.status_code) == (422, 422)
    assert second["Idempotency-Replayed"] == "true"
    assert second["Content-Type"] == "application/problem+json"


def test_a_call_nobody_was_let_in_for_can_be_repeated_with_a_token(guest: Caller) -> None:
    assert guest("POST", POSTS, HELLO, Idempotency_Key="a-1").status_code == 401
    assert KeptReply.objects.count() == 0


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 65, "ü", 'a"b', "a,b"])
def test_a_key_that_cannot_be_kept_is_refused_or_no_key_at_all(program: Caller, key: str) -> None:
    answer = program("POST", POSTS, HELLO, Idempotency_Key=key)

    assert (answer.status_code == 201) if not key else (answer.json()["code"] == "idempotency_key_malformed")


def test_an_upload_is_the_same_call_whatever_its_boundary(program: Caller) -> None:
    first, second = (_upload(program, "picture.png") for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["key"] == second.json()["key"]
    assert second["Idempotency-Replayed"] == "true"


def test_another_file_with_the_same_key_is_refused(program: Caller) -> None:
    _upload(program, "picture.png")

    assert _upload(program, "other.png").json()["code"] == "idempotency_key_reused"


def _upload(program: Caller, name: str) -> Any:
    return program.client.post(
        "/api/v1/files",
        {"use": "timeline.image", "file": picture(name)},
        headers={**program.headers, "Idempotency-Key": "upload"},
    )


def test_a_secret_is_not_kept_for_repeating(ada: Member) -> None:
    caller, wanted = Caller(), {"name": "backup", "scopes": ["read"], "days": 30}
    confirm(caller, ada)

    first = caller("POST", "me/tokens", wanted, Idempotency_Key="a-1")
    second = caller("POST", "me/tokens", wanted, Idempotency_Key="a-1")

    assert first.status_code == 201
    assert (second.status_code, second.json()["code"]) == (409, "reply_not_kept")
    assert [bytes(kept.content) for kept in KeptReply.objects.all()] == [b""]


def test_a_reader_who_has_it_already_gets_304(program: Caller, world: World) -> None:
    address = f"timeline/posts/{world.parts['post_id']}"
    first = program("GET", address)

    again = program("GET", address, If_None_Match=first["ETag"])

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert "Authorization" in first["Vary"]


def test_a_reader_gets_what_changed_since(program: Caller, world: World) -> None:
    address = f"timeline/posts/{world.parts['post_id']}"
    known = program("GET", address)["ETag"]
    program("PUT", f"{address}/reaction", {"kind": "like"})

    again = program("GET", address, If_None_Match=known)

    assert again.status_code == 200
    assert again["ETag"] != known


def test_a_change_names_the_version_it_starts_from(program: Caller, world: World) -> None:
    address = f"timeline/posts/{world.parts['post_id']}/text"
    version = program("GET", address)["ETag"]

    unnamed = program("PUT", address, {"body": "Changed"})
    changed = program("PUT", address, {"body": "Changed"}, If_Match=version)
    late = program("PUT", address, {"body": "Changed by somebody slower"}, If_Match=version)

    assert (unnamed.status_code, unnamed.json()["code"]) == (428, "precondition_required")
    assert changed.status_code == 200
    assert (late.status_code, late.json()["code"]) == (412, "precondition_failed")
    assert program("GET", address).json()["body"] == "Changed"
    assert changed["ETag"] == conditional.tag_of(changed.json()["version"])


def test_a_weak_tag_names_no_version(program: Caller, world: World) -> None:
    address = f"timeline/drafts/{world.parts['draft_id']}"
    tag = program("GET", address)["ETag"]

    answer = program("PUT", address, {"body": "Still not"}, If_Match=f"W/{tag}")

    assert answer.status_code == 412
