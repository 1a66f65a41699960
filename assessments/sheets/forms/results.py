"""Forms of what follows the confirmation: which results to publish, why a year is scored anew."""

from __future__ import annotations

from typing import Any

from django import forms

from jinhua_labor.core.forms import CleanCharField, PortalForm


class PublishForm(PortalForm):
    """Confirmed results that go into one notice."""

    years = forms.TypedMultipleChoiceField(
        label="要公示的评估结果", coerce=str, error_messages={"required": "请选择要公示的评估结果。"}
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["years"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = choices


class ReasonForm(PortalForm):
    """更正 of a final result."""

    reason = CleanCharField(label="更正的理由", max_length=500, min_length=5, multiline=True)


class UpheldForm(PortalForm):
    """异议成立."""

    objection = forms.UUIDField(widget=forms.HiddenInput)
    reason = CleanCharField(
        label="重新评分的理由",
        max_length=500,
        min_length=5,
        multiline=True,
        help_text="写明哪一项要重新评分、依据是什么，不写异议人的信息。",
    )
