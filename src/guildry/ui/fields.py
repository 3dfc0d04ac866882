"""Form fields made ready for their component: which kind of control, and what describes it."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from markupsafe import Markup, escape


@dataclass(frozen=True)
class FieldParts:
    """A field of a form as its component draws it; `kind` is hidden, check, choices or control."""

    kind: str
    id: str
    name: str
    label: str
    hint: str
    errors: tuple[str, ...]
    control: Markup
    options: tuple[Markup, ...]
    is_optional: bool
    limit: int

    @property
    def described_by(self) -> str:
        return _described_by(self.id, self.hint, self.errors)


def parts(bound: BoundField, hint: str = "") -> FieldParts:
    """Return what the `field` component needs to draw this field; `hint` replaces the field's help text."""
    widget, hint = bound.field.widget, hint or str(bound.help_text)
    errors = tuple(str(error) for error in bound.errors)
    kind = _kind(widget)
    described_by = _described_by(bound.auto_id, hint, errors)
    is_choice = kind == "choices"
    return FieldParts(
        kind=kind,
        id=bound.auto_id,
        name=bound.html_name,
        label=str(bound.label),
        hint=hint,
        errors=errors,
        control=Markup("") if is_choice else _control(bound, kind, described_by),
        options=_options(bound) if is_choice else (),
        is_optional=kind == "control" and _is_optional(bound),
        limit=_limit(bound),
    )


def _is_optional(bound: BoundField) -> bool:
    """Tell whether it needs saying that a field may stay empty; nobody wonders about that in a search (`is_search`)."""
    is_known = getattr(bound.form, "is_search", False) or bound.field.widget.attrs.get("readonly")
    return not (bound.field.required or is_known)


def _kind(widget: Any) -> str:
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "control"


def _described_by(identity: str, hint: str, errors: tuple[str, ...]) -> str:
    names = [f"{identity}-hint"] if hint else []
    return " ".join([*names, f"{identity}-error"] if errors else names)


def _control(bound: BoundField, kind: str, described_by: str, **extra: str) -> Markup:
    attributes: dict[str, Any] = dict(extra)
    if kind == "control":
        own = bound.field.widget.attrs.get("class", "")
        attributes["class"] = f"input {own}".strip()
    if kind != "hidden":
        attributes["aria-describedby"] = described_by or None
        attributes["aria-invalid"] = "true" if bound.errors else None
    known = {name: value for name, value in attributes.items() if value is not None}
    return Markup(bound.as_widget(attrs=known))


def switch(bound: BoundField, hint: str = "") -> Markup:
    """Return a yes or no field as a switch."""
    described_by = _described_by(bound.auto_id, hint, tuple(str(e) for e in bound.errors))
    return _control(bound, "check", described_by, **{"class": "switch", "role": "switch"})


def _options(bound: BoundField) -> tuple[Markup, ...]:
    return tuple(
        Markup(f'<label class="check" for="{escape(option.id_for_label)}">{option.tag()}')
        + Markup("<span>{}</span></label>").format(option.choice_label)
        for option in bound
    )


def _limit(bound: BoundField) -> int:
    """Return the most characters a long text may have, so that the component can count down."""
    is_long = isinstance(bound.field.widget, forms.Textarea)
    return int(bound.field.widget.attrs.get("maxlength") or 0) if is_long else 0


@dataclass(frozen=True)
class Complaint:
    """One line of the error summary and the control it leads to."""

    target: str
    text: str


def complaints(form: Any) -> list[Complaint]:
    """Return what is wrong with a form, in the order of its fields, whole-form messages first."""
    found = [Complaint("", str(error)) for error in form.non_field_errors()]
    for bound in form:
        target = _target(bound)
        found += [Complaint(target, str(error)) for error in bound.errors]
    return found


def _target(bound: BoundField) -> str:
    if _kind(bound.field.widget) == "hidden":
        return ""
    return f"{bound.auto_id}_0" if _kind(bound.field.widget) == "choices" else str(bound.auto_id)
