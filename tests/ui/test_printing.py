"""Times, addresses and behaviours are printed by short ways that print what the long ones do."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from markupsafe import Markup

from guildry.ui import addresses, behaviours, formatting, scene

NOW = datetime(2026, 1, 3, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("zone", [UTC, ZoneInfo("Asia/Kathmandu"), ZoneInfo("America/New_York")])
@pytest.mark.parametrize("hours", [0, 1, 23, 170, 24 * 20, 24 * 400, -2])
def test_a_time_is_told_as_it_is_told_alone(zone: ZoneInfo, hours: int) -> None:
    moment = NOW - timedelta(hours=hours, microseconds=hours)
    at = f"{moment.isoformat()[:19]}Z"
    full, words = formatting.exact(moment, zone), formatting.relative(moment, NOW, zone)

    told = formatting.teller(zone, NOW)(moment)

    assert told == f'<time datetime="{at}" title="{full}">{words}</time>'


def test_a_time_in_another_zone_is_stamped_in_universal_time() -> None:
    moment = datetime(2026, 1, 1, 12, tzinfo=ZoneInfo("Asia/Kathmandu"))

    assert 'datetime="2026-01-01T06:15:00Z"' in formatting.teller(UTC, NOW)(moment)


@pytest.mark.parametrize(
    "values", [{}, {"tab": "latest", "from": 21}, {"q": "a b&c", "x": ""}, {"a&b": "1"}, {"n": "\u00e9"}]
)
def test_a_query_says_its_values(values: dict[str, object]) -> None:
    assert addresses.query_of(values) == urlencode(values)


def test_equal_values_of_different_kinds_are_printed_as_what_they_are() -> None:
    with scene.with_nonce("n"):
        printed = [behaviours.hx(vals=value) for value in (True, 1, "a&amp;b", Markup("a&amp;b"), {"a": 1})]

    assert printed == [
        'hx-nonce="n" hx-vals="true"', 'hx-nonce="n" hx-vals="1"', 'hx-nonce="n" hx-vals="a&amp;amp;b"',
        'hx-nonce="n" hx-vals="a&amp;b"', 'hx-nonce="n" hx-vals="{&#34;a&#34;: 1}"',
    ]  # fmt: skip


def test_code_is_refused_each_time() -> None:
    for _ in range(2):
        with pytest.raises(behaviours.UnsafeBehaviour):
            behaviours.hx(vals="js:alert(1)")
