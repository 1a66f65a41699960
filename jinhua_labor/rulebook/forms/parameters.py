"""Pages of a draft with its parameters and limits, each beside its clause."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.forms import BoundField

from jinhua_labor.core.forms import CleanCharField
from jinhua_labor.policy.checks import plain
from jinhua_labor.policy.types import Policy, Settings
from jinhua_labor.rulebook.forms.fields import as_json, bare, field_of, shown, stored
from jinhua_labor.rulebook.forms.part import Part, PartForm
from jinhua_labor.rulebook.words import GROUPS, NOT_HERE, PARAMETERS, SETTINGS, Group, worded


@dataclass(frozen=True, slots=True)
class Row:
    """A parameter of the page beside its clause: `now` is how it is read in force, `texts` its other fields."""

    name: str
    label: str
    unit: str
    clause: str
    quote: str
    reading: str
    alternative: str
    now: str
    value: BoundField
    texts: tuple[BoundField, ...]


class ParameterForm(PartForm):
    """The parameters of one group. A reading shows those the notice leaves open, a successor all of them."""

    group: Group
    TEXTS: ClassVar = {"reading": "解释口径", "alternative": "另一种读法", "quote": "条文原文", "clause": "条款"}

    def build(self) -> None:
        hints = typing.get_type_hints(Policy)
        for name in self.names():
            row = self.now["pv"][name]
            self.add(name, field_of(name, PARAMETERS[name][0], hints[name]), shown(row.get("value")))
            for text in self.texts():
                field = CleanCharField(label=self.TEXTS[text], max_length=500, required=text == "clause")
                if text in {"reading", "alternative"}:
                    field.widget = forms.Textarea(attrs={"rows": 3})
                self.add(f"{name}-{text}", field, bare(row.get(text, "")))

    def names(self) -> tuple[str, ...]:
        return tuple(name for name in self.group.parameters if self.whole or self.held.readings[name].interpretive)

    def texts(self) -> tuple[str, ...]:
        return ("reading", "alternative", "quote", "clause") if self.whole else ("reading", "alternative")

    def rows(self) -> Iterator[Row]:
        for name in self.names():
            read = self.held.readings[name]
            label, unit = PARAMETERS[name]
            yield Row(
                name, label, unit, read.clause, read.quote, read.reading, bare(read.alternative),
                worded(name, getattr(self.held, name)), self[name],
                tuple(self[f"{name}-{text}"] for text in self.texts()),
            )  # fmt: skip

    def part(self) -> Part:
        hints = typing.get_type_hints(Policy)
        return {"pv": {name: self._row(name, hints[name]) for name in self.names()}}

    def _row(self, name: str, hint: Any) -> dict[str, Any]:
        before, row = self.raw["pv"][name], {}
        value = stored(self.cleaned_data[name], hint)
        if value is None and not before.get("unset"):
            row["unset"] = True
        elif value is not None and value != as_json(before.get("value")):
            row["value"] = value
        for text in self.texts():
            said = self.cleaned_data[f"{name}-{text}"]
            if plain(said) != plain(bare(before.get(text, ""))):
                row[text] = said
        return row


def parameter_form(key: str) -> type[ParameterForm]:
    """The form of a group of parameters."""
    group = next(group for group in GROUPS if group.key == key)
    return type(f"{key.title()}Form", (ParameterForm,), {"group": group})


class LimitsForm(PartForm):
    """办理时限: the office's own promises and limits."""

    def build(self) -> None:
        hints = typing.get_type_hints(Settings)
        for name in self.names():
            label, _unit = SETTINGS[name]
            self.add(name, field_of(name, label, hints[name]), shown(self.now["settings"][name]["value"]))

    def names(self) -> tuple[str, ...]:
        return tuple(name for name in SETTINGS if name not in NOT_HERE)

    def rows(self) -> Iterator[Row]:
        for name in self.names():
            label, unit = SETTINGS[name]
            basis = self.raw["settings"][name].get("basis", "")
            now = worded(name, getattr(self.held.settings, name))
            yield Row(name, label, unit, basis, "", "", "", now, self[name], ())

    def part(self) -> Part:
        hints, said = typing.get_type_hints(Settings), {}
        for name in self.names():
            value = stored(self.cleaned_data[name], hints[name])
            said[name] = {"value": value} if value != self.raw["settings"][name]["value"] else {}
        return {"settings": said}
