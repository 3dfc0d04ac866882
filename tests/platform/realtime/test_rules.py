"""Where a browser's socket may come from, and when to come back."""

import pytest

from guildry.platform.realtime import rules


@pytest.mark.parametrize(
    ("origin", "host", "secure", "own"),
    [
        ("https://guild.example", "guild.example", True, True),
        ("https://GUILD.example", "guild.example", True, True),
        ("http://guild.example", "guild.example", True, False),
        ("http://localhost:8000", "localhost:8000", False, True),
        ("https://localhost:8000", "localhost:8000", False, True),
        ("http://localhost:8000", "localhost:8001", False, False),
        ("https://guild.example.evil.example", "guild.example", True, False),
        ("https://guild.example@evil.example", "guild.example", True, False),
        ("ftp://guild.example", "guild.example", False, False),
        ("null", "guild.example", True, False),
        ("", "guild.example", True, False),
        ("https://", "", True, False),
    ],
)
def test_an_origin_is_ours_only_when_it_names_the_host(
    origin: str, host: str, secure: bool, own: bool
) -> None:
    assert rules.is_own_origin(origin, host, secure=secure) is own


@pytest.mark.parametrize(("chance", "seconds"), [(0.0, 0.5), (0.5, 2.25), (1.0, 4.0)])
def test_clients_come_back_spread_over_a_few_seconds(chance: float, seconds: float) -> None:
    assert rules.return_in(chance) == seconds


def test_many_sockets_come_back_over_a_longer_time_than_few() -> None:
    told = [rules.return_after_drain(count) for count in (0, 1, 50, 100, 400, 1000, 100_000)]

    assert [jitter for _, jitter in told] == [0.25, 0.25, 0.25, 0.5, 2.0, 5.0, 5.0]
    assert {after for after, _ in told} == {0.25}
