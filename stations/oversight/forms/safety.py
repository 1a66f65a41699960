"""Forms of 投诉 and 安全责任事故: of the public, of the centre, of the station, of the bureau."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from jinhua_labor.core.forms import CleanCharField, PortalForm
from jinhua_labor.core.people import clean_phone
from jinhua_labor.core.text import TextError
from stations.oversight.enums import (
    AccidentBasis,
    AccidentGrade,
    ComplainantKind,
    ComplaintChannel,
    RightsOf,
    Verdict,
)
from stations.oversight.services.accidents import Event
from stations.oversight.services.complaints import Heard
from stations.registry.models import Employer, Station
from stations.roster.forms import DayField

PAPERS = "application/pdf,image/jpeg,image/png"


class StationField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class ComplainForm(PortalForm):
    """投诉 of anyone; a name is asked for, not demanded."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    station = StationField(
        Station.objects.none(), label="投诉哪个工作站", required=False, empty_label="不针对某个工作站，或不清楚"
    )
    from_kind = forms.ChoiceField(label="您是", choices=ComplainantKind.choices, widget=forms.RadioSelect)
    content = CleanCharField(
        label="投诉内容",
        max_length=2000,
        min_length=5,
        multiline=True,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="写明时间、地点、经过。请不要在这里写您的姓名、电话和身份证号。",
    )
    demand = CleanCharField(label="您的诉求", max_length=500, required=False)
    against_rights = forms.ChoiceField(
        label="谁的权益受到损害", choices=[("", "不清楚"), *RightsOf.choices], required=False
    )
    name = CleanCharField(
        label="您的姓名（单位名称）", max_length=50, required=False, help_text="不填即为匿名。加密保存，不告知工作站。"
    )
    phone = CleanCharField(
        label="联系电话", max_length=20, required=False, help_text="告知办理情况用。加密保存，不告知工作站。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["station"]
        field.queryset = self.stations()  # type: ignore[attr-defined]

    def stations(self) -> Any:
        return Station.objects.public().order_by("name", "number")

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        try:
            return clean_phone(phone) if phone else ""
        except TextError as error:
            raise ValidationError(error.message) from error

    def heard(self) -> Heard:
        names = ("from_kind", "name", "phone", "content", "demand", "against_rights", "station")
        return Heard(**{name: self.cleaned_data[name] for name in names})


class RegisterForm(ComplainForm):
    """What the centre heard; stations that are gone may be named too."""

    channel = forms.ChoiceField(label="渠道", choices=ComplaintChannel.choices)
    received_on = DayField(label="收到日期")
    field_order = ("key", "channel", "received_on", "from_kind", "name", "phone", "station", "content")

    def stations(self) -> Any:
        return Station.objects.order_by("name", "number")


class StatusForm(PortalForm):
    code = CleanCharField(
        label="查询码", max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )


class TellForm(PortalForm):
    """告知, and what the station reads."""

    told_on = DayField(label="告知日期")
    told_how = CleanCharField(
        label="告知方式和内容", max_length=300, help_text="如：电话告知已受理，由本中心调查核实。匿名的写明无法告知。"
    )
    station = StationField(Station.objects.none(), label="被投诉站点", required=False, empty_label="没有指明")
    shown = CleanCharField(
        label="转站点的内容",
        max_length=2000,
        multiline=True,
        help_text="删去能认出投诉人的话；站点看不到投诉原文、姓名和电话。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["station"].queryset = Station.objects.order_by("name", "number")  # type: ignore[attr-defined]


class ExplainForm(PortalForm):
    text = CleanCharField(label="情况说明", max_length=2000, min_length=5, multiline=True)


class VerifyForm(PortalForm):
    """核实."""

    verdict = forms.TypedChoiceField(
        label="核实结果", choices=Verdict.choices, coerce=Verdict, widget=forms.RadioSelect,
        help_text="部分属实按经核实计。",
    )  # fmt: skip
    verified_on = DayField(label="核实日期", help_text="按这一天计入年度。")
    finding = CleanCharField(
        label="核实结论", max_length=2000, multiline=True, help_text="站点可见，请不要写投诉人的姓名和电话。"
    )
    against_rights = forms.ChoiceField(label="损害对象", choices=[("", "没有"), *RightsOf.choices], required=False)
    severe = forms.BooleanField(
        label="严重损害务工人员或企业权益", required=False, help_text="第八条（五）的取消情形之一，不自动取消。"
    )


class TransferForm(PortalForm):
    transferred_on = DayField(label="转办日期")
    note = CleanCharField(label="转办事由", max_length=300)


class CloseForm(PortalForm):
    closed_on = DayField(label="办结日期")
    reply = CleanCharField(
        label="答复", max_length=2000, multiline=True, help_text="持查询码的人可以看到，请不要写个人信息。"
    )


class AccidentForm(PortalForm):
    """登记事故."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    happened_on = DayField(label="发生日期")
    place = CleanCharField(label="发生地点", max_length=200)
    employer = StationField(Employer.objects.none(), label="用工企业", required=False, empty_label="没有或不清楚")
    during_delivery = forms.BooleanField(
        label="在输送劳动力过程中发生", required=False, help_text="不在输送过程中的，不计入年度评估。"
    )
    description = CleanCharField(
        label="事故经过", max_length=2000, multiline=True, help_text="站点可见，请不要写伤亡人员的姓名和证件号码。"
    )
    deaths = forms.IntegerField(label="死亡（人）", min_value=0, max_value=10_000, initial=0)
    serious_injuries = forms.IntegerField(label="重伤（人）", min_value=0, max_value=10_000, initial=0)
    loss_yuan = forms.IntegerField(label="直接经济损失（元）", min_value=0, max_value=2_000_000_000, initial=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employer"].queryset = Employer.objects.order_by("name", "id")  # type: ignore[attr-defined]

    def event(self) -> Event:
        return Event(**{name: self.cleaned_data[name] for name in Event.__dataclass_fields__})


def _yes(value: str) -> bool:
    return value == "yes"


class FindForm(PortalForm):
    """责任认定."""

    responsible = forms.TypedChoiceField(
        label="站点是否负有责任",
        choices=[("yes", "负有责任"), ("no", "没有责任")],
        coerce=_yes,
        widget=forms.RadioSelect,
    )
    grade = forms.TypedChoiceField(label="事故等级", choices=AccidentGrade.choices, coerce=AccidentGrade)
    basis = forms.TypedChoiceField(
        label="由谁认定",
        choices=AccidentBasis.choices,
        coerce=AccidentBasis,
        widget=forms.RadioSelect,
        help_text="中心认定的，须由另一位工作人员复核。",
    )
    basis_note = CleanCharField(label="认定文书（名称、文号）或理由", max_length=500)
    file = forms.FileField(label="依据文件", widget=forms.FileInput(attrs={"accept": PAPERS}))


class SendBackForm(PortalForm):
    note = CleanCharField(label="退回意见", max_length=300)


class MajorForm(PortalForm):
    """局认定."""

    major = forms.TypedChoiceField(
        label="是否重大安全责任事故",
        choices=[("yes", "是，属于重大安全责任事故"), ("no", "否")],
        coerce=_yes,
        widget=forms.RadioSelect,
    )
    note = CleanCharField(label="认定理由", max_length=500)
