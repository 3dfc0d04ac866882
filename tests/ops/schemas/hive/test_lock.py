"""The lock file: hive_ce's shape, numbers that only grow, and no number given twice."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from guildry.ops.schemas import hive
from guildry.ops.schemas.hive import Lock, LockedType, type_breaches

LOCK = Lock(3, {"Post": LockedType(0, 3, {"id": 0, "html": 2}), "Tag": LockedType(2, 0, {})})
TEXT = """\
nextTypeId: 3
types:
  Post:
    typeId: 0
    nextIndex: 3
    fields:
      id:
        index: 0
      html:
        index: 2
  Tag:
    typeId: 2
    nextIndex: 0
    fields: {}
"""


def test_the_text_is_what_hive_ce_writes() -> None:
    body = [line for line in LOCK.render().splitlines() if not line.startswith("#")]

    assert body == TEXT.splitlines()
    assert hive.parse_lock(TEXT) == hive.parse_lock(LOCK.render()) == LOCK


def test_yaml_reads_the_same() -> None:
    assert yaml.safe_load(LOCK.render()) == {
        "nextTypeId": 3,
        "types": {
            "Post": {"typeId": 0, "nextIndex": 3, "fields": {"id": {"index": 0}, "html": {"index": 2}}},
            "Tag": {"typeId": 2, "nextIndex": 0, "fields": {}},
        },
    }


def test_nothing_yet_is_a_lock_too() -> None:
    assert hive.parse_lock("nextTypeId: 0\ntypes: {}\n") == Lock()
    assert hive.parse_lock(Lock().render()) == Lock()


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("nextTypeId: 3", "nextTypeId: 3\nnextTypeId: 4", "line 2: nextTypeId stands here twice"),
        ("nextTypeId: 3\n", "", "nextTypeId is missing"),
        ("  Tag:", "  Post:", "line 11: the type Post stands here twice"),
        ("      html:", "      id:", "line 9: the field Post.id stands here twice"),
        ("    typeId: 0\n", "    typeId: 0\n    typeId: 0\n", "line 5: typeId of Post stands here twice"),
        ("        index: 0\n", "        index: 0\n        index: 1\n", "line 9: no field for this index"),
        ("        index: 2\n", "", "Post lacks typeId, nextIndex or the index of a field"),
        ("    nextIndex: 0\n", "", "Tag lacks typeId, nextIndex or the index of a field"),
        ("  Post:\n", "", "line 3: no type to belong to"),
        ("    typeId: 0", "    typeId: x", "line 4: 'typeId: x' does not belong in a lock file"),
        ("    typeId: 2", "    typeId: 0", "Post and Tag share type id 0"),
        ("        index: 2", "        index: 0", "Post.id and Post.html share index 0"),
        ("nextTypeId: 3", "nextTypeId: 2", "Tag has id 2, but nextTypeId is 2"),
        ("nextIndex: 3", "nextIndex: 2", "Post.html has index 2, but nextIndex is 2"),
        ("nextIndex: 3", "nextIndex: 257", "Post has used up its 256 field numbers"),
        ("nextTypeId: 3", "nextTypeId: 70000", None),
    ],
)
def test_a_lock_that_contradicts_itself_is_refused(old: str, new: str, reason: str | None) -> None:
    text = TEXT.replace(old, new, 1)
    if reason is None:
        assert hive.parse_lock(text).next_type_id == 70000
        return
    with pytest.raises(hive.LockError) as refusal:
        hive.parse_lock(text)

    assert str(refusal.value) == reason


def test_a_type_id_that_no_client_can_read_is_refused() -> None:
    with pytest.raises(hive.LockError, match="Tag has id 65440, beyond 65439"):
        hive.parse_lock(
            TEXT.replace("typeId: 2", "typeId: 65440").replace("nextTypeId: 3", "nextTypeId: 65441")
        )


def test_what_is_new_gets_the_next_numbers_and_what_is_gone_leaves_a_gap() -> None:
    grown = hive.grown(LOCK, {"Post": ["html", "title", "body"], "Poll": ["id"]})

    assert grown == Lock(
        4,
        {
            "Post": LockedType(0, 5, {"html": 2, "title": 3, "body": 4}),
            "Poll": LockedType(3, 1, {"id": 0}),
        },
    )
    assert hive.grown(grown, {"Tag": []}).types["Tag"].type_id == 4
    assert hive.breaches(LOCK, grown) == []


def test_what_a_field_is_never_changes_under_its_number() -> None:
    old = {"Post": {"id": "text", "version": "number", "html": "text"}, "Kind": {"like": "enum"}}

    assert type_breaches(old, old) == []
    assert type_breaches(old, {"Post": {"id": "text", "likes": "number"}, "New": {"id": "number"}}) == []
    assert type_breaches(old, {"Post": {**old["Post"], "version": "truth"}}) == [
        "Post.version was number and is truth now: give it another name"
    ]
    assert type_breaches(old, {"Kind": {"like": "text"}}) == [
        "Kind.like was enum and is text now: give it another name"
    ]


def test_renaming_a_type_or_a_field_is_no_breach() -> None:
    renamed = Lock(3, {"Article": LockedType(0, 3, {"id": 0, "text": 2}), "Tag": LockedType(2)})

    assert hive.breaches(LOCK, renamed) == []


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        (Lock(2, {"Post": LOCK.types["Post"]}), ["nextTypeId went down from 3 to 2"]),
        (Lock(4, {"Post": LockedType(3, 3, {"id": 0})}), ["Post changed its id from 0 to 3"]),
        (Lock(3, {**LOCK.types, "Poll": LockedType(1)}), ["Poll takes id 1, which was given before"]),
        (
            Lock(3, {**LOCK.types, "Poll": LockedType(0)}),
            ["Post and Poll share type id 0", "Poll takes id 0, which was given before"],
        ),
        (Lock(3, {"Post": LockedType(0, 1, {"id": 0})}), ["nextIndex of Post went down from 3 to 1"]),
        (Lock(3, {"Post": LockedType(0, 4, {"id": 3})}), ["Post.id changed its index from 0 to 3"]),
        (
            Lock(3, {"Post": LockedType(0, 3, {"id": 0, "html": 2, "title": 1})}),
            ["Post.title takes index 1, which was given before"],
        ),
        (
            Lock(3, {"Article": LockedType(0, 2, {"id": 0})}),
            ["nextIndex of Article went down from 3 to 2"],
        ),
    ],
)
def test_taking_a_number_again_is_a_breach(changed: Lock, found: list[str]) -> None:
    assert hive.breaches(LOCK, changed) == found


NAMES = st.sampled_from(["Aa", "Bb", "Cc", "Dd"])
DECLARED = st.dictionaries(NAMES, st.lists(st.sampled_from(["x", "y", "z", "w"]), unique=True), max_size=4)


@given(st.lists(DECLARED, min_size=1, max_size=6))
def test_however_declarations_come_and_go_no_number_is_given_twice(
    history: list[dict[str, list[str]]],
) -> None:
    lock = Lock()
    given_ids: dict[int, str] = {}
    for declared in history:
        grown = hive.grown(lock, declared)
        assert hive.parse_lock(grown.render()) == grown
        assert grown.next_type_id >= lock.next_type_id
        for name, kind in grown.types.items():
            if name not in lock.types:
                assert kind.type_id not in given_ids
            given_ids[kind.type_id] = name
        lock = grown
