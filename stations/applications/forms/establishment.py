"""Forms of 发文: choosing applications, the draft's words, number and signed copy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from jinhua_labor.core.forms import CleanCharField, PortalForm
from stations.applications.models import Application, EstablishmentBatch


class ChooseForm(PortalForm):
    """Approved applications for a new batch or an open one."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    applications = forms.MultipleChoiceField(label="待发文申请", widget=forms.CheckboxSelectMultiple)
    batch = forms.ChoiceField(label="放入", required=False)

    def __init__(
        self, *args: Any, waiting: Iterable[Application], open_batches: Iterable[EstablishmentBatch], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["applications"].choices = [(str(row.pk), row.review.number) for row in waiting]  # type: ignore[attr-defined]
        self.fields["applications"].error_messages.update(
            required="请至少选择一件申请。", invalid_choice="所选申请的状态已变化，请重新选择。"
        )
        self.fields["batch"].choices = [("", "新的一批"), *((str(row.pk), row.title) for row in open_batches)]  # type: ignore[attr-defined]


class DraftForm(PortalForm):
    """Title and 主送机关 of the 设立文件."""

    title = CleanCharField(label="文件标题", max_length=120)
    main_to = CleanCharField(label="主送机关", max_length=200, help_text="末尾不写冒号。")


class IssueForm(PortalForm):
    """What the office enters once the document is signed and sealed."""

    doc_no = CleanCharField(
        label="发文字号", max_length=40, help_text="如 金东人社〔2021〕14号；括号、空格怎样输入都可以，自动规范。"
    )
    issued_on = forms.DateField(
        label="成文日期",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="即设立日期，不早于本批审核通过日期，不晚于今天。",
    )
    signed = forms.FileField(label="盖章件（PDF）", widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}))
    publish = forms.BooleanField(
        label="公开盖章件（已核对，不含个人信息）", required=False, help_text="勾选后，承建单位和公众可以下载。"
    )
