"""Forms of a notice: preparing, releasing, withdrawing, objecting, answering."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from jinhua_labor.core.forms import CleanCharField, PortalForm
from jinhua_labor.core.people import clean_phone
from jinhua_labor.core.text import TextError

from .models import NoticeKind

MAX_WORKDAYS = 60
ACCEPT = ".pdf,.jpg,.jpeg,.png"


class AmendForm(PortalForm):
    """起草 of a notice that is there already; its kind stays."""

    title = CleanCharField(label="标题", max_length=120)
    body = CleanCharField(
        label="正文",
        max_length=20_000,
        multiline=True,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="不得出现身份证号、个人手机号、银行账号；空一行为另起一段。",
    )
    workdays = forms.IntegerField(
        label="公示工作日",
        min_value=0,
        max_value=MAX_WORKDAYS,
        initial=0,
        help_text="填 0 为公告，不收异议；公示自发布次日起算，到最后一个工作日 24 时截止。",
        error_messages={"invalid": "请填写整数。", "max_value": f"最多 {MAX_WORKDAYS} 个工作日。"},
    )
    office = CleanCharField(label="发布机构", max_length=60)
    phone = CleanCharField(label="监督电话", max_length=20, required=False, help_text="单位的公开电话；公示必须填写。")

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        try:
            return clean_phone(phone) if phone else ""
        except TextError as error:
            raise ValidationError(error.message) from error

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("workdays") and not data.get("phone") and "phone" not in self.errors:
            self.add_error("phone", "公示须写明接受异议的监督电话。")
        return data


class PrepareForm(AmendForm):
    """起草 of a new notice."""

    kind = forms.ChoiceField(label="类型", choices=NoticeKind.choices, initial=NoticeKind.OTHER)
    field_order = ("kind", "title", "body", "workdays", "office", "phone")


class ReleaseForm(PortalForm):
    """发布: where the scan raised a false alarm, why it is one."""

    cleared_reason = CleanCharField(
        label="误判理由",
        max_length=200,
        required=False,
        help_text="只在确属误判时填写，如「单位公开的服务热线」；将记入操作日志。",
    )


class WithdrawForm(PortalForm):
    reason = CleanCharField(label="撤回原因", max_length=200, min_length=2)


class ObjectionForm(PortalForm):
    """异议: real name, a way to answer, what is wrong."""

    name = CleanCharField(label="姓名（单位名称）", max_length=50, help_text="请实名提出，不公开。")
    contact = CleanCharField(label="联系方式", max_length=50, min_length=5, help_text="电话或邮箱，答复用，不公开。")
    content = CleanCharField(
        label="异议内容",
        max_length=2000,
        min_length=5,
        multiline=True,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="写明认为有误的内容、理由和依据。",
    )
    evidence = forms.FileField(
        label="依据",
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text="有书面依据或照片的，可附一份 PDF、JPG 或 PNG；只有主管部门可以查看。",
    )


class AnswerForm(PortalForm):
    text = CleanCharField(label="答复内容", max_length=2000, multiline=True)
