"""Forms of 取消资格: the proposal, the unit's words, the steps of the review, what follows a decision."""

from __future__ import annotations

from typing import Any

from django import forms

from jinhua_labor.core.forms import CleanCharField, PortalForm
from jinhua_labor.review.states import Recommendation
from stations.oversight.enums import GraveLimb, Ground, ReversalCause
from stations.oversight.services.revocations import Content
from stations.roster.forms import DayField

from .changes import ACCEPT, StepForm


class FilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name, [])


class FilesField(forms.FileField):
    """One or several files under one label."""

    def __init__(self, **kw: Any) -> None:
        super().__init__(widget=FilesInput(attrs={"accept": ACCEPT, "multiple": True}), **kw)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = list(data or [])
        if not files:
            super().clean(None, initial)
            return []
        return [super(FilesField, self).clean(one, initial) for one in files]


class ProposalForm(PortalForm):
    """提出取消 by the centre: grounds（二）to（五）, facts, evidence."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    grounds = forms.MultipleChoiceField(
        label="情形（第八条，可多选）",
        choices=[choice for choice in Ground.choices if choice[0] != Ground.G1],
        widget=forms.CheckboxSelectMultiple,
    )
    facts = CleanCharField(
        label="事实和理由",
        max_length=2000,
        multiline=True,
        help_text="写入告知书和决定书，不写投诉人等个人信息。",
    )
    grave = forms.ChoiceField(
        label="（五）的情形",
        choices=[("", "不适用"), *GraveLimb.choices],
        required=False,
        help_text="选择（五）时填写。",
    )
    finding = CleanCharField(
        label="投诉编号、核实文书或事故认定文书", max_length=100, required=False, help_text="选择（五）时填写。"
    )
    verified = forms.BooleanField(label="投诉已核实（事故已认定）", required=False)
    evidence = FilesField(label="证据")

    def content(self) -> Content:
        data = self.cleaned_data
        return Content(
            grounds=[Ground(one) for one in data["grounds"]],
            facts=data["facts"],
            uploads=data["evidence"],
            grave=GraveLimb(data["grave"]) if data["grave"] else None,
            finding=data["finding"],
            verified=data["verified"],
        )


class ApplyForm(PortalForm):
    """主动申请取消资格."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    facts = CleanCharField(label="申请理由", max_length=2000, multiline=True)
    evidence = FilesField(label="取消资格申请书（签字盖章）")
    understood = forms.BooleanField(label="已知悉：取消后2年内不得重新申报（第八条）")


class StatementForm(PortalForm):
    text = CleanCharField(label="陈述申辩的内容", max_length=2000, multiline=True)
    files = FilesField(label="证据材料", required=False)


class AnswerForm(PortalForm):
    text = CleanCharField(
        label="对陈述申辩的处理",
        max_length=1900,
        multiline=True,
        required=False,
        help_text="逐条写明是否采纳和理由；单位逾期未陈述的可以不填。",
    )


class ScreenRevocationForm(StepForm):
    recommendation = forms.ChoiceField(label="初审意见", choices=Recommendation.choices, widget=forms.RadioSelect)
    opinion = CleanCharField(label="意见内容", max_length=500, multiline=True)


class OpinionForm(StepForm):
    opinion = CleanCharField(label="需要核实的事项", max_length=500, multiline=True)


class DecideRevocationForm(StepForm):
    opinion = CleanCharField(label="审核意见", max_length=500, multiline=True)
    doc_no = CleanCharField(label="发文字号", max_length=40, help_text="如：金东人社〔2026〕3号")
    issued_on = DayField(label="成文日期")
    upload = forms.FileField(label="决定书盖章件（PDF）", widget=forms.FileInput(attrs={"accept": "application/pdf"}))
    plaque_due_on = DayField(label="铭牌交回期限", required=False, help_text="已挂牌的工作站必填。")


class ReasonForm(PortalForm):
    """Why a procedure ends without a decision."""

    reason = CleanCharField(label="理由", max_length=500, multiline=True)


class DismissForm(ReasonForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_000_000_000, required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)


class DayForm(PortalForm):
    on = DayField(label="日期")


class ReverseForm(PortalForm):
    cause = forms.ChoiceField(label="撤销途径", choices=ReversalCause.choices)
    on = DayField(label="撤销日期")
    reason = CleanCharField(label="理由", max_length=500, multiline=True)
    upload = forms.FileField(label="撤销决定的文书", widget=forms.FileInput(attrs={"accept": ACCEPT}))
