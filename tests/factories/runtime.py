"""Keys and people for tests of the configuration store."""

from datetime import timedelta

import pytest

from guildry.kernel import points, runtime
from guildry.kernel.configuration import Rule, Setting
from guildry.kernel.permissions import StaffRole
from guildry.people.accounts.models import Member
from guildry.platform.runtime.actions import following
from tests.factories.people import grant, make_member

LIMIT, LEAST, TITLE, WAIT, POLICY = "test.limit", "test.least", "test.title", "test.wait", "test.policy"
SETTINGS = (
    Setting(LIMIT, int, 10, "test", "How many.", unit="a minute", minimum=1, maximum=600),
    Setting(LEAST, int, 5, "test", "How many at least.", unit="a minute", minimum=1, maximum=600),
    Setting(TITLE, str, "Guild", "test", "What it says."),
    Setting(WAIT, timedelta, timedelta(seconds=2), "test", "How long."),
    Setting(POLICY, str, "report", "test", "What holds.", choices=("report", "enforce"), risk="two-person",
            owner="security"),
    Setting("test.quiet", bool, False, "test", "For automation.", channels=frozenset({"automation"})),
    Setting("test.started", str, "", "test", "Read at the start.", scope="boot"),
    Setting("secret.key", str, "", "test", "Seals.", scope="boot", secret=True, kept=True),
    Setting("metrics.token", str, "", "test", "Opens figures.", scope="boot", secret=True, kept=True),
)  # fmt: skip
RULE = Rule("test.order", (LEAST, LIMIT), lambda values: values[LEAST] <= values[LIMIT], "is above the limit.",
            "choose less")  # fmt: skip


def use_own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let only the keys above exist, with what every request reads, and nothing in force but their defaults."""
    registry = points.Settings()
    points.ALL_POINTS.remove(registry)
    registry.register(*SETTINGS)
    registry.register(
        *(
            s
            for s in points.RUNTIME_SETTINGS
            if s.key.startswith(("csp.", "cors.", "http.", "site.is_indexed"))
        )
    )
    setting_rules = points.Point("test rules", Rule)
    points.ALL_POINTS.remove(setting_rules)
    setting_rules.register(RULE)
    for place in (
        "kernel.runtime", "platform.runtime.queries.layers", "platform.runtime.queries.keeping", "platform.runtime.actions.overrides",
        "platform.runtime.actions.rotation", "platform.runtime.views.frames", "platform.runtime.commands",
    ):  # fmt: skip
        monkeypatch.setattr(f"guildry.{place}.RUNTIME_SETTINGS", registry)
    monkeypatch.setattr("guildry.platform.runtime.queries.layers.SETTING_RULES", setting_rules)
    for name, value in (("_values", {}), ("_secrets", {}), ("_again", None), ("_preparations", {})):
        monkeypatch.setattr(runtime, name, value)
    monkeypatch.setattr(runtime, "_outside", runtime.Examination({}, {}, ()))
    monkeypatch.setattr(following, "_progress", following.Progress())


def make_staff(handle: str, role: StaffRole = StaffRole.OPERATOR) -> Member:
    granter = Member.objects.filter(handle="granter").first() or make_member("granter")
    return grant(make_member(handle), role, by=granter)
