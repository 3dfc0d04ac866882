"""The members of a large made-up community, whom they read and where they belong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction

from guildry.ops.seeds.actions.tables import Table
from guildry.ops.seeds.rules import Dice, Plan, words
from guildry.people.accounts.models import Member
from guildry.people.network.models import Block, Connection, Follow, Mute
from guildry.people.organisations.models import Membership, Organisation
from guildry.people.profiles.models import Profile

PORTION = 10_000
HATS = tuple((json.dumps([hat]), hat, f"|{hat}|") for hat in words.HATS)


@dataclass
class Crowd:
    """Who there is, by id: `ranks` lists members from the most to the least read, `apart` pairs that a block keeps."""

    plan: Plan
    now: datetime
    ranks: list[int] = field(default_factory=list)
    home: dict[int, int] = field(default_factory=dict)
    people: dict[int, list[int]] = field(default_factory=dict)
    contacts: dict[int, list[int]] = field(default_factory=dict)
    apart: set[tuple[int, int]] = field(default_factory=set)

    @cached_property
    def began_at(self) -> datetime:
        """The moment of the first post."""
        return self.now - timedelta(seconds=self.plan.published_after(self.plan.posts) + 60)

    def joined_at(self, number: int) -> datetime:
        return self.began_at - timedelta(seconds=self.plan.joined_before(number))

    def drawn(self, dice: Dice) -> int:
        """Return somebody, the much-read more often."""
        return self.ranks[dice.popular(len(self.ranks))]

    def are_apart(self, one: int, other: int) -> bool:
        return (one, other) in self.apart or (other, one) in self.apart


def gather_crowd(actor: Any, *, plan: Plan, now: datetime) -> Crowd:
    """Write everybody and everything between them; returns who there is."""
    crowd = Crowd(plan, now, ranks=list(range(1, plan.members + 1)))
    Dice("ranks").source.shuffle(crowd.ranks)
    for first in range(1, plan.members + 1, PORTION):
        with transaction.atomic():
            _add_members(crowd, range(first, min(first + PORTION, plan.members + 1)))
    with transaction.atomic():
        _add_organisations(crowd)
    with transaction.atomic():
        _add_distance(crowd)
    known: set[tuple[int, int]] = set()
    dice = Dice("network")
    for first in range(1, plan.members + 1, PORTION):
        with transaction.atomic():
            _add_network(crowd, range(first, min(first + PORTION, plan.members + 1)), dice, known)
    return crowd


def _add_members(crowd: Crowd, numbers: range) -> None:
    dice = Dice(f"members from {numbers.start}")
    members, addresses, profiles = [], [], []
    for number in numbers:
        first, family = dice.one_of(words.FIRST_NAMES), dice.one_of(words.FAMILY_NAMES)
        name, handle = f"{first} {family}", f"{first}_{family}_{number}".lower()
        headline = f"{dice.one_of(words.CRAFTS)} for {dice.one_of(words.CLIENTS)}"
        hats, hat, marked = dice.one_of(HATS)
        email, joined = f"{handle}@example.org", Table.moment(crowd.joined_at(number))
        members.append((number, handle, email, name, headline, hats, hat, "!", joined))
        addresses.append((number, email, True, True))
        search = f"{name} {handle} {headline}".lower()
        profiles.append(
            (number, dice.one_of(words.PLACES), name.lower(), search[:300], marked, joined, joined)
        )
    Table(Member, "id handle email name headline hats active_hat password created_at").fill(members)
    Table(EmailAddress, "user_id email verified primary").fill(addresses)
    Table(Profile, "member_id place sort_key search_text hats created_at edited_at").fill(profiles)


def _add_organisations(crowd: Crowd) -> None:
    """Let six of ten members belong to an organisation, the first of each owning it."""
    dice = Dice("organisations")
    for number in range(1, crowd.plan.members + 1):
        if number <= crowd.plan.organisations or dice.chance() < 0.6:
            own = number if number <= crowd.plan.organisations else 1 + dice.popular(crowd.plan.organisations)
            crowd.home[number] = own
            crowd.people.setdefault(own, []).append(number)
    rows = []
    for own, people in crowd.people.items():
        name = f"{dice.one_of(words.FAMILY_NAMES)} {dice.one_of(words.ORGANISATION_FORMS)} {own}"
        kind, place = dice.one_of(words.ORGANISATION_KINDS), dice.one_of(words.PLACES)
        handle = name.lower().replace(" ", "_")
        rows.append(
            (
                own,
                handle,
                name,
                name.lower(),
                kind,
                place,
                len(people),
                Table.moment(crowd.joined_at(people[0])),
            )
        )
    Table(Organisation, "id handle name sort_key kind place people_count created_at").fill(rows)
    Table(Membership, "organisation_id member_id role started_at").fill(
        (
            own, number, "owner" if place == 0 else "member", Table.moment(crowd.joined_at(number)),
        )
        for own, people in crowd.people.items()
        for place, number in enumerate(people)
    )  # fmt: skip


def _add_distance(crowd: Crowd) -> None:
    """Let one in ten block somebody, and one in seven mute somebody."""
    dice, count = Dice("distance"), crowd.plan.members
    mutes = set()
    for number in range(1, count + 1):
        other = 1 + dice.below(count)
        if other == number:
            continue
        if dice.chance() < 0.1:
            crowd.apart.add((number, other))
        elif dice.chance() < 0.15:
            mutes.add((number, other))
    written = Table.moment(crowd.began_at)
    Table(Block, "blocker_id blocked_id created_at").fill((*pair, written) for pair in sorted(crowd.apart))
    Table(Mute, "muter_id muted_id created_at").fill((*pair, written) for pair in sorted(mutes))


def _add_network(crowd: Crowd, numbers: range, dice: Dice, known: set[tuple[int, int]]) -> None:
    """Let everybody follow some, and know about a quarter of those."""
    follows, connections, since = [], [], Table.moment(crowd.began_at)
    for number in numbers:
        for other in _followed_by(crowd, number, dice):
            follows.append((number, other, since))
            pair = (min(number, other), max(number, other))
            if dice.chance() < 0.25 and pair not in known:
                known.add(pair)
                connections.append(_connection(crowd, number, other, dice))
    Table(Follow, "follower_id followed_id created_at").fill(follows)
    Table(Connection, "requester_id addressee_id state requested_at answered_at").fill(connections)


def _followed_by(crowd: Crowd, number: int, dice: Dice) -> Iterator[int]:
    wanted = {crowd.drawn(dice) for _ in range(3 + dice.heavy(0.7, 300) + dice.below(12))}
    return (other for other in sorted(wanted) if other != number and not crowd.are_apart(number, other))


def _connection(crowd: Crowd, one: int, other: int, dice: Dice) -> tuple[Any, ...]:
    # Both have joined by the moment of the first post, so nothing of theirs is older.
    asked = crowd.began_at - timedelta(seconds=dice.below(3_000))
    if dice.chance() < 0.08:
        return one, other, "requested", Table.moment(asked), None
    crowd.contacts.setdefault(one, []).append(other)
    crowd.contacts.setdefault(other, []).append(one)
    return one, other, "accepted", Table.moment(asked), Table.moment(asked + timedelta(seconds=600))
