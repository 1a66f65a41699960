"""The form of one line of the sheet, and those of the steps that follow."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from assessments.sheets.models import SheetLine
from assessments.sheets.queries.sheet import LineView, suggested_steps
from assessments.sheets.rules.facts import PARTS
from assessments.sheets.services.scoring import Entry
from jinhua_labor.core.figures import plain
from jinhua_labor.core.forms import CleanCharField, PortalForm, say_what_is_missing
from jinhua_labor.policy.switches import LineFunction
from jinhua_labor.policy.types import Policy

from .self_assessment import ACCEPT

YES, NO = "1", "0"
_REASONS = {
    LineFunction.ALL_OR_NOTHING: "有分项不具备，或与站点档案显示的不同的，须写明理由。",
    LineFunction.DISCRETION: "给分的，须写明理由并附佐证。",
}
"""When a line asks for a reason, where its points do not say so themselves."""


class FilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name, [])


class FilesField(forms.FileField):
    """One or several papers under one label."""

    def __init__(self, **kw: Any) -> None:
        super().__init__(widget=FilesInput(attrs={"accept": ACCEPT, "multiple": True}), **kw)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(FilesField, self).clean(one, initial) for one in data or []]


class LineForm(PortalForm):
    """What a person gives for one line; the fields are those its kind asks for."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)

    def __init__(self, *args: Any, view: LineView, policy: Policy, **kw: Any) -> None:
        kw.setdefault("auto_id", f"id_{view.code}_%s")
        kw.setdefault("initial", _initial(view))
        super().__init__(*args, **kw)
        self.code, self.view = view.code, view
        function = view.indicator.function
        if function is LineFunction.ALL_OR_NOTHING:
            for number, label in enumerate(PARTS[view.code]):
                self.fields[f"part_{number}"] = forms.ChoiceField(
                    label=label, choices=[(YES, "具备"), (NO, "不具备")], widget=forms.RadioSelect
                )
        elif function is LineFunction.DISCRETION and policy.score_step == 1:
            named = suggested_steps(view.indicator)
            self.fields["points"] = forms.TypedChoiceField(
                label="得分",
                choices=[
                    (str(n), f"{n} 分（{named[n]}）" if n in named else f"{n} 分")
                    for n in range(view.indicator.weight + 1)
                ],
                coerce=Decimal,
                widget=forms.RadioSelect,
            )
        else:
            by_number = function is LineFunction.PEOPLE
            self.fields["points"] = forms.DecimalField(
                label="按人数的得分" if by_number else "实得分",
                min_value=0,
                max_value=view.indicator.weight,
                max_digits=5,
                decimal_places=2,
                widget=forms.NumberInput(attrs={"step": plain(policy.score_step), "inputmode": "decimal"}),
                help_text="与系统分不同的，须写明理由并附佐证。",
            )
        if view.choice is not None:
            choice = view.choice
            self.fields["skill_points"] = forms.TypedChoiceField(
                label="技术技能人才得分",
                choices=[(str(n), f"{n} 分（参考）" if n == choice.suggested else f"{n} 分") for n in choice.choices],
                coerce=int,
                widget=forms.RadioSelect,
                help_text="可在范围内选择；与参考分不同的，须写明理由。",
            )
        self.fields["reason"] = CleanCharField(
            label="理由", max_length=500, multiline=True, required=False, help_text=_REASONS.get(function, "")
        )
        self.fields["reason"].widget.attrs["rows"] = 2
        self.fields["files"] = FilesField(label="佐证材料", required=False)
        handed_in = [one.attachment for one in view.own] + [one.attachment for one in view.answers]
        papers = [(str(paper.pk), paper.name) for paper in handed_in if paper is not None]
        if papers:
            self.fields["papers"] = forms.MultipleChoiceField(
                label="采用站点报送的材料", choices=papers, required=False, widget=forms.CheckboxSelectMultiple
            )
        say_what_is_missing(self)

    def entry(self) -> Entry:
        data = self.cleaned_data
        return Entry(
            points=data.get("points"),
            parts=tuple(data[name] == YES for name in self.fields if name.startswith("part_")),
            skill_points=data.get("skill_points"),
            reason=data.get("reason", ""),
            uploads=tuple(data.get("files") or ()),
            papers=tuple(data.get("papers") or ()),
        )


def _initial(view: LineView) -> dict[str, Any]:
    """What stands on the sheet; where nobody judged yet, what the file shows."""
    line: SheetLine = view.line
    found: dict[str, Any] = {"version": line.version, "reason": line.reason}
    parts = line.parts or ([part[1] for part in view.judged.parts] if view.judged else [])
    for number, met in enumerate(parts):
        found[f"part_{number}"] = YES if met else NO
    given = line.given if line.given is not None else line.computed
    if given is not None:
        skill = line.skill_points or 0
        if line.given is None and view.choice is not None:
            skill = view.choice.suggested
        found["points"] = plain(given - skill)
    if view.choice is not None:
        found["skill_points"] = str(line.skill_points or view.choice.suggested)
    return found


class StepForm(PortalForm):
    """A step of the review: the version of the page, and a key that makes a second click harmless."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_000_000_000)
    key = forms.UUIDField(widget=forms.HiddenInput)


class SubmitForm(PortalForm):
    lines_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)
    key = forms.UUIDField(widget=forms.HiddenInput)


class CheckForm(PortalForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_000_000_000)


class ReturnForm(StepForm):
    reason = CleanCharField(label="退回的理由", max_length=500, multiline=True)


class OpinionForm(StepForm):
    opinion = CleanCharField(label="意见", max_length=500, multiline=True)


class AnswerForm(PortalForm):
    """站点意见 to one line."""

    text = CleanCharField(label="意见", max_length=1000, multiline=True)
    upload = forms.FileField(label="材料", required=False, widget=forms.FileInput(attrs={"accept": ACCEPT}))


class ReplyForm(PortalForm):
    text = CleanCharField(label="答复", max_length=1000, multiline=True)
