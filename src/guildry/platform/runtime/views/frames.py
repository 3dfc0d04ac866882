"""What the pages of the configuration share: the frame, who did what, and where an answer leads."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from guildry.kernel import configuration, errors, permissions
from guildry.kernel.configuration import Setting
from guildry.kernel.points import RUNTIME_SETTINGS
from guildry.platform.runtime import queries, rules
from guildry.platform.runtime.models import ChangeSet
from guildry.platform.runtime.queries import Explanation
from guildry.ui import formatting, scene
from guildry.ui.pages import render

BASKET = "configuration_basket"


class KeyUnknown(errors.NotFound):
    problem = errors.problem("configuration-key-unknown", 404, "No such key")
    detail = "Nothing is configured under that name."


def page(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    further = {
        "convergence": queries.convergence(),
        "may_change": permissions.has(actor, "config.change"),
        "may_approve": permissions.has(actor, "config.approve"),
        "waiting_count": len(context["rows"]) if name == "waiting" else len(queries.waiting()),
        "basket": basket_of(request),
        "exact": partial(formatting.exact, zone=scene.zone_of_reader()),
        "shown_value": queries.shown_value,
        "shown_text": queries.shown_text,
        "declared": RUNTIME_SETTINGS.get,
    }
    return render(request, f"runtime/{name}.html", {**further, **context}, status=status)


def basket_of(request: HttpRequest) -> dict[str, str | None]:
    """Return what this browser has collected to change together; None takes a key out of the store."""
    collected = request.session.get(BASKET, {})
    return {key: text for key, text in collected.items() if key in RUNTIME_SETTINGS}


def sections() -> list[str]:
    return sorted({setting.section for setting in RUNTIME_SETTINGS})


def explained(key: str) -> Explanation:
    if RUNTIME_SETTINGS.get(key) is None:
        raise KeyUnknown
    return queries.explain(key)


def initial(line: Explanation) -> str:
    setting: Setting = line.setting
    return "" if setting.secret or line.value is None else configuration.render(setting, line.value)


def people(rows: Iterable[Any]) -> dict[int, Any]:
    ids: list[int | None] = []
    for row in rows:
        origin = getattr(row, "origin", None)
        ids += [origin.who] if origin else [row.actor_id, row.decided_by]
    return queries.people_by_id(ids)


def said(row: ChangeSet) -> str:
    return {
        rules.WAITING: "The changes wait for somebody else to approve them.",
        rules.SCHEDULED: "The changes are scheduled.",
    }.get(row.state, f"Version {row.version} is in force.")


def actor_of(request: HttpRequest) -> Any:
    return request.user


def see(name: str, **arguments: Any) -> HttpResponseRedirect:
    response = HttpResponseRedirect(reverse(name, kwargs=arguments))
    response.status_code = 303
    return response
