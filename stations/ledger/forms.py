"""Forms of the ledger: an entry, a job demand, what for a book is printed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from jinhua_labor.core.forms import CleanCharField, PortalForm
from stations.registry.models import Employer

from .enums import PER_EMPLOYER, Education, Item
from .services import Demand, Paper

DAY = {"type": "date", "min": "2000-01-01", "max": "2099-12-31"}


class EntryForm(PortalForm):
    """登记台账: a file, or where the paper lies, or both."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    employer = forms.ModelChoiceField(Employer.objects.none(), label="用工企业", empty_label="请选择")
    title = CleanCharField(label="名称", max_length=100)
    file = forms.FileField(
        label="电子件",
        required=False,
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
    )
    paper_volume = CleanCharField(
        label="纸质册号", max_length=30, required=False, help_text="与纸质台账封面一致，如“2026-01册”"
    )
    paper_place = CleanCharField(label="存放地点", max_length=60, required=False, help_text="如“档案柜2”")
    paper_pages = forms.IntegerField(label="纸质页数", required=False, min_value=1, max_value=99_999)

    def __init__(self, *args: Any, item: Item, employers: QuerySet[Employer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if item in PER_EMPLOYER:
            self.fields["employer"].queryset = employers  # type: ignore[attr-defined]
        else:
            del self.fields["employer"]

    @property
    def paper(self) -> Paper:
        value = self.cleaned_data.get
        return Paper(value("paper_volume") or "", value("paper_place") or "", value("paper_pages"))


class DemandForm(PortalForm):
    """用工需求岗位."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    employer = forms.ModelChoiceField(Employer.objects.none(), label="用工企业", empty_label="请选择")
    post = CleanCharField(label="岗位", max_length=60)
    headcount = forms.IntegerField(label="需求人数", min_value=1, max_value=9999)
    education = forms.ChoiceField(label="学历要求", choices=Education.choices)
    skill = CleanCharField(label="技能要求", max_length=100, required=False)
    requirements = CleanCharField(
        label="其他要求",
        max_length=300,
        required=False,
        multiline=True,
        help_text="不得有民族、种族、性别、宗教信仰等歧视性内容（《人力资源市场暂行条例》第二十四条）",
    )
    wage_min = forms.IntegerField(label="月工资下限（元）", min_value=1, max_value=1_000_000)
    wage_max = forms.IntegerField(label="月工资上限（元）", min_value=1, max_value=1_000_000)
    place = CleanCharField(label="工作地点", max_length=100)
    hours = CleanCharField(label="工作时间", max_length=60, required=False)
    welfare = CleanCharField(label="福利待遇", max_length=200, required=False)
    valid_from = forms.DateField(label="有效期起", widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    valid_to = forms.DateField(
        label="有效期止", widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"), help_text="过期自动撤下"
    )
    publish = forms.BooleanField(label="同时向社会公开发布", required=False)

    def __init__(self, *args: Any, employers: QuerySet[Employer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employer"].queryset = employers  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        low, high = values.get("wage_min"), values.get("wage_max")
        if low and high and high < low:
            self.add_error("wage_max", ValidationError("月工资上限不能低于下限。"))
        begin, end = values.get("valid_from"), values.get("valid_to")
        if isinstance(begin, dt.date) and isinstance(end, dt.date) and end < begin:
            self.add_error("valid_to", ValidationError("截止日期不能早于起始日期。"))
        return values

    @property
    def demand(self) -> Demand:
        names = Demand.__dataclass_fields__
        return Demand(**{name: self.cleaned_data[name] for name in names})


class ClearForm(PortalForm):
    """准予发布."""

    reason = CleanCharField(label="准予发布的理由", max_length=200, min_length=2)


class BookForm(PortalForm):
    """打印年度台账."""

    purpose = CleanCharField(
        label="打印用途", max_length=100, min_length=2, help_text="台账含完整证件号码，用途记入操作日志。"
    )
