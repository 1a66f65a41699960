"""Forms of 续期: the short application, and the steps of its review."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from jinhua_labor.core.forms import CleanCharField, PortalForm
from stations.oversight.services.renewals import Content
from stations.registry.enums import PaperKind
from stations.registry.services import papers
from stations.roster.forms import DayField

from .changes import ScreenForm, StepForm
from .revocations import FilesField

NOTHING, SOMETHING = "NONE", "SOME"


class RenewalForm(PortalForm):
    """续期申请: the new term, the agreement, what changed."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    term_to = DayField(label="申请的经营期限止")
    party = CleanCharField(label="协议对方", max_length=100)
    valid_from = DayField(label="协议有效期起")
    valid_to = DayField(label="协议有效期止", required=False, help_text="没有约定截止日期的留空。")
    files = FilesField(label="劳务协作协议（续签件）")
    statement = forms.ChoiceField(
        label="工作站的其他事项",
        choices=[(NOTHING, "没有变化"), (SOMETHING, "有变化，写明如下")],
        widget=forms.RadioSelect,
    )
    changes = CleanCharField(
        label="变化的事项",
        max_length=1000,
        multiline=True,
        required=False,
        help_text="有变化的填写。负责人、地址、合作机构等的变更另行报备。",
    )

    def __init__(self, *args: Any, amended: bool = False, **kw: Any) -> None:
        super().__init__(*args, **kw)
        if amended:
            for name in ("party", "valid_from", "files"):
                self.fields[name].required = False
            self.fields["files"].help_text = "协议不用更换的，不选文件。"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("valid_from"), data.get("valid_to")
        if start and end and end < start:
            self.add_error("valid_to", ValidationError("截止日期不能早于起始日期。"))
        if data.get("statement") == SOMETHING and not data.get("changes"):
            self.add_error("changes", ValidationError("请写明变化的事项。"))
        if data.get("files"):
            for name, label in (("party", "协议对方"), ("valid_from", "协议有效期起")):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, ValidationError(f"请填写{label}。"))
        return data

    def content(self) -> Content:
        data = self.cleaned_data
        uploads = data["files"] or []
        return Content(
            term_to=data["term_to"],
            changes=data["changes"] if data["statement"] == SOMETHING else "",
            agreement=papers.Content(
                title=PaperKind.AGREEMENT.label,
                valid_from=data["valid_from"] or data["term_to"],
                valid_to=data["valid_to"],
                party=data["party"],
            ),
            uploads=uploads,
        )


class RenewalScreenForm(ScreenForm):
    agreed: ClassVar[str] = "续期材料齐全，符合设立条件，同意续期，报区人社局审核。"


class RenewalReturnForm(PortalForm):
    answer = CleanCharField(label="需要补正的内容", max_length=500, multiline=True, help_text="一次性写全。")


class RefuseForm(StepForm):
    reason = CleanCharField(label="不予续期的理由", max_length=500, multiline=True)
    clause = CleanCharField(label="依据的条款", max_length=60, help_text="如：第三条（三）")
    remedy = CleanCharField(label="救济途径", max_length=300, multiline=True)


class IssueForm(PortalForm):
    doc_no = CleanCharField(label="发文字号", max_length=40, help_text="如：金东人社〔2026〕3号")
    issued_on = DayField(label="成文日期")
    upload = forms.FileField(label="批复盖章件（PDF）", widget=forms.FileInput(attrs={"accept": "application/pdf"}))
