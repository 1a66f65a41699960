"""Forms of the steps: submit, pledge, withdraw, answers in words, the counter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from jinhua_labor.core import creditcode
from jinhua_labor.core.forms import CleanCharField, PortalForm
from stations.applications.enums import Slot
from stations.applications.forms.annex1 import PersonField, PhoneField
from stations.applications.services.submission import PLEDGE


class StepForm(PortalForm):
    """A form that takes a step: the key makes a repeated click harmless, the version tells an old page."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)


class SubmitForm(StepForm):
    """提交申请 by the unit's own people, with 申请机构承诺."""

    signer = CleanCharField(
        label="机构法人签名", max_length=50, help_text="填写法定代表人姓名，视同在承诺上签名；纸质申请表仍须签字盖章。"
    )
    pledged = forms.BooleanField(label=PLEDGE)


class PledgeForm(PortalForm):
    """The unit's promise on a file the counter entered."""

    signer = CleanCharField(label="机构法人签名", max_length=50, help_text="填写法定代表人姓名，视同在承诺上签名。")
    pledged = forms.BooleanField(label=PLEDGE)


class WithdrawForm(StepForm):
    reason = CleanCharField(label="撤回理由", max_length=200, multiline=True, min_length=2)


class ExplainForm(PortalForm):
    answer = CleanCharField(label="情况说明", max_length=200, required=False)


class SlotForm(PortalForm):
    """Which slot files go into."""

    slot = forms.ChoiceField(choices=Slot.choices)
    site = forms.UUIDField(required=False)
    replaces = forms.UUIDField(required=False)


class PaperForm(PortalForm):
    """Paper copies received at the counter, one number for each of the seven."""

    def __init__(self, *args: Any, wanted: dict[int, tuple[str, int]], received: dict[int, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, (label, copies) in wanted.items():
            self.fields[f"copies_{number}"] = forms.IntegerField(
                label=label,
                min_value=0,
                max_value=99,
                initial=received.get(number, 0),
                help_text=f"应收 {copies} 份",
                error_messages={"invalid": "请填写份数。"},
            )

    def copies(self) -> dict[int, int]:
        return {int(name.removeprefix("copies_")): value for name, value in self.cleaned_data.items()}


class CounterForm(PortalForm):
    """窗口录入: whose application it is."""

    credit_code = CleanCharField(label="统一社会信用代码", max_length=40, help_text="营业执照上的 18 位代码。")

    def clean_credit_code(self) -> str:
        try:
            return creditcode.parse(self.cleaned_data["credit_code"]).text
        except creditcode.CreditCodeError as error:
            raise ValidationError(error.message) from error


class NewOperatorForm(CounterForm):
    """A unit that is not registered yet; its administrator gets a one-time link to set up the account."""

    name = CleanCharField(label="单位名称", max_length=100, help_text="与营业执照一致。")
    contact_name = PersonField(label="单位经办人")
    contact_phone = PhoneField(label="联系电话")
    licence_no = CleanCharField(label="人力资源服务许可证编号", max_length=40, required=False)
    consent = forms.BooleanField(label="单位经办人已阅读个人信息处理告知书并书面同意，纸质件已留存")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("contact_name", "contact_phone"):
            self.fields[name].required = True
