"""A declaration that contradicts itself stops the start and says why."""

from datetime import timedelta
from typing import Any

import pytest

from guildry.kernel import points
from guildry.kernel.configuration import DeclarationError, Setting


def make_setting(**changes: Any) -> Setting:
    fields: dict[str, Any] = {
        "key": "http.rate.login_per_min",
        "kind": int,
        "default": 10,
        "section": "security/limits",
        "doc": "Attempts to sign in.",
        "unit": "a minute",
        "minimum": 1,
        "maximum": 600,
    }
    return Setting(**{**fields, **changes})


def make_text(**changes: Any) -> Setting:
    return make_setting(
        **{"kind": str, "default": "", "unit": "", "minimum": None, "maximum": None, **changes}
    )


def test_a_key_has_a_name_in_the_environment_and_one_for_people() -> None:
    setting = make_setting()

    assert (setting.variable, setting.label) == ("GUILDRY_HTTP_RATE_LOGIN_PER_MIN", "Login per min")
    assert setting.is_runtime
    assert not setting.needs_approval


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"key": "Login"}, "lower case"),
        ({"key": "login"}, "dots between"),
        ({"kind": dict}, "cannot be configured"),
        ({"form": "shape"}, "No form is called"),
        ({"scope": "later"}, "boot or runtime"),
        ({"risk": "high"}, "low, confirm or two-person"),
        ({"section": ""}, "A section"),
        ({"doc": "no sentence"}, "is a sentence"),
        ({"channels": frozenset({"fax"})}, "A channel is"),
        ({"variable": "GUILDRY_A", "aliases": ("GUILDRY_A",)}, "another name"),
        ({"risk": "confirm"}, "needs an owner"),
        ({"risk": "confirm", "owner": "security", "scope": "boot"}, "no risk there"),
        (
            {"risk": "two-person", "owner": "security", "channels": frozenset({"automation"})},
            "not a second person",
        ),
        ({"restart": "rolling"}, "needs no restart"),
        ({"required": True}, "has no default"),
        ({"pattern": "x"}, "Only texts have a form"),
        ({"choices": ("x",)}, "Only texts have choices"),
        ({"rotate_days": 90}, "Only secrets age"),
        ({"minimum": 20, "maximum": 15, "default": 17}, "above the maximum"),
        ({"default": "10"}, "is no int"),
        ({"default": 601}, "refused: is 601 a minute"),
        ({"unit": ""}, "has a unit"),
        (
            {"kind": timedelta, "default": timedelta(1), "minimum": None, "maximum": None},
            "carries its unit",
        ),
    ],
)
def test_a_contradiction_is_refused(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(DeclarationError, match=problem):
        make_setting(**changes)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"secret": True}, "never kept in the store"),
        ({"secret": True, "client": True, "scope": "boot"}, "never given to clients"),
        ({"secret": True, "scope": "boot", "default": "x"}, "no default"),
        ({"kind": tuple, "default": (), "secret": True, "scope": "boot"}, "is a text"),
        ({"minimum": 1}, "Only numbers"),
        ({"choices": ("a", "b"), "default": "c"}, "none of the choices"),
        ({"form": "email", "default": "nobody"}, "takes a mail address"),
    ],
)
def test_a_contradiction_of_a_text_is_refused(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(DeclarationError, match=problem):
        make_text(**changes)


def test_two_keys_never_share_a_name_in_the_environment() -> None:
    registry = points.Settings()
    points.ALL_POINTS.remove(registry)
    registry.register(make_setting(aliases=("GUILDRY_LOGINS",)))

    with pytest.raises(points.PointError, match="both called GUILDRY_LOGINS"):
        registry.register(make_setting(key="http.logins", variable="GUILDRY_LOGINS"))
