"""Forms of the steps of a draft: beginning it, its document and days, handing back, withdrawing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from jinhua_labor.core.docno import DocNoError, normalise_doc_no
from jinhua_labor.core.forms import CleanCharField, PortalForm
from jinhua_labor.rulebook.enums import Kind
from jinhua_labor.rulebook.forms.fields import day


class StartForm(PortalForm):
    """A new draft."""

    kind = forms.ChoiceField(label="记录什么", choices=Kind.choices, widget=forms.RadioSelect)
    subject = CleanCharField(label="事项", max_length=60, help_text="如“一票否决的口径”“试行期延长至2026年底”。")
    key = forms.UUIDField(widget=forms.HiddenInput)


class HeadForm(PortalForm):
    """文号与日期: what an extension consists of, what a reading and a successor rest on."""

    subject = CleanCharField(label="事项", max_length=60)
    decided_by = CleanCharField(label="决定机关", max_length=60, required=False)
    doc_no = CleanCharField(label="文号", max_length=40, required=False, help_text="如 金东人社〔2026〕5号。")
    doc_date = day("成文日期")
    valid_from = day("生效日期", help_text="须晚于确认之日；此前的事项仍按原来的版本。")
    effective_to = day("截止日期", help_text="施行的最后一天。")
    note = CleanCharField(label="说明", max_length=1000, required=False, multiline=True, help_text="公开页面不显示。")
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind == Kind.EXTENSION:
            del self.fields["valid_from"]
            self.fields["effective_to"].label = "延长后的截止日期"
        elif kind == Kind.READING:
            del self.fields["effective_to"]
        else:
            self.fields["valid_from"].label = "施行日期"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("valid_from"), data.get("effective_to")
        if first and last and last < first:
            self.add_error("effective_to", "截止日期不能早于施行日期。")
        return data

    def clean_doc_no(self) -> str:
        typed: str = self.cleaned_data["doc_no"]
        try:
            return normalise_doc_no(typed) if typed else ""
        except DocNoError as error:
            raise ValidationError(str(error)) from error


class RevisionForm(PortalForm):
    """A step on the draft as it was shown."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class NoteForm(PortalForm):
    note = CleanCharField(label="退回意见", max_length=300, required=False)


class ReasonForm(PortalForm):
    reason = CleanCharField(label="撤销原因", max_length=300, min_length=2)
