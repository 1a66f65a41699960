"""Forms of 收款账户."""

from __future__ import annotations

from typing import Any

from django import forms

from jinhua_labor.core.forms import CleanCharField, PortalForm
from subsidies.payees.rules import LONGEST

PAPERS = ".pdf,.jpg,.jpeg,.png"


class AccountForm(PortalForm):
    """The first account of a unit, or another one with the reason for it."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    holder = CleanCharField(label="户名", max_length=100, help_text="须与承建单位名称一致。")
    bank = CleanCharField(label="开户银行", max_length=100, help_text="写到支行或分理处。")
    number = CleanCharField(
        label="账号",
        max_length=LONGEST * 2,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text="保存后只显示末四位。",
    )
    proof = forms.FileField(
        label="开户证明",
        widget=forms.FileInput(attrs={"accept": PAPERS}),
        help_text="基本存款账户信息或开户许可证，PDF 或照片。",
    )
    reason = CleanCharField(label="变更原因", max_length=200, required=False)

    def __init__(self, *args: Any, changing: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not changing:
            del self.fields["reason"]


class CheckForm(PortalForm):
    note = CleanCharField(
        label="向单位核实的情况",
        max_length=200,
        multiline=True,
        help_text="何时、向谁、用什么方式核实；电话用单位原来登记的号码，不用这次提交的号码。",
    )


class ReasonForm(PortalForm):
    reason = CleanCharField(label="理由", max_length=200, multiline=True)


class PurposeForm(PortalForm):
    """Why the number is opened in full; kept in the journal."""

    purpose = CleanCharField(label="查看用途", max_length=200)
