"""Django's forms as the fields a template lays out."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.forms.boundfield import BoundField

from opieka.desk.pages.parts import Choice, Field, FieldKind, Form, Link, Section

_KINDS = {kind.value for kind in FieldKind}


def field(bound: BoundField, *, autofocus: bool = False) -> Field:
    """One input with what was sent last and what is wrong with it."""
    widget = bound.field.widget
    value = bound.value()
    many = isinstance(widget, forms.CheckboxSelectMultiple)
    kind = FieldKind.MANY if many else _kind(widget)
    return Field(
        name=bound.html_name,
        label=str(bound.label),
        kind=kind,
        value=_value(widget, kind, value),
        hint=str(bound.help_text),
        error=" ".join(map(str, bound.errors)),
        required=bound.field.required,
        autocomplete=str(widget.attrs.get("autocomplete", "")),
        choices=_choices(widget, value),
        autofocus=autofocus,
    )


def fields(form: forms.BaseForm, names: Iterable[str] | None = None) -> tuple[Field, ...]:
    """Some inputs of a form, or all of them in their order."""
    return tuple(field(form[name]) for name in (names or form.fields))


def problem(form: forms.BaseForm) -> str:
    """What is wrong with a form as a whole, hidden inputs included."""
    hidden = [error for bound in form.hidden_fields() for error in bound.errors]
    return " ".join(map(str, [*form.non_field_errors(), *hidden]))


def single(form: forms.BaseForm, action: str, submit: str, *, cancel: Link | None = None) -> Form:
    """A form without sections."""
    sections = (Section("", fields(form)),)
    return Form(action, sections, submit, problem(form), cancel, files=form.is_multipart())


def _kind(widget: forms.Widget) -> FieldKind:
    if isinstance(widget, forms.Select):
        return FieldKind.SELECT
    if isinstance(widget, forms.Textarea):
        return FieldKind.AREA
    if isinstance(widget, forms.CheckboxInput):
        return FieldKind.CHECK
    input_type = getattr(widget, "input_type", "text")
    return FieldKind(input_type) if input_type in _KINDS else FieldKind.TEXT


def _value(widget: forms.Widget, kind: FieldKind, value: object) -> str:
    if kind is FieldKind.CHECK:
        return "on" if value else ""
    if kind in {FieldKind.MANY, FieldKind.SELECT, FieldKind.PASSWORD, FieldKind.FILE}:
        return ""
    formatted = widget.format_value(value)
    return "" if formatted is None else str(formatted)


def _choices(widget: forms.Widget, value: object) -> tuple[Choice, ...]:
    if not isinstance(widget, forms.Select | forms.CheckboxSelectMultiple):
        return ()
    chosen = {str(one) for one in value} if isinstance(value, list | tuple | set) else {str(value or "")}
    return tuple(
        Choice(str(key), str(label), str(key) in chosen)
        for key, label in widget.choices
        if not isinstance(label, list | tuple)
    )
