"""Forms of 第四章: opening a round, standing in it, the ledger on site, the steps of both reviews, documents."""

from __future__ import annotations

from typing import Any

from django import forms

from jinhua_labor.core.forms import CleanCharField, PortalForm
from stations.ledger.enums import Item
from stations.oversight.forms.changes import DecideForm, ScreenForm, StepForm
from stations.registry.models import Station
from stations.roster.forms import DayField

__all__ = [
    "DecideForm",
    "LedgerSightForm",
    "OpinionForm",
    "RecogniseForm",
    "RectifyForm",
    "RejectForm",
    "RoundForm",
    "ScreenForm",
    "StandForm",
    "StrikeForm",
    "WithdrawTitleForm",
]
PDF = ".pdf"


class RoundForm(PortalForm):
    year = forms.IntegerField(label="评选年份", min_value=2021, max_value=2100)
    cutoff = DayField(
        label="数据截止日", help_text="截至这一天已确定的年度评估结果参加评选，承担工作满两年也按这一天计算。"
    )
    apply_until = DayField(label="申报截止日")
    quota = forms.IntegerField(
        label="名额", min_value=1, max_value=500, required=False, help_text="不设名额请留空；符合标准只是具备资格。"
    )
    remark = CleanCharField(label="说明", max_length=500, required=False, multiline=True)


class StandForm(PortalForm):
    """申报 or 推荐 of one of the stations this person may put forward."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    station = forms.ModelChoiceField(queryset=Station.objects.none(), label="工作站", empty_label="请选择")
    statement = CleanCharField(
        label="事迹",
        max_length=2000,
        multiline=True,
        help_text="对照第十条的四项标准写明两年来的工作，不写务工人员的个人信息。",
    )

    def __init__(self, *args: Any, stations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["station"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = stations


class LedgerSightForm(PortalForm):
    """台账 of one year as seen on site."""

    seen_on = DayField(label="实地核对日期")
    gaps = forms.MultipleChoiceField(
        label="不完备的项目",
        choices=[choice for choice in Item.choices if choice[0] != Item.L8],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="逐项齐全的不勾选；第八项“其他”不在核对之列。",
    )
    note = CleanCharField(label="核对情况", max_length=500, required=False, multiline=True)


class OpinionForm(StepForm):
    opinion = CleanCharField(label="意见", max_length=500, multiline=True)


class RejectForm(StepForm):
    reason = CleanCharField(label="未入选的理由", max_length=500, multiline=True)


class StrikeForm(PortalForm):
    reason = CleanCharField(label="除去的理由", max_length=500, multiline=True)


class _IssueForm(PortalForm):
    doc_no = CleanCharField(label="发文字号", max_length=40)
    issued_on = DayField(label="成文日期")
    upload = forms.FileField(label="盖章件（PDF）", widget=forms.FileInput(attrs={"accept": PDF}))


class RecogniseForm(_IssueForm):
    """认定文件."""


class RectifyForm(StepForm):
    """限期整改: the opinion, what is to be put right, its last day."""

    opinion = CleanCharField(label="复核意见", max_length=500, multiline=True)
    words = CleanCharField(label="整改要求", max_length=500, multiline=True, help_text="写明哪一项怎样改。")
    until = DayField(label="整改期限（含当日）")


class WithdrawTitleForm(StepForm, _IssueForm):
    """复核不通过: the opinion, and the document that withdraws the title."""

    opinion = CleanCharField(label="复核意见", max_length=500, multiline=True)
    field_order = ("opinion", "doc_no", "issued_on", "upload")
