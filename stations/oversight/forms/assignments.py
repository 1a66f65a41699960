"""Forms of 委托协会检查."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html

from jinhua_labor.accounts.models import Organisation
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.forms import CleanCharField, PortalForm
from stations.oversight.enums import SharedSection
from stations.oversight.queries.assignments import Offered, associations
from stations.oversight.services.assignments import Task
from stations.roster.forms import DayField


def _with_link(one: Offered) -> str:
    """The words of a choice, with the file itself behind a link: it is read before it is given."""
    file = one.attachment
    url = reverse("attachments:preview", args=[file.pk]) if file.can_preview else file.get_absolute_url()
    link = format_html('<a class="text-nowrap" href="{}" target="_blank" rel="noopener">查看</a>', url)
    return format_html("{}（{}）{}", file.name, one.source, link)


class AssociationField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class AssignForm(PortalForm):
    """委托检查: what is asked, what is shown, until when."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    organisation = AssociationField(Organisation.objects.none(), label="委托给", empty_label="请选择")
    purpose = CleanCharField(
        label="委托事项",
        max_length=500,
        min_length=4,
        multiline=True,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="写明请协会看什么、提什么意见。请不要写个人的姓名和号码。",
    )
    ends_on = DayField(label="截止日期")
    sections = forms.MultipleChoiceField(
        label="可查看的内容",
        choices=SharedSection.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="工作站的基本情况总可查看，专人姓名遮盖。",
    )
    files = forms.TypedMultipleChoiceField(
        label="可查看的文件",
        coerce=uuid.UUID,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="文件内容不会自动遮盖。证件、名册、合同、签到表和文件名带有号码的文件不在可选范围。",
    )
    files_read = forms.BooleanField(label="所选文件我已逐份看过，没有身份证号和电话号码。", required=False)

    def __init__(self, *args: Any, offered: Sequence[Offered], day: dt.date, last: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = associations()
        self.fields["organisation"].queryset = asked  # type: ignore[attr-defined]
        if len(asked) == 1:
            self.fields["organisation"].initial = asked[0]
        self.fields["ends_on"].widget.attrs |= {"min": day.isoformat(), "max": last.isoformat()}
        self.fields["ends_on"].help_text = f"当日仍可查看和提交意见，次日起不再开放。最晚到{date_cn(last)}。"
        self.fields["files"].choices = [  # type: ignore[attr-defined]
            (one.attachment.pk, _with_link(one)) for one in offered
        ]
        if not offered:
            del self.fields["files"], self.fields["files_read"]

    def task(self) -> Task:
        data = self.cleaned_data
        return Task(
            organisation=data["organisation"],
            purpose=data["purpose"],
            ends_on=data["ends_on"],
            sections=data["sections"],
            files=data.get("files", ()),
            files_read=data.get("files_read", False),
        )


class OpinionForm(PortalForm):
    """提交意见 of the association."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    text = CleanCharField(
        label="意见",
        max_length=2000,
        min_length=4,
        multiline=True,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="提交后不能修改，可以再提交一次补充。请不要写个人的姓名和号码。",
    )


class EndForm(PortalForm):
    """提前结束委托."""

    reason = CleanCharField(label="结束原因", max_length=200, min_length=2, help_text="协会会看到。")
