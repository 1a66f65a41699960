"""Forms of the two offices: judgements, marks, and the steps of 初审 and 审核."""

from __future__ import annotations

from typing import Any

from django import forms

from jinhua_labor.core.forms import CleanCharField, PortalForm
from stations.applications.enums import Condition, CreditCheck, TargetKind, Verdict
from stations.applications.queries.conditions import CLAUSES

from .steps import StepForm

AGREED = "经审查，符合设立条件，同意报区人社局审核。"
APPROVED = "同意设立。"
CLAUSE_CHOICES = (
    *((clause.replace("第三条（", "第三条第（").replace("）", "）项"), f"{clause} {Condition(code).label}")
      for code, clause in CLAUSES.items()),
    ("第四条", "第四条 申请材料"),
    ("第八条", "第八条 取消资格后2年内不得重新申报"),
)  # fmt: skip
"""不予设立 rests on one of these (R-18), spelled as the decision quotes it."""


class SeenForm(PortalForm):
    """What is written down at 初审, on the file as this page showed it: `version` tells a page from before a 补正."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class JudgeForm(SeenForm):
    """符合 or 不符合 of one condition or document."""

    condition = forms.ChoiceField(choices=Condition.choices, widget=forms.HiddenInput)
    part = forms.CharField(required=False, max_length=8, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(label="判断", choices=Verdict.choices, widget=forms.RadioSelect)
    reason = CleanCharField(label="说明", max_length=300, required=False, help_text="不符合的必须写明理由。")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("verdict") == Verdict.UNMET and not data.get("reason"):
            self.add_error("reason", "判断为不符合的，请写明理由。")
        return data


class CreditForm(SeenForm):
    """信用核查."""

    credit_check = forms.ChoiceField(label="信用核查结果", choices=CreditCheck.choices, widget=forms.RadioSelect)
    credit_note = CleanCharField(
        label="核查说明", max_length=200, required=False, help_text="查询的平台和日期；有不良记录或存疑的写明内容。"
    )


class SiteCheckForm(SeenForm):
    note = CleanCharField(label="核查方式和情况", max_length=200, help_text="如：实地走访，地址、设施与申请表一致。")


class MarkForm(SeenForm):
    """有问题: one line."""

    kind = forms.ChoiceField(label="类别", choices=TargetKind.choices)
    target = forms.CharField(label="位置", max_length=80)
    text = CleanCharField(label="问题与要求", max_length=200)


class RewordForm(PortalForm):
    text = CleanCharField(label="问题与要求", max_length=200)


class ReturnForm(StepForm):
    """退回补正."""

    words = CleanCharField(
        label="内部备注", max_length=200, required=False, help_text="只在办理记录中可见，不写入通知书。"
    )
    override_reason = CleanCharField(
        label="再次告知旧问题的理由", max_length=200, required=False, help_text="由标记人以外的同事填写并发出。"
    )


class ScreenForm(StepForm):
    """初审, one form for 同意 and one for 不同意."""

    opinion = CleanCharField(label="初审意见", max_length=500, multiline=True)


class ApproveForm(StepForm):
    opinion = CleanCharField(label="审核意见", max_length=500, multiline=True)


class RejectForm(StepForm):
    """不予设立: the clause, the reason, how to object."""

    clause = forms.ChoiceField(label="依据条款", choices=[("", "请选择"), *CLAUSE_CHOICES])
    reason = CleanCharField(
        label="理由", max_length=500, multiline=True, help_text="将写入不予设立决定书，告知申请单位。"
    )
    remedy = CleanCharField(label="救济途径", max_length=500, multiline=True)


class SendBackForm(StepForm):
    comment = CleanCharField(
        label="退回意见", max_length=500, multiline=True, help_text="写明需要核实的事项，申请单位看不到。"
    )
    credit_waiver = forms.BooleanField(label="信用记录不影响设立，以上为理由，可继续办理", required=False)


class ApproveSeveralForm(PortalForm):
    """Several files of the inbox at once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    opinion = CleanCharField(label="审核意见", max_length=500)
