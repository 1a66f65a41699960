"""Forms of a station's year: a correction with its reason, an end of employment, contracts, certificates, claims."""

from __future__ import annotations

from typing import Any

from django import forms

from jinhua_labor.core.forms import CleanCharField, PortalForm

from .enums import CertificateResult, ContractKind, Kept, LeaveReason, SkillKind, SkillLevel
from .forms import DayField, RowForm


class YearRowForm(RowForm):
    """One row of a station by hand; the reason is asked for where the row counts or its year is frozen."""

    reason = CleanCharField(label="理由", max_length=200, required=False, multiline=True)

    def __init__(self, *args: Any, needs_reason: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = needs_reason
        self.fields["reason"].help_text = "写明更正的依据，如「核对劳动合同」。原来的内容会保留" if needs_reason else ""


class LeaveForm(PortalForm):
    leave_on = DayField(label="离职时间", help_text="在岗的最后一天")
    leave_reason = forms.ChoiceField(label="离职原因", choices=[("", "请选择"), *LeaveReason.choices])
    note = CleanCharField(label="说明", max_length=200, required=False)


class ReasonForm(PortalForm):
    """Why a row is taken out, or a paper struck out."""

    reason = CleanCharField(label="理由", max_length=200)


class ContractForm(PortalForm):
    kind = forms.ChoiceField(label="合同期限", choices=ContractKind.choices, widget=forms.RadioSelect)
    signed_on = DayField(label="签订日期")
    starts_on = DayField(label="合同起始日期")
    ends_on = DayField(label="合同终止日期", required=False, help_text="无固定期限合同留空")
    file = forms.FileField(label="合同扫描件", required=False)
    paper_reference = CleanCharField(
        label="纸质合同存放处", max_length=80, required=False, help_text="没有扫描件的，写明册号、位置和页码"
    )


class CertificateForm(PortalForm):
    kind = forms.ChoiceField(label="证书类别", choices=SkillKind.choices, widget=forms.RadioSelect)
    level = forms.ChoiceField(label="等级", choices=[("", "请选择"), *SkillLevel.choices])
    number = CleanCharField(label="证书编号", max_length=40)
    file = forms.FileField(label="证书扫描件", required=False)


class CheckForm(PortalForm):
    """What the centre's look-up of a certificate found."""

    result = forms.ChoiceField(
        label="核验结果",
        choices=[
            (CertificateResult.VERIFIED.value, "查询属实"),
            (CertificateResult.UNFOUND.value, CertificateResult.UNFOUND.label),
        ],
        widget=forms.RadioSelect,
    )
    checked_on = DayField(label="核验日期")
    check_note = CleanCharField(label="核验说明", max_length=200, required=False, help_text="查无此证的须写明")


class ClaimForm(PortalForm):
    """Which of two registrations holds."""

    kept = forms.ChoiceField(
        label="由哪一家计入",
        choices=[(Kept.HOLDER.value, "先登记的一家"), (Kept.CLAIMANT.value, "后登记的一家")],
        widget=forms.RadioSelect,
    )
    reason = CleanCharField(label="认定依据", max_length=200, multiline=True)
