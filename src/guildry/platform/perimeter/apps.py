"""Registration of the perimeter app."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.apps import AppConfig
from django.conf import settings

from guildry.kernel import limits, points, runtime
from guildry.kernel.permissions import PERMISSIONS, SYSTEM, Permission, StaffRole

PROBLEMS = points.Module(
    key="problems",
    label="What refusals mean",
    icon="circle-help",
    group="For programs",
    url_name="perimeter:problems",
    description="Every answer that refuses something",
    placement=frozenset({"footer"}),
    public=True,
    order=910,
)
SECURITY = points.Module(
    key="ops.security",
    label="Security",
    icon="shield",
    group="Secure",
    url_name="perimeter:security",
    description="What browsers blocked, who was too fast, and what answers tell browsers",
    placement=frozenset({"console"}),
    permission="security.read",
    order=10,
    keywords=("csp", "policy", "violations", "limits", "headers"),
)
READ = Permission(
    "security.read",
    "See what browsers blocked and how often limits were hit",
    frozenset({StaffRole.OPERATOR, StaffRole.ADMINISTRATOR, StaffRole.AUDITOR}),
    reads_only=True,
)
MANAGE = Permission(
    "security.manage",
    "Judge reported violations",
    frozenset({StaffRole.OPERATOR, StaffRole.ADMINISTRATOR}),
)


def _settings() -> Iterator[runtime.Setting]:
    from guildry.platform.perimeter import rules

    yield runtime.Setting(
        "csp.mode", str, rules.ENFORCE, "security/policy",
        "Whether browsers block what the content policy forbids, or only report it.",
        choices=(rules.ENFORCE, rules.REPORT_ONLY), risk=runtime.Risk.CONFIRM, owner="security",
        keywords=("content", "policy", "browser"),
    )  # fmt: skip
    yield runtime.Setting(
        "site.is_indexed", bool, True, "site", "Whether search engines may list what guests can read.",
        label="Search engines", risk=runtime.Risk.CONFIRM, owner="community",
        keywords=("robots", "index", "noindex", "switch"),
    )  # fmt: skip
    yield from _for_other_sites()
    yield from _rates()


def _for_other_sites() -> Iterator[runtime.Setting]:
    from guildry.platform.perimeter import rules

    shared: dict[str, Any] = {
        "section": "security/other-sites",
        "owner": "security",
        "keywords": ("cors", "api"),
    }
    yield runtime.Setting(
        "cors.origins", tuple, (), doc="Origins whose scripts may call the API with a token; none unless given.",
        form="origin", check=rules.not_an_origin, example="https://app.guild.example",
        risk=runtime.Risk.TWO_PERSON, **shared,
    )  # fmt: skip
    yield runtime.Setting(
        "cors.methods", tuple, rules.METHODS, doc="Methods that scripts of these origins may use.",
        choices=rules.METHODS, risk=runtime.Risk.CONFIRM, **shared,
    )  # fmt: skip
    yield runtime.Setting(
        "cors.max_age", timedelta, timedelta(minutes=10), doc="How long browsers remember that they may.",
        minimum=timedelta(0), maximum=rules.LONGEST_MEMORY, **shared,
    )  # fmt: skip


def _rates() -> Iterator[runtime.Setting]:
    from guildry.platform.perimeter import rules

    for kind in rules.RATE_CLASSES:
        burst, per_minute = kind.keys
        limited: dict[str, Any] = {
            "section": "security/limits",
            "minimum": 1,
            "risk": runtime.Risk.CONFIRM,
            "owner": "security",
        }
        yield runtime.Setting(
            burst, int, kind.burst, doc=f"How many requests at once: {kind.about}.", unit="requests",
            maximum=100_000, **limited,
        )  # fmt: skip
        yield runtime.Setting(
            per_minute, int, kind.per_minute, doc=f"How many requests a minute, on and on: {kind.about}.",
            unit="requests a minute", maximum=1_000_000, **limited,
        )  # fmt: skip


class PerimeterConfig(AppConfig):
    name = "guildry.platform.perimeter"
    label = "perimeter"
    default_auto_field = "django.db.models.BigAutoField"
    owner = "operator"

    def ready(self) -> None:
        from guildry.kernel.loops import Loop
        from guildry.platform.perimeter import actions, queries

        PERMISSIONS.register(READ, MANAGE)
        points.MODULES.register(PROBLEMS, SECURITY)
        points.RUNTIME_SETTINGS.register(*_settings())
        runtime.prepare_with(runtime.Preparation("perimeter.rates", queries.prepare_rates))
        points.SCHEDULED_JOBS.register(
            points.ScheduledJob(
                "perimeter.purge_replies",
                "guildry.platform.perimeter.tasks.purge_replies",
                every=timedelta(hours=1),
            )
        )
        keeper = Loop("refusals", lambda: actions.keep_refusals(SYSTEM) < 0, every=5)

        def stop() -> None:
            keeper.stop()
            actions.keep_refusals(SYSTEM)

        points.COMPONENTS.register(
            points.Component("perimeter.refusals", keeper.start, stop, roles=frozenset({"web"}))
        )
        if settings.REDIS_URL:
            limits.use_store(limits.SharedStore(limits.RedisStore(settings.REDIS_URL)))
