"""Identifiers, the clock, secrets, permissions and facts keep their promises."""

import threading
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
import pytest

from guildry.kernel import bus, clock, crypto, errors, ids, permissions
from guildry.kernel.permissions import PERMISSIONS, Permission, StaffRole


def test_identifiers_sort_by_time_and_never_repeat() -> None:
    made: list[int] = []
    threads = [
        threading.Thread(target=lambda: made.extend(ids.uuid7().int for _ in range(500))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    here = [ids.uuid7() for _ in range(500)]

    assert len(set(made)) == 2000
    assert here == sorted(here)
    assert {(value.version, value.variant) for value in here} == {(7, "specified in RFC 4122")}


def test_things_can_happen_at_a_moment() -> None:
    moment = datetime(2026, 1, 2, 3, tzinfo=UTC)

    with clock.at(moment):
        assert clock.now() == moment

    assert clock.now() != moment


def test_a_secret_is_stored_as_a_digest() -> None:
    token = crypto.new_token("gld_")

    assert token.startswith("gld_")
    assert len(token) == 47
    assert len(crypto.digest(token)) == 64
    assert crypto.matches(crypto.digest(token), crypto.digest(token))
    assert not crypto.matches("a", "b")


def test_a_keyed_digest_depends_on_purpose_and_key() -> None:
    digests = {
        crypto.keyed_digest("sign-in", "123456"),
        crypto.keyed_digest("reset", "123456"),
        crypto.keyed_digest("sign-in", "123457"),
        crypto.keyed_digest("sign-in", "123456", key="older"),
    }

    assert len(digests) == 4


@dataclass(frozen=True)
class Somebody:
    staff_roles: frozenset[StaffRole]
    pk: int | None = 1


def test_a_permission_is_refused_with_its_name_and_holders() -> None:
    name = next(iter(PERMISSIONS)).name

    with pytest.raises(permissions.PermissionMissing, match=name):
        permissions.require(Somebody(frozenset()), name)

    permissions.require(permissions.SYSTEM, name)


def test_a_permission_is_named_area_and_verb() -> None:
    with pytest.raises(ValueError, match=r"area\.verb"):
        Permission("everything", "All of it", frozenset())


def test_publishing_needs_a_transaction() -> None:
    fact = next(iter(bus.FACTS.values()))
    values = {name: 1 if kind is int else "" for name, kind in fact.__annotations__.items()}

    with pytest.raises((RuntimeError, TypeError)):
        bus.publish(fact(**values), actor=permissions.SYSTEM)


def test_a_refusal_at_a_field_carries_it() -> None:
    refusal = errors.Invalid("Too short.", field="name")

    assert refusal.errors == (errors.FieldError("name", "Too short.", "invalid"),)
    assert errors.NotFound().message == errors.NotFound.detail


def test_a_problem_is_declared_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        errors.problem("not-found", 404, "Again")


def test_an_unknown_fact_or_shape_is_refused() -> None:
    with pytest.raises(KeyError):
        bus.decode("nobody.SaidThis", "{}")
    name = next(iter(bus.FACTS))
    with pytest.raises(msgspec.ValidationError):
        bus.decode(name, "[1]")
