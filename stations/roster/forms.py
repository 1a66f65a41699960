"""Forms of the roster room: shape and messages; who counts is nobody's field."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from jinhua_labor.core.creditcode import CreditCodeError
from jinhua_labor.core.creditcode import parse as parse_code
from jinhua_labor.core.dates import is_month
from jinhua_labor.core.forms import CleanCharField, PortalForm
from jinhua_labor.core.idnumber import IdNumber, IdNumberError
from jinhua_labor.core.idnumber import parse as parse_id
from jinhua_labor.core.people import clean_name, clean_phone
from jinhua_labor.core.text import TextError

from .enums import Decision, EmploymentForm
from .services.exporting import ANNEX2, LABELS, WORKING
from .workbook.header import ROSTER_FIELDS
from .workbook.months import read_month

ROWS_MAX = 5000
CODE_INPUT = {"autocomplete": "off", "maxlength": 24, "spellcheck": "false"}
_PART = re.compile(r"(\d{1,6})(?:[-~—至](\d{1,6}))?")


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day, typed or picked; 2024.3.5 and 2024年3月5日 are read as well."""

    def __init__(self, **kwargs: Any) -> None:
        formats = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"]
        super().__init__(widget=DayInput(), input_formats=formats, **kwargs)
        self.error_messages["invalid"] = "请填写完整的年月日，如 2024-03-05。"


class NameField(CleanCharField):
    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return clean_name(text) if text else ""
        except TextError as error:
            raise ValidationError(error.message) from error


class PhoneField(CleanCharField):
    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return clean_phone(text) if text else ""
        except TextError as error:
            raise ValidationError(error.message) from error


class IdNumberField(forms.CharField):
    """A full identity number, checked; empty is None."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(
            attrs={"autocomplete": "off", "inputmode": "text", "maxlength": 24, "spellcheck": "false"}
        )
        super().__init__(widget=widget, **kwargs)

    def clean(self, value: Any) -> IdNumber | None:  # type: ignore[override]
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_id(text)
        except IdNumberError as error:
            raise ValidationError(error.message) from error


class CreditCodeField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": 24, "spellcheck": "false"}), **kwargs
        )

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return parse_code(text).text
        except CreditCodeError as error:
            raise ValidationError(error.message) from error


class MonthField(forms.CharField):
    """202103, 2021-03 or 2021年3月 as an integer."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "如 202103"}), **kwargs)

    def clean(self, value: Any) -> int | None:  # type: ignore[override]
        text = super().clean(value)
        if not text:
            return None
        month = read_month(text)
        if month is None or not is_month(month):
            raise ValidationError("请写年月，如 202103。")
        return month


class UploadForm(PortalForm):
    file = forms.FileField(label="名册文件")


class HeadForm(PortalForm):
    """填表人, 联系电话, 填报日期 of 附件2."""

    filler = NameField(label="填表人", max_length=50, required=False)
    filler_phone = PhoneField(label="联系电话", max_length=20, required=False)
    filled_on = DayField(label="填报日期", required=False)


class MatchForm(PortalForm):
    """One employer's name of the file and its credit code."""

    text = forms.CharField(widget=forms.HiddenInput)
    name = CleanCharField(label="营业执照上的企业全称", max_length=100)
    credit_code = CreditCodeField(label="统一社会信用代码")
    in_district = forms.TypedChoiceField(
        label="是否金东区用人主体",
        choices=[("1", "是，注册或实际用工在金东区"), ("0", "否（可以登记，但不计入）")],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
        initial="1",
    )


class DecideForm(PortalForm):
    decision = forms.ChoiceField(label="更正还是再次输送", choices=Decision.choices, widget=forms.RadioSelect)


class FormExceptionForm(PortalForm):
    """用工形式 for some rows, named by the row numbers of the sheet."""

    rows = CleanCharField(label="行号", max_length=500, help_text="表格左侧的行号，如 5,8,12-15")
    form = forms.ChoiceField(label="用工形式", choices=EmploymentForm.choices)

    def clean_rows(self) -> list[int]:
        text = re.sub(r"[，、；;\s]+", ",", self.cleaned_data["rows"]).strip(",")
        found: set[int] = set()
        for part in text.split(","):
            numbers = _PART.fullmatch(part)
            if numbers is None:
                raise ValidationError(f"「{part[:20]}」不是行号，请写成 5,8,12-15。")
            first, last = int(numbers[1]), int(numbers[2] or numbers[1])
            if last < first or last - first > ROWS_MAX:
                raise ValidationError(f"「{part[:20]}」不是从小到大的行号，或一次超过 {ROWS_MAX} 行。")
            found.update(range(first, last + 1))
        return sorted(found)


class CommitForm(PortalForm):
    """What 附件2 does not ask, once per import."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    default_form = forms.ChoiceField(
        label="本次名册人员的用工形式",
        choices=[
            (value, f"一律{label}" if value == EmploymentForm.DIRECT else label)
            for value, label in EmploymentForm.choices
        ],
        widget=forms.RadioSelect,
        help_text="已登记为例外的行除外。",
    )
    consented = forms.BooleanField(label="我单位已逐人告知上述内容，并取得每名人员的单独同意")


class StagedRowForm(forms.Form):
    """The cells of one staged row as text; checked by the same parser as the file, so nothing is required here."""

    def __init__(self, *args: Any, last4: str = "", **kwargs: Any) -> None:
        """`last4` of a right identity number, which the form does not show and keeps where nothing is typed."""
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in ROSTER_FIELDS:
            if field.name not in ("seq", "phone"):
                widget = forms.TextInput(attrs={"autocomplete": "off", "maxlength": 200})
                self.fields[field.name] = forms.CharField(label=field.label, required=False, strip=False, widget=widget)
        if last4:
            self.fields["id_number"].help_text = f"现为 **************{last4}，校验无误；不改请留空"


class RowForm(PortalForm):
    """One delivery by hand."""

    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    name = NameField(label="姓名", max_length=50)
    id_number = IdNumberField(label="身份证号")
    hukou_text = CleanCharField(label="户籍", max_length=100, help_text="从省名写起，如「贵州省示例州示例县」")
    employer_name = CleanCharField(label="入职企业", max_length=100, help_text="营业执照上的企业全称")
    credit_code = CreditCodeField(label="企业统一社会信用代码")
    in_district = forms.BooleanField(label="该企业是金东区用人主体", required=False, initial=True)
    entry_on = DayField(label="入职时间")
    employment_form = forms.ChoiceField(label="用工形式", choices=EmploymentForm.choices)
    contract_employer_code = CreditCodeField(
        label="合同用人单位信用代码", required=False, help_text="业务外包时填写劳动合同上的用人单位"
    )
    post = CleanCharField(label="岗位", max_length=60, required=False)
    education = CleanCharField(label="文化程度", max_length=20, required=False)
    skill = CleanCharField(label="技能等级或职称", max_length=40, required=False)
    certificate_no = CleanCharField(label="证书编号", max_length=40, required=False)
    leave_on = DayField(label="离职时间", required=False)
    consented = forms.BooleanField(label="已告知本人并取得单独同意")

    def __init__(self, *args: Any, correcting: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if correcting:
            del self.fields["consented"]
            self.fields["id_number"].required = False
            self.fields["id_number"].help_text = "只在号码登记错误时填写；不改请留空"


class PurposeForm(PortalForm):
    """Why a full identity number is opened; kept in the journal."""

    purpose = CleanCharField(label="查看用途", max_length=200)


class SearchIdForm(PortalForm):
    id_number = IdNumberField(label="完整身份证号")


class ExportForm(PortalForm):
    kind = forms.ChoiceField(
        label="导出内容",
        choices=[(kind, LABELS[kind]) for kind in (ANNEX2, WORKING)],
        widget=forms.RadioSelect,
        initial=ANNEX2,
    )
    purpose = CleanCharField(label="用途", max_length=200, help_text="导出含完整身份证号，用途记入操作日志")


class AdjudicateForm(PortalForm):
    code = forms.CharField(widget=forms.HiddenInput)
    accepted = forms.TypedChoiceField(
        label="认定结果",
        choices=[("1", "认可"), ("0", "不认可")],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    reason = CleanCharField(label="认定依据", max_length=200, multiline=True)
    proof = forms.FileField(label="佐证材料（可不传）", required=False)


class MonthsForm(PortalForm):
    """The months of a query and where its answer comes from."""

    month_from = MonthField(label="查询起月")
    month_to = MonthField(label="查询止月")
    source = CleanCharField(label="来源", max_length=100, help_text="如「省社保系统查询，2021年5月12日」")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        first, last = found.get("month_from"), found.get("month_to")
        if first and last and first > last:
            self.add_error("month_to", "止月不能早于起月。")
        return found


class InsuranceForm(MonthsForm):
    file = forms.FileField(label="参保明细文件")


class TickForm(MonthsForm):
    """Months seen by a person for some rows."""

    paid_on = DayField(label="到账日期", required=False)
    payer_code = CreditCodeField(label="缴费单位信用代码", required=False, help_text="留空表示各自的入职企业")


class QueryForm(PortalForm):
    purpose = CleanCharField(label="用途", max_length=200, initial="核对社会保险参保情况（第一条）")
