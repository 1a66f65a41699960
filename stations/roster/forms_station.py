"""Forms around a station's roster: corrections of 留用, its printed list, insurance asked for a station."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from jinhua_labor.core.forms import CleanCharField, PortalForm

from .enums import RetentionResult
from .forms import DayField
from .services.retention_list import KINDS, PDF

RETENTION_QUERY = "核对输送人员参保及留用情况（第一条、第六条）"


class CorrectionForm(PortalForm):
    """The centre's correction of a locked result."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    result = forms.ChoiceField(label="更正为", choices=RetentionResult.choices, widget=forms.RadioSelect)
    reason = CleanCharField(label="更正理由", max_length=200, multiline=True)
    proof = forms.FileField(label="佐证材料（可不传）", required=False)


class RetentionListForm(PortalForm):
    """Which part of 留用名册 goes out, as what, and why."""

    kind = forms.ChoiceField(label="格式", choices=KINDS, widget=forms.RadioSelect, initial=PDF)
    since = DayField(label="应统计日起", required=False)
    until = DayField(label="应统计日止", required=False)
    purpose = CleanCharField(
        label="用途",
        max_length=200,
        initial="纸质台账归档（第六条（四）7）",
        help_text="含完整身份证号，用途记入操作日志",
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        first, last = found.get("since"), found.get("until")
        if first and last and first > last:
            self.add_error("until", "止日不能早于起日。")
        return found

    @property
    def span(self) -> tuple[dt.date | None, dt.date | None]:
        return self.cleaned_data["since"], self.cleaned_data["until"]


class QueryForm(PortalForm):
    """Why the list of names and numbers goes out to be looked up."""

    purpose = CleanCharField(label="用途", max_length=200, initial=RETENTION_QUERY)
