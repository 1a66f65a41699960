"""Forms of 站点档案: what a new version of each kind says, and what the centre found."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from jinhua_labor.core.forms import CleanCharField, PortalForm
from stations.registry.enums import FACILITIES, PaperKind, Side, Tenure
from stations.registry.services.papers import Content

DAY = {"type": "date", "min": "2000-01-01", "max": "2099-12-31"}
FIELDS: dict[str, tuple[str, ...]] = {
    PaperKind.BUSINESS: ("number", "valid_from", "valid_to"),
    PaperKind.LICENCE: ("number", "party", "valid_from", "valid_to"),
    PaperKind.AGREEMENT: ("party", "valid_from", "valid_to", "text"),
    PaperKind.SITE: ("side", "address", "tenure", "valid_from", "valid_to", "facilities"),
    PaperKind.RULES: ("title", "valid_from", "valid_to", "text"),
    PaperKind.WORKER_RULES: ("title", "valid_from", "valid_to", "text"),
    PaperKind.PLAN: ("period", "text"),
}
LABELS: dict[str, dict[str, str]] = {
    PaperKind.BUSINESS: {"number": "统一社会信用代码", "valid_from": "营业期限起", "valid_to": "营业期限止"},
    PaperKind.LICENCE: {"number": "许可证编号", "party": "发证机关"},
    PaperKind.AGREEMENT: {"party": "协议对方", "text": "主要措施"},
    PaperKind.SITE: {"valid_from": "使用期限起", "valid_to": "使用期限止"},
    PaperKind.RULES: {"valid_from": "施行日期", "text": "修订内容"},
    PaperKind.WORKER_RULES: {"valid_from": "施行日期", "text": "修订内容"},
    PaperKind.PLAN: {"text": "计划要点"},
}
REQUIRED: dict[str, tuple[str, ...]] = {
    PaperKind.LICENCE: ("number",),
    PaperKind.AGREEMENT: ("party",),
    PaperKind.SITE: ("side", "address", "tenure"),
    PaperKind.PLAN: ("text",),
}


class PaperForm(PortalForm):
    """A new version; the files come beside it."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    title = CleanCharField(label="名称", max_length=100, required=False)
    period = forms.TypedChoiceField(label="年度", coerce=int, choices=())
    number = CleanCharField(label="编号", max_length=60, required=False)
    party = CleanCharField(label="发证机关", max_length=100, required=False)
    side = forms.ChoiceField(label="所在地区", choices=Side.choices, required=False, widget=forms.RadioSelect)
    address = CleanCharField(label="地址", max_length=200, required=False, help_text="写到门牌号")
    tenure = forms.ChoiceField(label="使用方式", choices=[("", "请选择"), *Tenure.choices], required=False)
    valid_from = forms.DateField(label="有效期起", widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    valid_to = forms.DateField(
        label="有效期止",
        required=False,
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        help_text="长期有效的留空；不再使用的填最后一天。",
    )
    facilities = forms.MultipleChoiceField(
        label="办公设施",
        choices=[(name, name) for name in FACILITIES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    text = CleanCharField(label="主要内容", max_length=2000, multiline=True, required=False)

    def __init__(
        self, *args: Any, kind: PaperKind, periods: list[tuple[int, str]], fixed_side: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        for name in list(self.fields):
            if name not in ("key", *FIELDS[kind]) or (name == "side" and fixed_side):
                del self.fields[name]
        for name, label in LABELS.get(kind, {}).items():
            self.fields[name].label = label
        for name in REQUIRED.get(kind, ()):
            if name in self.fields:
                self.fields[name].required = True
        if "period" in self.fields:
            self.fields["period"].choices = periods  # type: ignore[attr-defined]
        self.fixed_side = fixed_side

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        begin, end = values.get("valid_from"), values.get("valid_to")
        if begin and end and end < begin:
            self.add_error("valid_to", ValidationError("截止日期不能早于起始日期。"))
        return values

    def content(self, *, day: dt.date) -> Content:
        """What was typed as the service takes it; a plan holds from the day it is filed."""
        value = self.cleaned_data.get
        address = value("address") or ""
        return Content(
            title=value("title") or address[:100] or self.kind.label,
            valid_from=value("valid_from") or day,
            valid_to=value("valid_to"),
            number=value("number") or "",
            party=value("party") or "",
            side=self.fixed_side or value("side") or "",
            address=address,
            tenure=value("tenure") or "",
            facilities=tuple(name for name in FACILITIES if name in (value("facilities") or ())),
            text=value("text") or "",
        )


class PaperCheckForm(PortalForm):
    """已核."""

    accepted = forms.TypedChoiceField(
        label="核对结果",
        choices=[("yes", "符合要求"), ("no", "不符合，请承建单位重新报送")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = CleanCharField(label="核对说明", max_length=200, required=False, help_text="不符合的请写明原因")
