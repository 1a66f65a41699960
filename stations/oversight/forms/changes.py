"""Forms of 变更报备: what each kind names, and the steps of a change of 承建单位."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from jinhua_labor.accounts.models import Organisation
from jinhua_labor.core.creditcode import CreditCodeError, parse
from jinhua_labor.core.forms import CleanCharField, PortalForm
from jinhua_labor.review.states import Recommendation
from stations.oversight.enums import (
    UNIT_PAPERS,
    ChangeKind,
    ChangePaperSlot,
    UnitCondition,
    UnitCredit,
    UnitVerdict,
)
from stations.oversight.models import ChangeReport
from stations.oversight.queries.changes import FIELDS, people_of, unit_by_code
from stations.oversight.services.changes import Content
from stations.registry.models import Station
from stations.roster.forms import DayField, NameField, PhoneField

ACCEPT = "application/pdf,image/jpeg,image/png"
FIELD_OF = {
    "name": lambda label, kind: (
        NameField(label=label)
        if kind in {ChangeKind.LIAISON, ChangeKind.HEAD}
        else CleanCharField(label=label, max_length=150 if kind == ChangeKind.NAME else 100)
    ),
    "phone": lambda label, _kind: PhoneField(label=label),
    "address": lambda label, _kind: CleanCharField(label=label, max_length=200),
    "liaison": lambda label, _kind: NameField(label=label, help_text="承接之后由谁负责对接"),
    "liaison_phone": lambda label, _kind: PhoneField(label=label),
}
"""The field of each thing a change names; 承建单位 is named by its credit code instead."""


class ChangeForm(PortalForm):
    """报备 of one kind of change, or what the centre found that nobody reported (`found`)."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        station: Station,
        kind: str,
        found: bool = False,
        change: ChangeReport | None = None,
        **kw: Any,
    ) -> None:
        super().__init__(*args, **kw)
        self.kind, self.found, self.new_operator = kind, found, None
        self.station = station
        if kind == ChangeKind.OPERATOR:
            self.fields["credit_code"] = CleanCharField(
                label="接收单位统一社会信用代码",
                max_length=24,
                help_text="接收单位须先在平台注册并通过确认。",
                widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            )
        for name, label in FIELDS[kind]:
            if name in FIELD_OF:
                self.fields[name] = FIELD_OF[name](f"新{label}" if name in {"name", "address"} else label, kind)
        self.fields["effective_on"] = DayField(label="生效日期")
        self.fields["reason"] = CleanCharField(label="变更事由", max_length=500, multiline=True)
        if kind in {ChangeKind.LIAISON, ChangeKind.HEAD} and not found:
            people = people_of(station)
            options: dict[str, Any] = {"required": False, "empty_label": "没有账号，或不变动"}
            self.fields["old_account"] = forms.ModelChoiceField(
                people.filter(is_active=True),
                label="原负责人的登录账号",
                help_text="选中的账号自生效之日起停用。",
                **options,
            )
            self.fields["new_account"] = forms.ModelChoiceField(
                people, label="新负责人的登录账号", help_text="还没有账号的，由本单位管理员在“人员”中邀请。", **options
            )
            for name in ("old_account", "new_account"):
                self.fields[name].label_from_instance = lambda person: person.name  # type: ignore[attr-defined]
        if kind == ChangeKind.OPERATOR:
            self.fields["agreement_from"] = DayField(label="新协议有效期起", required=False)
            self.fields["agreement_to"] = DayField(label="新协议有效期止", required=False)
        if not found:
            self._papers(change)
        from jinhua_labor.core.forms import say_what_is_missing

        say_what_is_missing(self)

    def _papers(self, change: ChangeReport | None) -> None:
        there = set()
        if change is not None:
            there = set(change.papers.filter(superseded_at__isnull=True).values_list("slot", flat=True))
        slots = [
            ChangePaperSlot.FORM,
            *(UNIT_PAPERS if self.kind == ChangeKind.OPERATOR else ()),
            ChangePaperSlot.OTHER,
        ]
        for slot in slots:
            self.fields[f"paper_{slot}"] = forms.FileField(
                label=slot.label,
                required=slot != ChangePaperSlot.OTHER and slot not in there,
                help_text="已上传，重新选择则替换。" if slot in there else "",
                widget=forms.FileInput(attrs={"accept": ACCEPT}),
            )

    def clean_credit_code(self) -> str:
        text = self.cleaned_data["credit_code"]
        try:
            code = parse(text).text
        except CreditCodeError as error:
            raise ValidationError(error.message) from error
        self.new_operator: Organisation | None = unit_by_code(code)
        if self.new_operator is None:
            raise ValidationError("没有找到该代码的承建单位：须先在平台注册，并由区就业服务中心确认。")
        if self.new_operator.pk == self.station.operator_id:
            raise ValidationError("接收单位就是现在的承建单位。")
        return code

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("agreement_from"), data.get("agreement_to")
        if start and end and end < start:
            self.add_error("agreement_to", "截止日期不能早于起始日期。")
        return data

    def content(self) -> Content:
        """What was typed, as the service takes it."""
        data = self.cleaned_data
        papers = {
            name.removeprefix("paper_"): [data[name]]
            for name in self.fields
            if name.startswith("paper_") and data[name]
        }
        return Content(
            new={name: data[name] for name, _ in FIELDS[self.kind] if name in data},
            reason=data["reason"],
            effective_on=data["effective_on"],
            old_account=data.get("old_account"),
            new_account=data.get("new_account"),
            new_operator=self.new_operator,
            agreement_from=data.get("agreement_from"),
            agreement_to=data.get("agreement_to"),
            papers=papers,
        )


class FileForm(PortalForm):
    """备案."""

    answer = CleanCharField(label="备案意见", max_length=500, required=False)


class ReturnForm(PortalForm):
    """退回修改."""

    answer = CleanCharField(label="需要修改的内容", max_length=500, multiline=True)


class HandoverForm(PortalForm):
    """工作交接清单: both signatures."""

    on = DayField(label="交接日期")
    signed_from = NameField(label="移交人（签字）")
    signed_to = NameField(label="接收人（签字）")
    items = CleanCharField(
        label="交接内容", max_length=1000, multiline=True, help_text="如：纸质台账、名册、劳动合同、铭牌、未办结事项。"
    )
    paper = forms.FileField(label="交接清单（双方签字）", widget=forms.FileInput(attrs={"accept": ACCEPT}))


class UnitCheckForm(PortalForm):
    """符合 or 不符合 of one condition of the new unit."""

    condition = forms.ChoiceField(choices=UnitCondition.choices, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(label="判断", choices=UnitVerdict.choices, widget=forms.RadioSelect)
    reason = CleanCharField(label="说明", max_length=300, required=False, help_text="不符合的必须写明理由。")


class UnitCreditForm(PortalForm):
    result = forms.ChoiceField(label="信用核查结果", choices=UnitCredit.choices, widget=forms.RadioSelect)
    note = CleanCharField(
        label="核查说明", max_length=200, required=False, help_text="查询的平台和日期；有不良记录的写明内容。"
    )


class StepForm(PortalForm):
    """A step of the review: the version of the page, and a key that makes a second click harmless."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_000_000_000)
    key = forms.UUIDField(widget=forms.HiddenInput)


class ScreenForm(StepForm):
    """初审; `agreed` is the opinion it begins with, which is no reason for 不同意."""

    agreed: ClassVar[str] = "接收单位符合条件，同意变更，报区人社局审核。"

    recommendation = forms.ChoiceField(label="初审意见", choices=Recommendation.choices, widget=forms.RadioSelect)
    opinion = CleanCharField(label="意见内容", max_length=500, multiline=True)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("recommendation") == Recommendation.DISAGREE and data.get("opinion") == self.agreed:
            self.add_error("opinion", ValidationError("请写明不同意的理由。"))
        return data


class DecideForm(StepForm):
    opinion = CleanCharField(label="审核意见", max_length=500, multiline=True)


class SendBackForm(DecideForm):
    waiver = forms.BooleanField(label="信用记录不影响承接，以上为理由，可继续办理", required=False)
