"""An update names the version it changes, and a reader is spared what it has."""

import pytest
from django.test import RequestFactory

from guildry.kernel import conditional


@pytest.mark.parametrize(
    ("header", "tag", "weakly", "named"),
    [
        ("*", '"a"', False, True),
        ('"a"', '"a"', False, True),
        ('"b", "a"', '"a"', False, True),
        ('"b"', '"a"', False, False),
        ('W/"a"', '"a"', False, False),
        ('W/"a"', 'W/"a"', False, False),
        ('W/"a"', '"a"', True, True),
        ('"a"', 'W/"a"', True, True),
        ("a", '"a"', True, False),
        ("", '"a"', True, False),
    ],
)
def test_a_header_names_a_tag(header: str, tag: str, weakly: bool, named: bool) -> None:
    assert conditional.names(header, tag, weakly=weakly) is named


def test_tags_follow_what_they_stand_for() -> None:
    assert conditional.tag_of(1) == conditional.tag_of("1") != conditional.tag_of(2)
    assert conditional.weak_tag_of(b"a").startswith('W/"')
    assert conditional.weak_tag_of(b"a") != conditional.weak_tag_of(b"b")


def test_an_update_must_name_the_version_it_read() -> None:
    current = RequestFactory().put("/", headers={"if-match": conditional.tag_of(3)})
    outdated = RequestFactory().put("/", headers={"if-match": conditional.tag_of(2)})

    conditional.require_match(current, 3)

    with pytest.raises(conditional.VersionChanged):
        conditional.require_match(outdated, 3)
    with pytest.raises(conditional.VersionMissing):
        conditional.require_match(RequestFactory().put("/"), 3)
