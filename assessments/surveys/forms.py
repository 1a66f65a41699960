"""Forms of the satisfaction surveys."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from assessments.surveys.enums import QUESTIONS, Satisfaction, Second, Third
from assessments.surveys.services import Given
from jinhua_labor.core.forms import CleanCharField, PortalForm


class OpenForm(PortalForm):
    """开展调查: which year, until when."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=99)
    closes_on = forms.DateField(label="截止日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, days: tuple[dt.date, dt.date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first, last = days
        self.fields["closes_on"].widget.attrs |= {"min": first.isoformat(), "max": last.isoformat()}


class PrintForm(PortalForm):
    """Which cards, what for; kept in the journal."""

    part = forms.TypedChoiceField(label="卡号", coerce=int)
    purpose = CleanCharField(label="用途", max_length=200)

    def __init__(self, *args: Any, parts: list[tuple[int, int, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["part"].choices = [(number, f"{first:03d}—{last:03d}") for number, first, last in parts]
        if len(parts) == 1:
            self.fields["part"].initial = 1
            self.fields["part"].widget = forms.HiddenInput()


class EnterForm(PortalForm):
    """The code of a card, for whoever cannot scan it."""

    code = CleanCharField(label="卡上的代码", max_length=60)


class AnswerForm(PortalForm):
    """Three questions on a phone; the first has to be answered, the others may be left."""

    satisfaction = forms.ChoiceField(choices=Satisfaction.choices, widget=forms.RadioSelect)
    second = forms.ChoiceField(choices=Second.choices, widget=forms.RadioSelect, required=False)
    third = forms.ChoiceField(choices=Third.choices, widget=forms.RadioSelect, required=False)
    comment = CleanCharField(label="还有什么想说的（可以不写）", multiline=True, max_length=500, required=False)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, question in zip(("satisfaction", "second", "third"), QUESTIONS[kind], strict=True):
            self.fields[name].label = question
        self.fields["satisfaction"].error_messages["required"] = "请回答第一个问题。"
        self.fields["comment"].widget.attrs |= {"rows": 3, "autocomplete": "off"}

    def given(self) -> Given:
        data = self.cleaned_data
        return Given(data["satisfaction"], data["second"], data["third"], data["comment"])
