"""Forms of 劳务对接活动."""

from __future__ import annotations

from typing import Any

from django import forms

from jinhua_labor.core.forms import CleanCharField, PortalForm, say_what_is_missing
from stations.oversight.enums import ActivityKind, ActivityMode, ActivityRole
from stations.oversight.queries.activities import other_stations
from stations.oversight.services.activities import Entry
from stations.registry.models import Station
from stations.roster.forms import DayField

MOST = 1_000_000


class StationField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}（{obj.number}）"


class StationsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}（{obj.number}）"


def _number(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=MOST, required=False, initial=0)


class ActivityForm(PortalForm):
    """One event as a station enters it."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    name = CleanCharField(label="活动名称", max_length=100)
    kind = forms.ChoiceField(label="活动形式", choices=ActivityKind.choices)
    held_on = DayField(label="举办日期")
    place = CleanCharField(label="举办地点", max_length=100, help_text="线上活动写平台名称")
    mode = forms.ChoiceField(label="方式", choices=ActivityMode.choices, widget=forms.RadioSelect)
    role = forms.ChoiceField(
        label="本站的角色", choices=ActivityRole.choices, widget=forms.RadioSelect, help_text="只是协办的不计入评估。"
    )
    employers_no = _number("参加企业（家）")
    jobs_no = _number("提供岗位（个）")
    seekers_no = _number("求职者（人）")
    intents_no = _number("达成意向（人）")
    employers = CleanCharField(label="参加企业名单", max_length=2000, multiline=True, required=False)
    summary = CleanCharField(label="活动情况", max_length=1000, multiline=True, required=False)

    def __init__(self, *args: Any, station: Station, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = other_stations(station)
        self.fields["first"] = StationField(
            others,
            label="第一主办站点",
            required=False,
            empty_label="本站，或不是工作站",
            help_text="另一工作站排名在前时选择",
        )
        self.fields["joint"] = StationsField(
            others, label="其他联合主办、承办站点", required=False, help_text="各站点须各自登记并提供佐证。"
        )
        say_what_is_missing(self)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("employers_no", "jobs_no", "seekers_no", "intents_no"):
            data[name] = data.get(name) or 0
        return data

    def entry(self, papers: dict[str, list[Any]]) -> Entry:
        """What was typed, as the service takes it."""
        data = {name: value for name, value in self.cleaned_data.items() if name not in {"key", "role", "joint"}}
        role = ActivityRole(self.cleaned_data["role"])
        return Entry(**data, role=role, joint=list(self.cleaned_data["joint"]), papers=papers)


class ConfirmForm(PortalForm):
    answer = CleanCharField(label="确认意见", max_length=300, required=False)


class ReturnForm(PortalForm):
    answer = CleanCharField(label="退回原因", max_length=300, multiline=True)
