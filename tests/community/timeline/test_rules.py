"""What may be written, for whom, until when, and what comes first."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildry.community.timeline import rules
from guildry.community.timeline.rules import (
    Audience,
    Candidate,
    Composition,
    Picture,
    PollPlan,
    ReactionKind,
    Snapshot,
)
from guildry.community.timeline.rules.ranking import ranked, reasons_for

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def fields_of(composition: Composition) -> list[str]:
    return [error.field for error in rules.problems_of(composition)]


@pytest.mark.parametrize(
    "composition",
    [
        Composition("Hello"),
        Composition(pictures=(Picture("a"),)),
        Composition(poll=PollPlan("When?", ("Now", "Later"))),
        Composition("Hello", Audience.ORGANISATION, organisation_id=1),
        Composition("x" * rules.POST_LENGTH),
    ],
)
def test_a_complete_composition_has_no_problems(composition: Composition) -> None:
    assert rules.problems_of(composition) == []


@pytest.mark.parametrize(
    ("composition", "fields"),
    [
        (Composition(), ["body"]),
        (Composition(" \n"), ["body"]),
        (Composition("x" * (rules.POST_LENGTH + 1)), ["body"]),
        (Composition("Hello", Audience.ORGANISATION), ["audience"]),
        (Composition("Hello", Audience.EVERYONE, organisation_id=1), ["audience"]),
        (Composition(pictures=(Picture("a"),) * 5), ["pictures"]),
        (Composition(pictures=(Picture("a", "x" * 501),)), ["pictures"]),
        (Composition(poll=PollPlan(" ", ("Now", "Later"))), ["poll_question"]),
        (Composition(poll=PollPlan("When?", ("Now",))), ["poll_options"]),
        (Composition(poll=PollPlan("When?", ("Now", " "))), ["poll_options"]),
        (Composition(poll=PollPlan("When?", ("Now", "x" * 81))), ["poll_options"]),
        (Composition(poll=PollPlan("When?", tuple("abcdefg"))), ["poll_options"]),
        (Composition(poll=PollPlan("When?", ("Now", "NOW "))), ["poll_options"]),
        (Composition(poll=PollPlan("When?", ("Now", "Later"), days=31)), ["poll_days"]),
        (Composition(poll=PollPlan("", (), days=0)), ["poll_question", "poll_options", "poll_days"]),
    ],
)
def test_every_problem_is_told_at_its_field(composition: Composition, fields: list[str]) -> None:
    assert fields_of(composition) == fields


@pytest.mark.parametrize(
    ("over", "message"),
    [(1, "Shorten your post by 1 character."), (12, "Shorten your post by 12 characters.")],
)
def test_a_long_post_is_told_how_much_is_too_much(over: int, message: str) -> None:
    problems = rules.problems_of(Composition("x" * (rules.POST_LENGTH + over)))

    assert [problem.detail for problem in problems] == [message]


@pytest.mark.parametrize(("body", "count"), [("", 1), ("  ", 1), ("x" * 2001, 1), ("x" * 2000, 0)])
def test_a_comment_needs_words_but_not_too_many(body: str, count: int) -> None:
    assert len(rules.problems_of_comment(body)) == count


@pytest.mark.parametrize("doing", ["post", "comment", "react"])
def test_new_accounts_begin_slowly(doing: str) -> None:
    hourly = rules.SETTLED[doing].per_hour
    newcomer = rules.allowance_for(doing, timedelta(days=6), settled_hourly=hourly)
    settled = rules.allowance_for(doing, timedelta(days=7), settled_hourly=hourly)

    assert newcomer.burst < settled.burst
    assert newcomer.per_second < settled.per_second


def test_new_accounts_never_write_faster_than_others() -> None:
    assert rules.allowance_for("post", timedelta(0), settled_hourly=2) == rules.Allowance(2, 2)


@pytest.mark.parametrize(
    ("is_author", "age", "expected"),
    [(True, 59 * MINUTE, True), (True, 60 * MINUTE, False), (False, MINUTE, False)],
)
def test_only_the_author_edits_and_only_for_an_hour(is_author: bool, age: timedelta, expected: bool) -> None:
    assert rules.may_edit(is_author=is_author, published_at=NOW - age, now=NOW) is expected


@pytest.mark.parametrize(("age", "expected"), [(59, True), (60, False)])
def test_undo_works_for_a_minute(age: int, expected: bool) -> None:
    assert rules.may_undo(NOW - timedelta(seconds=age), NOW) is expected


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [
        (timedelta(0), False),
        (MINUTE, True),
        (timedelta(days=365), True),
        (timedelta(days=366), False),
    ],
)
def test_a_post_is_timed_between_a_minute_and_a_year_ahead(ahead: timedelta, expected: bool) -> None:
    assert rules.may_schedule(NOW + ahead, NOW) is expected


@pytest.mark.parametrize(
    ("is_author", "is_host", "expected"),
    [(True, False, True), (False, True, True), (False, False, False)],
)
def test_the_author_and_the_host_may_delete_a_comment(is_author: bool, is_host: bool, expected: bool) -> None:
    assert rules.may_delete_comment(is_author=is_author, is_host=is_host) is expected


@pytest.mark.parametrize(
    ("audience", "expected"), [("everyone", True), ("connections", False), ("organisation", False)]
)
def test_only_what_everybody_reads_is_passed_on(audience: str, expected: bool) -> None:
    assert rules.may_repost(audience) is expected


def test_a_poll_is_open_until_its_moment() -> None:
    assert rules.is_open_poll(NOW, NOW - MINUTE)
    assert not rules.is_open_poll(NOW, NOW)


@pytest.mark.parametrize(("part", "whole", "expected"), [(0, 0, 0), (1, 3, 33), (2, 3, 67), (3, 3, 100)])
def test_votes_are_shown_in_whole_percent(part: int, whole: int, expected: int) -> None:
    assert rules.percent(part, whole) == expected


@pytest.mark.parametrize("choice", [*Audience, *ReactionKind])
def test_every_choice_has_a_label_and_an_icon(choice: Any) -> None:
    assert choice.label
    assert choice.icon


def test_every_audience_ends_a_sentence() -> None:
    assert [audience.readers for audience in Audience] == [
        "everyone",
        "connections",
        "members of an organisation",
    ]


# Threads


def test_answers_stand_below_what_they_answer() -> None:
    first, second = rules.path_below("", 1), rules.path_below("", 2)
    answer = rules.path_below(first, 3)
    deep = rules.path_below(answer, 4)
    beside = rules.path_below(deep, 5)

    assert sorted([second, beside, deep, answer, first]) == [first, answer, deep, beside, second]
    assert [rules.depth_of(path) for path in (first, answer, deep, beside)] == [1, 2, 3, 3]


# Names


def linked(html: str, *handles: str) -> str:
    return rules.link_names(html, handles, lambda handle: f"/m/{handle}", lambda tag: f"/t/{tag}")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Hi @ada</p>", '<p>Hi <a href="/m/ada">@ada</a></p>'),
        ("<p>Hi @Ada!</p>", '<p>Hi <a href="/m/ada">@Ada</a>!</p>'),
        ("<p>Hi @bob</p>", "<p>Hi @bob</p>"),
        ("<p>#Craft</p>", '<p><a href="/t/craft" rel="tag">#Craft</a></p>'),
        ("<p>#42</p>", "<p>#42</p>"),
        ("<p>It&#39;s</p>", "<p>It&#39;s</p>"),
        ("<code>@ada #x</code>", "<code>@ada #x</code>"),
        ("<pre><code>#x</code> @ada</pre>", "<pre><code>#x</code> @ada</pre>"),
        ('<a href="/x">@ada</a> @ada', '<a href="/x">@ada</a> <a href="/m/ada">@ada</a>'),
        ("<p>a < b", "<p>a < b"),
        ("plain", "plain"),
    ],
)
def test_names_become_links_outside_links_and_code(html: str, expected: str) -> None:
    assert linked(html, "ada") == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("See https://example.org/a?b=c.", "https://example.org/a?b=c"),
        ("(http://example.org)", "http://example.org"),
        ("[x](https://example.org/y) and https://other.example", "https://example.org/y"),
        ("javascript:alert(1) ftp://x", ""),
        ("nothing", ""),
    ],
)
def test_the_first_web_address_is_found(body: str, expected: str) -> None:
    assert rules.first_link(body) == expected


def test_a_summary_is_one_plain_line_cut_at_a_word() -> None:
    assert rules.summary_of("<p>Tea &amp; <b>cake</b></p>\n<p>at four</p>") == "Tea & cake at four"
    assert rules.summary_of("<p>one two, three</p>", 9) == "one two…"


def test_equal_hashtags_have_equal_fingerprints() -> None:
    assert rules.fingerprint_of("café") == rules.fingerprint_of("café")
    assert rules.fingerprint_of("café") != rules.fingerprint_of("cafe")


# Ranking


def candidate(post_id: int, hours: float = 1, **known: Any) -> Candidate:
    known.setdefault("author_id", post_id)
    return Candidate(post_id, author="Ben", published_at=NOW - timedelta(hours=hours), **known)


@pytest.mark.parametrize(
    ("known", "why"),
    [
        ({}, "New in the community"),
        ({"is_own": True}, "Your own post"),
        ({"is_followed": True}, "Because you follow Ben"),
        ({"is_connected": True, "is_followed": True}, "Because you are connected with Ben"),
        ({"organisation": "Fern"}, "From Fern, where you belong"),
        ({"hashtags": ("craft", "wood", "oak")}, "About #craft and #wood, which you follow or use"),
        ({"admirers": ("Cleo", "Dan")}, "Popular with your connections: Cleo and Dan"),
        ({"admirers": ("Cleo", "Dan", "Eve")}, "Popular with your connections: Cleo and 2 more"),
        ({"reactions": 8, "comments": 1}, "Popular now: 8 reactions, 1 comment"),
        ({"comments": 4}, "Popular now: 4 comments"),
    ],
)
def test_the_heaviest_reason_is_told(known: dict[str, Any], why: str) -> None:
    assert [item.why for item in ranked([candidate(1, **known)], NOW)] == [why]


def test_what_says_nothing_is_no_reason() -> None:
    assert reasons_for(candidate(1)) == [(0.5, "New in the community")]


def test_closeness_beats_novelty_and_age_wears_it_down() -> None:
    fresh, close, stale = candidate(1), candidate(2, is_connected=True), candidate(3, 72, is_connected=True)

    assert [item.post_id for item in ranked([fresh, close, stale], NOW)] == [2, 1, 3]


def test_one_author_does_not_fill_the_page() -> None:
    posts = [candidate(number, author_id=7, is_followed=True) for number in range(1, 6)]

    assert [item.post_id for item in ranked([*posts, candidate(9, is_followed=True, hours=2)], NOW)][:3] == [
        5,
        9,
        4,
    ]


def test_equal_scores_go_by_time() -> None:
    assert [item.post_id for item in ranked([candidate(1), candidate(2)], NOW)] == [2, 1]


def test_posts_from_the_future_of_a_skewed_clock_count_as_new() -> None:
    assert ranked([candidate(1, hours=-5)], NOW)[0].score == 0.5


@given(st.sets(st.integers(1, 300), min_size=1, max_size=90), st.integers(1, 20), st.randoms())
def test_pages_of_a_window_show_each_post_once_whatever_happens_to_scores(
    post_ids: set[int], size: int, dice: Any
) -> None:
    snapshot, shown = Snapshot(max(post_ids), min(post_ids)), []
    while not snapshot.is_used_up:
        posts = [candidate(post_id, reactions=dice.randrange(50)) for post_id in post_ids]
        page, snapshot = rules.next_page(posts, snapshot, NOW, size)
        shown += [item.post_id for item in page]
        assert snapshot.is_ours

    assert sorted(shown) == sorted(post_ids)


@pytest.mark.parametrize(
    "snapshot",
    [
        Snapshot(0, 0),
        Snapshot(0, 5, shown=1),
        Snapshot(5, 0),
        Snapshot(5, 6),
        Snapshot(-3, -3),
        Snapshot(5, 4, shown=0b100),
        Snapshot(rules.SPAN + 1, 1),
    ],
)
def test_a_made_up_snapshot_is_not_ours(snapshot: Snapshot) -> None:
    assert not snapshot.is_ours
