"""Only the open internet may be asked, however an address disguises itself."""

import pytest

from guildry.kernel import errors
from guildry.platform.outbound import queries, rules


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "255.255.255.255", "::1", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "2002:7f00:1::",
        "64:ff9b::7f00:1", "ff02::1",
    ],
)  # fmt: skip
def test_a_private_address_is_not_public(address: str) -> None:
    assert not rules.is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "64:ff9b::101:101"])
def test_a_public_address_is(address: str) -> None:
    assert rules.is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/", "file:///etc/passwd", "http://user:pw@example.org/", "http://example.org:22/",
        "https://example.org:80/", "http:///x", "http://example.org:port/", "http://x/" + "a" * 3000,
    ],
)  # fmt: skip
def test_an_unusual_address_is_not_asked(url: str) -> None:
    assert not rules.is_askable(url)
    with pytest.raises(queries.AddressRefused):
        queries.fetch(url, max_bytes=10, media_types=frozenset({"text/html"}))


@pytest.mark.loopback
@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1"])
def test_a_disguised_loopback_address_is_refused_when_it_is_connected_to(host: str) -> None:
    with pytest.raises(errors.DomainError):
        queries.GuardedBackend().connect_tcp(host, 80, timeout=0.2)
