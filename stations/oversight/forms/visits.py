"""Forms of 走访检查: planning, the record with the lines of 附件3, 整改 and 复查."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from jinhua_labor.core.forms import CleanCharField, PortalForm, say_what_is_missing
from stations.oversight.enums import CheckResult, VisitKind, VisitSide
from stations.oversight.queries.visits import checklist, inspectors
from stations.oversight.services.visits import Seen
from stations.roster.forms import DayField

EXTRA = 2
"""Rows for problems that belong to no line of 附件3."""


class PeopleField(forms.ModelChoiceField):
    """Somebody of the centre."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(inspectors(), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class PlanForm(PortalForm):
    """A visit to come."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label="类型", choices=VisitKind.choices)
    planned_on = DayField(label="计划日期")
    lead = PeopleField(label="检查人员", empty_label="请选择")
    second = PeopleField(label="第二名检查人员", required=False, empty_label="无", help_text="监督检查须两名以上。")
    purpose = CleanCharField(
        label="走访事由", max_length=200, required=False, help_text="只有区就业服务中心和区人社局可见。"
    )


class RecordForm(PortalForm):
    """What was seen: each line of 附件3 may be 正常 or 有问题; a problem with a day is to be put right by then."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label="类型", choices=VisitKind.choices)
    visited_on = DayField(label="走访日期")
    lead = PeopleField(label="检查人员", empty_label="请选择")
    second = PeopleField(label="第二名检查人员", required=False, empty_label="无", help_text="监督检查须两名以上。")
    others = CleanCharField(label="其他参加人员", max_length=200, required=False)
    side = forms.ChoiceField(label="地点", choices=VisitSide.choices)
    place = CleanCharField(label="具体地点", max_length=200, required=False)
    account = CleanCharField(label="了解的情况", max_length=2000, multiline=True)
    advice = CleanCharField(label="指导意见", max_length=2000, multiline=True, required=False)
    signed_by_station = CleanCharField(label="站点签字人", max_length=50, required=False)
    under_rectification = forms.BooleanField(
        label="将工作站列为整改中", required=False, help_text="问题全部整改后自动恢复；不影响站点的权利和资金。"
    )

    def __init__(self, *args: Any, day: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = checklist(day)
        for line in self.lines:
            self.fields[f"check_{line.code}"] = forms.ChoiceField(
                label=line.name,
                choices=[("", "未查看"), *CheckResult.choices],
                required=False,
                widget=forms.RadioSelect,
            )
            self.fields[f"note_{line.code}"] = CleanCharField(label="问题", max_length=300, required=False)
            self.fields[f"due_{line.code}"] = DayField(label="整改期限", required=False)
        for number in range(EXTRA):
            self.fields[f"problem_{number}_text"] = CleanCharField(label="其他问题", max_length=500, required=False)
            self.fields[f"problem_{number}_due"] = DayField(label="整改期限", required=False)
        say_what_is_missing(self)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The lines for the page, each with its three fields; open where something is written."""
        return [
            {
                "line": line,
                "check": self[f"check_{line.code}"],
                "note": self[f"note_{line.code}"],
                "due": self[f"due_{line.code}"],
                "open": bool(self[f"note_{line.code}"].value() or self[f"note_{line.code}"].errors)
                or bool(self[f"due_{line.code}"].errors),
            }
            for line in self.lines
        ]

    @property
    def extra(self) -> list[tuple[Any, Any]]:
        return [(self[f"problem_{number}_text"], self[f"problem_{number}_due"]) for number in range(EXTRA)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for line in self.lines:
            note, due = data.get(f"note_{line.code}"), data.get(f"due_{line.code}")
            if data.get(f"check_{line.code}") == CheckResult.PROBLEM and not note:
                self.add_error(f"note_{line.code}", "有问题的请写明问题。")
            elif due and not note:
                self.add_error(f"note_{line.code}", "给定整改期限的请写明问题。")
        for number in range(EXTRA):
            text, due = data.get(f"problem_{number}_text"), data.get(f"problem_{number}_due")
            if bool(text) != bool(due):
                self.add_error(f"problem_{number}_text", "问题和整改期限须同时填写。")
        return data

    def seen(self, photos: list[Any]) -> Seen:
        """What was typed, as the service takes it. A note makes a line 有问题 whatever was ticked."""
        data = self.cleaned_data
        checks, problems = {}, []
        for line in self.lines:
            result, note = data[f"check_{line.code}"], data[f"note_{line.code}"]
            if result or note:
                checks[line.code] = (CheckResult.PROBLEM if note else result, note)
            if note and data[f"due_{line.code}"]:
                problems.append((line.code, note, data[f"due_{line.code}"]))
        problems += [
            ("", data[f"problem_{number}_text"], data[f"problem_{number}_due"])
            for number in range(EXTRA)
            if data[f"problem_{number}_text"]
        ]
        names = ("visited_on", "lead", "second", "others", "side", "place", "account", "advice", "signed_by_station")
        return Seen(
            **{name: data[name] for name in names},
            checks=checks,
            problems=problems,
            photos=photos,
            under_rectification=data["under_rectification"],
        )


class CancelForm(PortalForm):
    reason = CleanCharField(label="取消原因", max_length=200)


class PhotoForm(PortalForm):
    photo = forms.FileField(label="照片", widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}))
    caption = CleanCharField(label="说明", max_length=100, required=False)


class RectifyForm(PortalForm):
    """整改."""

    text = CleanCharField(label="整改情况", max_length=1000, multiline=True)
    done_on = DayField(label="整改完成日期")


class RecheckForm(PortalForm):
    """复查."""

    passed = forms.TypedChoiceField(
        label="复查结果",
        choices=[("yes", "已整改到位"), ("no", "未整改到位")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = CleanCharField(label="复查意见", max_length=500, required=False, help_text="未整改到位的必须写明原因。")
    due_on = DayField(label="新的整改期限", required=False, help_text="未整改到位时填写。")
