"""What every page of a draft has in common."""

from __future__ import annotations

from typing import Any

from django import forms

from jinhua_labor.core.forms import PortalForm, say_what_is_missing
from jinhua_labor.policy.types import Policy
from jinhua_labor.rulebook.enums import Kind
from jinhua_labor.rulebook.rules import Raw

Part = dict[str, Any]


class PartForm(PortalForm):
    """One page: `held` is the version the draft lies over, `now` its text with the draft, `raw` without it."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, kind: str, *, held: Policy, raw: Raw, now: Raw, revision: int, data: Any = None) -> None:
        super().__init__(data, initial={"revision": revision})
        self.kind, self.held, self.raw, self.now = kind, held, raw, now
        self.whole = kind == Kind.SUCCESSOR
        self.build()
        say_what_is_missing(self)

    def build(self) -> None:
        raise NotImplementedError

    def part(self) -> Part:
        """What this page says, as `rules.with_part` reads it; asked of a valid form."""
        raise NotImplementedError

    def add(self, name: str, field: forms.Field, value: Any) -> None:
        field.initial = value
        self.fields[name] = field
