"""What is in force and why, and what would be if something changed."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guildry.kernel import clock, errors, runtime
from guildry.kernel.configuration import (
    Code,
    Examination,
    Finding,
    Given,
    Layer,
    Origin,
    Setting,
    Wrong,
    parse,
    render,
)  # fmt: skip
from guildry.kernel.configuration.declaration import CONSOLE
from guildry.kernel.points import RUNTIME_SETTINGS, SETTING_RULES
from guildry.platform.runtime import rules
from guildry.platform.runtime.models import Override, Stored
from guildry.platform.runtime.queries.history import ChangeSetUnknown, current_version, stored_at

STORE = "store"


@dataclass(frozen=True)
class Snapshot:
    """Everything the database says about the configuration at one version."""

    version: int
    stored: Mapping[str, Given]
    overrides: Mapping[str, Given]

    @property
    def next_expiry(self) -> datetime | None:
        ends = [given.origin.until for given in self.overrides.values() if given.origin.until]
        return rules.next_expiry(ends, clock.now())


@dataclass(frozen=True)
class Effective:
    """The values that hold together, layer by layer, and what is wrong with them."""

    given: Mapping[str, Mapping[Layer, Given]]
    values: Mapping[str, Any]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """Why a key has the value it has: `layers` from the one that wins down to the default.

    `locked_by` is where a pin is that keeps the stored value from counting; `stored` is the value it would have.
    """

    setting: Setting
    value: Any
    layers: tuple[Given, ...]
    locked_by: str = ""
    stored: str | None = None

    @property
    def origin(self) -> Origin:
        return self.layers[0].origin


@dataclass(frozen=True)
class Difference:
    """One key that would change: what the store has now and would have, None where it has nothing."""

    setting: Setting
    before: str | None
    after: str | None
    value_before: Any
    value_after: Any


@dataclass(frozen=True)
class Preview:
    """What a set of changes would do, without doing it; `wrong` is what stands in its way."""

    base_version: int
    differences: tuple[Difference, ...]
    wrong: tuple[errors.FieldError, ...]
    values: Mapping[str, Any]

    @property
    def needs_approval(self) -> bool:
        return any(difference.setting.needs_approval for difference in self.differences)

    @property
    def texts(self) -> dict[str, str | None]:
        return {difference.setting.key: difference.after for difference in self.differences}


def snapshot() -> Snapshot:
    """Return what the store and the overrides say now, all of one version."""
    while True:
        version = current_version()
        stored = {row.key: _stored(row) for row in Stored.objects.select_related("change_set")}
        overrides = {row.key: _override(row) for row in active_overrides()}
        if current_version() == version:
            return Snapshot(version, stored, overrides)


def active_overrides() -> list[Override]:
    """Return the overrides that hold now, the oldest first, so that a later one of the same key wins."""
    rows = Override.objects.filter(ended_at=None, expires_at__gt=clock.now())
    return list(rows.select_related("change_set").order_by("id"))


def effective(
    found: Snapshot,
    *,
    changed: Mapping[str, str | None] | None = None,
    overridden: Mapping[str, str] | None = None,
    outside: Examination | None = None,
) -> Effective:
    """Put all layers together; `changed` are stored texts as they would be, None for those that would go."""
    outside = outside or runtime.outside()
    changed = changed or {}
    given: dict[str, dict[Layer, Given]] = {key: dict(layers) for key, layers in outside.given.items()}
    kept = {key: item for key, item in found.stored.items() if key not in changed}
    for key, item in {**kept, **_proposed(changed, Layer.STORE)}.items():
        given.setdefault(key, {})[Layer.STORE] = item
    for key, item in {**found.overrides, **_proposed(overridden or {}, Layer.OVERRIDE)}.items():
        given.setdefault(key, {})[Layer.OVERRIDE] = item
    values: dict[str, Any] = {}
    findings: list[Finding] = []
    for setting in RUNTIME_SETTINGS:
        if setting.is_runtime:
            values[setting.key], wrong = _value_of(setting, given.get(setting.key, {}))
            findings += wrong
    everything = {**outside.values, **values}
    for rule in SETTING_RULES:
        if not rule.is_kept({key: everything[key] for key in rule.keys}):
            place = (STORE, 0, 0, rule.keys[0], Code.COMBINATION)
            findings.append(Finding(*place, rule.message, rule.fix))
    return Effective(given, values, tuple(findings))


def explain(key: str, found: Snapshot | None = None) -> Explanation:
    """Say where the value of a key comes from; raises KeyError for an unknown one."""
    setting = RUNTIME_SETTINGS[key]
    whole = effective(found or snapshot())
    return _explanation(setting, whole)


def explain_all() -> list[Explanation]:
    """Return every declared key with where its value comes from, in the order of sections."""
    whole = effective(snapshot())
    ordered = sorted(RUNTIME_SETTINGS, key=lambda setting: (setting.section, setting.key))
    return [_explanation(setting, whole) for setting in ordered]


def preview(changes: Mapping[str, str | None], *, channel: str, may_touch_pins: bool = False) -> Preview:
    """Say what would change, what approval it takes, and everything that is wrong with it."""
    found = snapshot()
    before = effective(found)
    texts: dict[str, str | None] = {}
    wrong: list[errors.FieldError] = []
    for key, text in changes.items():
        try:
            texts[key] = _canonical(key, text, channel)
            pin = "" if may_touch_pins else _explanation(RUNTIME_SETTINGS[key], before).locked_by
            if pin:
                raise Wrong(Code.WRONG_LAYER, f"is pinned by {pin}.", "change it there")
        except Wrong as refusal:
            wrong.append(errors.FieldError(key, str(refusal), str(refusal.code)))
    stored = {key: item.text for key, item in found.stored.items()}
    texts = {key: text for key, text in texts.items() if text != stored.get(key)}
    after = effective(found, changed=texts)
    known = {finding.key for finding in before.findings}
    wrong += [
        errors.FieldError(finding.key, f"{finding.message} {finding.fix}".strip(), str(finding.code))
        for finding in after.findings
        if finding.key not in known or finding.key in texts
    ]
    differences = tuple(
        Difference(RUNTIME_SETTINGS[key], stored.get(key), text, before.values[key], after.values[key])
        for key, text in texts.items()
        if key in after.values
    )
    return Preview(found.version, differences, tuple(wrong), after.values)


def changes_back_to(version: int) -> dict[str, str | None]:
    """Return what would have to change for the store to be what it was; raises ChangeSetUnknown."""
    if not 0 <= version <= (now := current_version()):
        raise ChangeSetUnknown
    then, held = stored_at(version), stored_at(now)
    return {key: then.get(key) for key in {**then, **held} if then.get(key) != held.get(key)}


def preview_of_version(version: int) -> Preview:
    """Say what going back to a version would do; raises ChangeSetUnknown."""
    return preview(changes_back_to(version), channel=CONSOLE, may_touch_pins=True)


def _canonical(key: str, text: str | None, channel: str) -> str | None:
    """Return the text the store would keep for a key; raises Wrong."""
    setting = RUNTIME_SETTINGS.get(key)
    if setting is None:
        near = difflib.get_close_matches(key, [known.key for known in RUNTIME_SETTINGS], n=1)
        raise Wrong(Code.UNKNOWN, "is the name of no key.", f"did you mean {near[0]}?" if near else "")
    if not setting.is_runtime:
        raise Wrong(Code.WRONG_LAYER, "is read at the start only.", f"set {setting.variable} in .env")
    if channel not in setting.channels:
        raise Wrong(Code.WRONG_LAYER, f"cannot be changed by {channel}.", "")
    return None if text is None else render(setting, parse(setting, text))


def _stored(row: Stored) -> Given:
    made = row.change_set
    origin = Origin(Layer.STORE, f"v{made.version}", made.actor_id, made.applied_at, made.pk)
    return Given(row.text, origin)


def _override(row: Override) -> Given:
    made = row.change_set
    origin = Origin(
        Layer.OVERRIDE, f"v{made.version}", made.actor_id, made.applied_at, made.pk, row.expires_at
    )
    return Given(row.text, origin)


def _proposed(changed: Mapping[str, str | None], layer: Layer) -> dict[str, Given]:
    origin = Origin(layer, "proposed")
    return {key: Given(text, origin) for key, text in changed.items() if text is not None}


def _value_of(setting: Setting, given: Mapping[Layer, Given]) -> tuple[Any, list[Finding]]:
    """Return the value of the layer that wins; one that no longer fits gives way to the next."""
    findings: list[Finding] = []
    for layer in sorted(given, key=lambda layer: layer.rank, reverse=True):
        try:
            return parse(setting, given[layer].text), findings
        except Wrong as wrong:
            place = (layer, 0, 0, setting.key, wrong.code)
            findings.append(Finding(*place, wrong.message, wrong.fix))
    return setting.default, findings


def _explanation(setting: Setting, whole: Effective) -> Explanation:
    given = whole.given.get(setting.key, {})
    layers = tuple(given[layer] for layer in sorted(given, key=lambda layer: layer.rank, reverse=True))
    pin = next((item for item in layers if item.origin.layer.pins), None)
    held = given.get(Layer.STORE)
    value = whole.values[setting.key] if setting.is_runtime else runtime.outside().values.get(setting.key)
    return Explanation(
        setting,
        value,
        (*layers, Given("", Origin(Layer.DEFAULT))),
        pin.origin.source if pin else "",
        held.text if held else None,
    )
