"""Forms of grants and recoveries: opinions and reasons; no amount of a grant is typed."""

from __future__ import annotations

from typing import Any

from django import forms

from jinhua_labor.core.forms import CleanCharField, PortalForm
from jinhua_labor.review.states import Recommendation
from stations.oversight.forms.changes import DecideForm, StepForm
from stations.roster.forms import DayField
from subsidies.grants.models import Grant
from subsidies.payees.forms import PAPERS, PurposeForm

__all__ = [
    "AccountForm",
    "ApproveForm",
    "BenefitDecisionForm",
    "BenefitForm",
    "CancelForm",
    "CentreAccountForm",
    "DecisionForm",
    "DropForm",
    "NameForm",
    "NotifyForm",
    "OpinionForm",
    "PurposeForm",
    "ReasonForm",
    "ReturnForm",
    "ScreenForm",
    "StepApprovalForm",
]
YES_NO = (("1", "属于同一事项，从标准中扣减"), ("0", "不属于同一事项，不扣减"))


class AccountForm(StepForm):
    """确认收款账户 by the unit: one click."""


class CentreAccountForm(StepForm):
    """The same by the centre, which says why."""

    reason = CleanCharField(label="代为确认的理由", max_length=200, multiline=True)


class ReasonForm(StepForm):
    reason = CleanCharField(label="理由", max_length=500, multiline=True)


class OpinionForm(StepForm):
    opinion = CleanCharField(label="意见", max_length=500, multiline=True)


class ScreenForm(StepForm):
    """初审."""

    recommendation = forms.ChoiceField(label="初审意见", choices=Recommendation.choices, widget=forms.RadioSelect)
    opinion = CleanCharField(label="意见内容", max_length=500, multiline=True)
    others_checked = forms.BooleanField(
        label="已核对该单位同期的其他同类补助，有的已登记",
        required=False,
        help_text="第十四条：就高不重复。",
    )


class ApproveForm(DecideForm):
    """审核."""


class CancelForm(PortalForm):
    reason = CleanCharField(label="取消的理由", max_length=500, multiline=True)


class StepApprovalForm(PortalForm):
    """One step of 审批."""

    step = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=20)
    opinion = CleanCharField(label="审批意见", max_length=200, multiline=True)


class BenefitForm(PortalForm):
    """其他补助, recorded as its paper says."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    policy = CleanCharField(label="政策名称", max_length=100)
    doc_no = CleanCharField(label="文号", max_length=40, required=False)
    issued_on = DayField(label="政策发文日期")
    matter = CleanCharField(label="补助事项", max_length=100)
    amount = forms.DecimalField(
        label="金额（元）",
        min_value=0,
        max_digits=12,
        decimal_places=2,
        error_messages={"invalid": "请填写数字。", "min_value": "金额须大于零。"},
    )
    paid_on = DayField(label="享受日期")
    proof = forms.FileField(
        label="依据（PDF 或照片）", required=False, widget=forms.FileInput(attrs={"accept": PAPERS})
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("amount") is not None and data["amount"] <= 0:
            self.add_error("amount", "金额须大于零。")
        return data


class BenefitDecisionForm(PortalForm):
    """同一事项 or not."""

    same_matter = forms.ChoiceField(label="是否同一事项", choices=YES_NO, widget=forms.RadioSelect)
    reason = CleanCharField(label="认定理由", max_length=200)


class DecisionForm(PortalForm):
    """局决定, with its file."""

    pay = forms.ChoiceField(
        label="决定", choices=(("1", "给予这项补贴"), ("0", "不给予这项补贴")), widget=forms.RadioSelect
    )
    reason = CleanCharField(label="决定的理由", max_length=500, multiline=True)
    doc_no = CleanCharField(label="文号", max_length=40, required=False)
    upload = forms.FileField(label="决定文件（PDF）", widget=forms.FileInput(attrs={"accept": ".pdf"}))


# --- 追回 -------------------------------------------------------------------------------------------------------------


class NameForm(PortalForm):
    """The paid grants a decision for 弄虚作假 is about."""

    grants = forms.ModelMultipleChoiceField(
        queryset=Grant.objects.none(), label="决定涉及的补贴", widget=forms.CheckboxSelectMultiple
    )
    reason = CleanCharField(label="决定认定的事实", max_length=500, multiline=True)

    def __init__(self, *args: Any, grants: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["grants"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = grants


class NotifyForm(PortalForm):
    due_on = DayField(label="退回期限")


class ReturnForm(PortalForm):
    returned_on = DayField(label="退回日期")
    voucher_no = CleanCharField(label="入账凭证号", max_length=40)


class DropForm(PortalForm):
    reason = CleanCharField(label="不予追回的理由", max_length=500, multiline=True)
