"""Decisions about organisations."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from guildry.people.organisations import rules
from guildry.people.organisations.models import Role

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_every_role_has_a_rank_and_rights() -> None:
    assert set(rules.RANKS) == set(rules.RIGHTS) == set(Role.values)


def test_a_higher_role_never_loses_a_right() -> None:
    ordered = sorted(rules.RANKS, key=rules.RANKS.__getitem__)

    for lower, higher in pairwise(ordered):
        assert rules.RIGHTS[lower] <= rules.RIGHTS[higher]


def test_nobody_without_a_role_has_rights() -> None:
    assert rules.rights_of(None) == frozenset()


def test_only_owners_close() -> None:
    assert [role for role in rules.RANKS if rules.Right.CLOSE in rules.rights_of(role)] == ["owner"]


@pytest.mark.parametrize(
    ("own", "given"),
    [
        ("owner", ("viewer", "member", "manager", "admin", "owner")),
        ("admin", ("viewer", "member", "manager")),
        ("manager", ("viewer", "member")),
        ("member", ("viewer",)),
        ("viewer", ()),
        (None, ()),
    ],
)
def test_roles_are_given_downwards(own: str | None, given: tuple[str, ...]) -> None:
    assert rules.roles_to_give(own) == given


def test_an_admin_changes_a_manager_but_not_another_admin() -> None:
    assert rules.may_change("admin", "manager")
    assert not rules.may_change("admin", "admin")


def test_handles_of_our_own_addresses_are_taken() -> None:
    assert not rules.is_free_word("new")
    assert rules.is_free_word("northwind")


@pytest.mark.parametrize(
    ("name", "key"),
    [("Élan Vital", "elan vital"), ("  The Forge", "the forge"), ("“Quoted”", "quoted”"), ("!!!", "!!!")],
)
def test_names_sort_without_accents_and_signs(name: str, key: str) -> None:
    assert rules.sort_key(name) == key


def test_an_invitation_expires_at_its_moment() -> None:
    assert rules.is_expired(NOW, NOW)
    assert not rules.is_expired(NOW, NOW - timedelta(seconds=1))


def test_an_invitation_goes_out_a_few_times_with_pauses() -> None:
    assert rules.may_send_again(sent_count=0, sent_at=None, now=NOW)
    assert not rules.may_send_again(sent_count=1, sent_at=NOW - timedelta(minutes=9), now=NOW)
    assert rules.may_send_again(sent_count=1, sent_at=NOW - timedelta(minutes=10), now=NOW)
    assert not rules.may_send_again(sent_count=4, sent_at=NOW - timedelta(days=1), now=NOW)
