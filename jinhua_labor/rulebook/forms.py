"""Forms of a draft: its document and days, and one for each page of parameters, lines, bands, tiers and texts.

A page's form is made of the version it lies over: the fields show what the draft says now, `part()` gives back what
differs from the notice (see `rules.with_part`).
"""

from __future__ import annotations

import datetime as dt
import re
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField

from jinhua_labor.core.docno import DocNoError, normalise_doc_no
from jinhua_labor.core.forms import CleanCharField, PortalForm, say_what_is_missing
from jinhua_labor.policy.checks import plain
from jinhua_labor.policy.load import parse_band
from jinhua_labor.policy.types import Policy, Settings
from jinhua_labor.rulebook.enums import Kind
from jinhua_labor.rulebook.rules import Raw
from jinhua_labor.rulebook.words import CHOICES, GROUPS, LISTED, NOT_HERE, PARAMETERS, SETTINGS, Group, worded

Part = dict[str, Any]
YES_NO = (("1", "是"), ("0", "否"))
INSIDE = (("1", "含"), ("0", "不含"))
BLANK_ROWS = 2
MOST = 100_000_000
_WHOLE = {"invalid": "请填写整数。"}
_DAY = {"invalid": "日期须写作 2026-01-31。"}


def _day(label: str, **kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, error_messages=_DAY, **kwargs)


class StartForm(PortalForm):
    """A new draft."""

    kind = forms.ChoiceField(label="记录什么", choices=Kind.choices, widget=forms.RadioSelect)
    subject = CleanCharField(label="事项", max_length=60, help_text="如“一票否决的口径”“试行期延长至2026年底”。")
    key = forms.UUIDField(widget=forms.HiddenInput)


class HeadForm(PortalForm):
    """文号与日期: what an extension consists of, what a reading and a successor rest on."""

    subject = CleanCharField(label="事项", max_length=60)
    decided_by = CleanCharField(label="决定机关", max_length=60, required=False)
    doc_no = CleanCharField(label="文号", max_length=40, required=False, help_text="如 金东人社〔2026〕5号。")
    doc_date = _day("成文日期")
    valid_from = _day("生效日期", help_text="须晚于确认之日；此前的事项仍按原来的版本。")
    effective_to = _day("截止日期", help_text="施行的最后一天。")
    note = CleanCharField(label="说明", max_length=1000, required=False, multiline=True, help_text="公开页面不显示。")
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind == Kind.EXTENSION:
            del self.fields["valid_from"]
            self.fields["effective_to"].label = "延长后的截止日期"
        elif kind == Kind.READING:
            del self.fields["effective_to"]
        else:
            self.fields["valid_from"].label = "施行日期"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("valid_from"), data.get("effective_to")
        if first and last and last < first:
            self.add_error("effective_to", "截止日期不能早于施行日期。")
        return data

    def clean_doc_no(self) -> str:
        typed: str = self.cleaned_data["doc_no"]
        try:
            return normalise_doc_no(typed) if typed else ""
        except DocNoError as error:
            raise ValidationError(str(error)) from error


class RevisionForm(PortalForm):
    """A step on the draft as it was shown."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class NoteForm(PortalForm):
    note = CleanCharField(label="退回意见", max_length=300, required=False)


class ReasonForm(PortalForm):
    reason = CleanCharField(label="撤销原因", max_length=300, min_length=2)


# --- pages of a draft -------------------------------------------------------------------------------------------------


class PartForm(PortalForm):
    """One page: `held` is the version the draft lies over, `now` its text with the draft, `raw` without it."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, kind: str, *, held: Policy, raw: Raw, now: Raw, revision: int, data: Any = None) -> None:
        super().__init__(data, initial={"revision": revision})
        self.kind, self.held, self.raw, self.now = kind, held, raw, now
        self.whole = kind == Kind.SUCCESSOR
        self.build()
        say_what_is_missing(self)

    def build(self) -> None:
        raise NotImplementedError

    def part(self) -> Part:
        """What this page says, as `rules.with_part` reads it; asked of a valid form."""
        raise NotImplementedError

    def add(self, name: str, field: forms.Field, value: Any) -> None:
        field.initial = value
        self.fields[name] = field


@dataclass(frozen=True, slots=True)
class Row:
    """A parameter of the page beside its clause: `now` is how it is read in force, `texts` its other fields."""

    name: str
    label: str
    unit: str
    clause: str
    quote: str
    reading: str
    alternative: str
    gap: str
    now: str
    value: BoundField
    texts: tuple[BoundField, ...]


class ParameterForm(PartForm):
    """The parameters of one group. A reading shows those the notice leaves open, a successor all of them."""

    group: Group
    TEXTS: ClassVar = {"reading": "解释口径", "alternative": "另一种读法", "quote": "条文原文", "clause": "条款"}

    def build(self) -> None:
        hints = typing.get_type_hints(Policy)
        for name in self.names():
            row = self.now["pv"][name]
            self.add(name, _field_of(name, PARAMETERS[name][0], hints[name]), _shown(row.get("value")))
            for text in self.texts():
                field = CleanCharField(label=self.TEXTS[text], max_length=500, required=text == "clause")
                if text in {"reading", "alternative"}:
                    field.widget = forms.Textarea(attrs={"rows": 3})
                self.add(f"{name}-{text}", field, bare(row.get(text, "")))

    def names(self) -> tuple[str, ...]:
        return tuple(name for name in self.group.parameters if self.whole or self.held.readings[name].interpretive)

    def texts(self) -> tuple[str, ...]:
        return ("reading", "alternative", "quote", "clause") if self.whole else ("reading", "alternative")

    def rows(self) -> Iterator[Row]:
        for name in self.names():
            read = self.held.readings[name]
            label, unit = PARAMETERS[name]
            yield Row(
                name, label, unit, read.clause, read.quote, read.reading, bare(read.alternative), read.gap,
                worded(name, getattr(self.held, name)), self[name],
                tuple(self[f"{name}-{text}"] for text in self.texts()),
            )  # fmt: skip

    def part(self) -> Part:
        hints = typing.get_type_hints(Policy)
        return {"pv": {name: self._row(name, hints[name]) for name in self.names()}}

    def _row(self, name: str, hint: Any) -> dict[str, Any]:
        before, row = self.raw["pv"][name], {}
        value = _stored(self.cleaned_data[name], hint)
        if value is None and not before.get("unset"):
            row["unset"] = True
        elif value is not None and value != _json(before.get("value")):
            row["value"] = value
        for text in self.texts():
            said = self.cleaned_data[f"{name}-{text}"]
            if plain(said) != plain(bare(before.get(text, ""))):
                row[text] = said
        return row


def parameter_form(key: str) -> type[ParameterForm]:
    """The form of a group of parameters."""
    group = next(group for group in GROUPS if group.key == key)
    return type(f"{key.title()}Form", (ParameterForm,), {"group": group})


class LimitsForm(PartForm):
    """办理时限: the office's own promises and limits."""

    def build(self) -> None:
        hints = typing.get_type_hints(Settings)
        for name in self.names():
            label, _unit = SETTINGS[name]
            self.add(name, _field_of(name, label, hints[name]), _shown(self.now["settings"][name]["value"]))

    def names(self) -> tuple[str, ...]:
        return tuple(name for name in SETTINGS if name not in NOT_HERE)

    def rows(self) -> Iterator[Row]:
        for name in self.names():
            label, unit = SETTINGS[name]
            basis = self.raw["settings"][name].get("basis", "")
            now = worded(name, getattr(self.held.settings, name))
            yield Row(name, label, unit, basis, "", "", "", "", now, self[name], ())

    def part(self) -> Part:
        hints, said = typing.get_type_hints(Settings), {}
        for name in self.names():
            value = _stored(self.cleaned_data[name], hints[name])
            said[name] = {"value": value} if value != self.raw["settings"][name]["value"] else {}
        return {"settings": said}


# --- 附件3 ------------------------------------------------------------------------------------------------------------


class LinesForm(PartForm):
    """The thirteen lines: words, weight, what each case takes off, where the veto begins."""

    NUMBERS: ClassVar = {"weight": "权重", "deduct": "每例扣分", "veto_at": "一票否决次数"}
    TEXTS: ClassVar = {"category": "类别", "name": "指标", "criterion": "评分标准"}

    def build(self) -> None:
        for line in self.now["indicators"]:
            code = line["code"]
            for key, label in self.TEXTS.items():
                field = CleanCharField(label=f"{code} {label}", max_length=400 if key == "criterion" else 40)
                if key == "criterion":
                    field.widget = forms.Textarea(attrs={"rows": 4})
                self.add(f"{code}-{key}", field, line[key])
            for key in self.numbers(line):
                label = f"{code} {self.NUMBERS[key]}"
                self.add(f"{code}-{key}", _whole(label, most=100), line.get(key, 0))

    def numbers(self, line: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(key for key in self.NUMBERS if key == "weight" or line.get(key))

    def rows(self) -> Iterator[dict[str, Any]]:
        for line in self.raw["indicators"]:
            code = line["code"]
            yield {
                "code": code,
                "now": line,
                **{
                    key: self[f"{code}-{key}"] for key in (*self.TEXTS, *self.NUMBERS) if f"{code}-{key}" in self.fields
                },
            }

    def total(self) -> int:
        return sum(line["weight"] for line in self.now["indicators"])

    def part(self) -> Part:
        said = {}
        for line in self.raw["indicators"]:
            keys = (*self.TEXTS, *self.numbers(line))
            typed = {key: self.cleaned_data[f"{line['code']}-{key}"] for key in keys}
            said[line["code"]] = {key: value for key, value in typed.items() if value != line.get(key, 0)}
        return {"indicators": _keeping(self, said, ("bands", "suggestion", "reading"))}


class BandsForm(PartForm):
    """分档 and 参考分 as rows of 下限、上限、得分; an empty row is left out."""

    KINDS: ClassVar = {"bands": "分档", "suggestion": "参考分"}

    def build(self) -> None:
        for line, kind in self.tables():
            rows = [parse_band(band["range"], band["score"]) for band in line.get(kind, ())]
            for place in range(len(rows) + BLANK_ROWS):
                band = rows[place] if place < len(rows) else None
                self._band_row(f"{line['code']}-{kind}-{place}", f"{line['code']}第{place + 1}档", band)
            if line.get("reading"):
                field = CleanCharField(
                    label=f"{line['code']}的解释口径",
                    max_length=500,
                    required=False,
                    widget=forms.Textarea(attrs={"rows": 3}),
                )
                if f"{line['code']}-reading" not in self.fields:
                    self.add(f"{line['code']}-reading", field, line["reading"])

    def _band_row(self, name: str, label: str, band: Any) -> None:
        whole = {"required": False}
        self.add(f"{name}-low", _whole(f"{label}下限", **whole), band.low if band else None)
        inside = forms.ChoiceField(label=f"{label}下限是否含", choices=INSIDE)
        self.add(f"{name}-low_in", inside, "1" if band is None or band.low_inclusive else "0")
        self.add(f"{name}-high", _whole(f"{label}上限", **whole), band.high if band else None)
        inside = forms.ChoiceField(label=f"{label}上限是否含", choices=INSIDE)
        self.add(f"{name}-high_in", inside, "1" if band and band.high_inclusive else "0")
        self.add(f"{name}-score", _whole(f"{label}得分", most=100, **whole), band.score if band else None)

    def tables(self) -> Iterator[tuple[Mapping[str, Any], str]]:
        for line in self.now["indicators"]:
            for kind in self.KINDS:
                if line.get(kind) and (self.whole or kind == "suggestion"):
                    yield line, kind

    def places(self, code: str, kind: str) -> Iterator[str]:
        place = 0
        while f"{code}-{kind}-{place}-low" in self.fields:
            yield f"{code}-{kind}-{place}"
            place += 1

    def cards(self) -> Iterator[dict[str, Any]]:
        done: set[str] = set()
        for line, kind in self.tables():
            code = line["code"]
            reading = f"{code}-reading"
            yield {
                "code": code,
                "name": line["name"],
                "criterion": line["criterion"],
                "weight": line["weight"],
                "what": self.KINDS[kind],
                "rows": [
                    {key: self[f"{name}-{key}"] for key in ("low", "low_in", "high", "high_in", "score")}
                    for name in self.places(code, kind)
                ],
                "reading": self[reading] if reading in self.fields and code not in done else None,
            }
            done.add(code)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for line, kind in self.tables():
            for name in self.places(line["code"], kind):
                low, high, score = (data.get(f"{name}-{key}") for key in ("low", "high", "score"))
                if (low, high, score) == (None, None, None):
                    continue
                for key, value, words in (("low", low, "下限"), ("score", score, "得分")):
                    if value is None and f"{name}-{key}" not in self.errors:
                        self.add_error(f"{name}-{key}", f"请填写{words}；不要这一档的，整行清空。")
        return data

    def part(self) -> Part:
        said: dict[str, dict[str, Any]] = {}
        lines = {line["code"]: line for line in self.raw["indicators"]}
        for line, kind in self.tables():
            code = line["code"]
            bands = [row for name in self.places(code, kind) if (row := self._band(name))]
            said.setdefault(code, {})
            if bands != [{"range": band["range"], "score": band["score"]} for band in lines[code].get(kind, ())]:
                said[code][kind] = bands
            reading = self.cleaned_data.get(f"{code}-reading")
            if reading is not None and plain(reading) != plain(lines[code].get("reading", "")):
                said[code]["reading"] = reading
        return {"indicators": _keeping(self, said, ("category", "name", "criterion", "weight", "deduct", "veto_at"))}

    def _band(self, name: str) -> dict[str, Any] | None:
        data = {key: self.cleaned_data[f"{name}-{key}"] for key in ("low", "low_in", "high", "high_in", "score")}
        if data["low"] is None:
            return None
        opening = "[" if data["low_in"] == "1" else "("
        if data["high"] is None:
            return {"range": f"{opening}{data['low']},∞)", "score": data["score"]}
        closing = "]" if data["high_in"] == "1" else ")"
        return {"range": f"{opening}{data['low']},{data['high']}{closing}", "score": data["score"]}


def _keeping(form: PartForm, said: dict[str, dict[str, Any]], keys: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """Two pages edit the same lines: what the other one says of a line stays."""
    before = {line["code"]: line for line in form.raw["indicators"]}
    for line in form.now["indicators"]:
        kept = {key: line[key] for key in keys if key in line and line[key] != before[line["code"]].get(key, None)}
        if kept or line["code"] in said:
            said[line["code"]] = {**kept, **said.get(line["code"], {})}
    return said


class TiersForm(PartForm):
    """年度绩效奖励档次 (第十二条（二）); an empty row is left out."""

    def build(self) -> None:
        rows = self.now["tiers"]
        for place in range(len(rows) + BLANK_ROWS):
            row = rows[place] if place < len(rows) else {}
            self.add(f"{place}-floor", _whole(f"第{place + 1}档起分", most=100, required=False), row.get("floor"))
            self.add(f"{place}-amount", _whole(f"第{place + 1}档金额", required=False), row.get("amount"))

    def rows(self) -> list[dict[str, BoundField]]:
        return [{"floor": self[f"{place}-floor"], "amount": self[f"{place}-amount"]} for place in self.places()]

    def places(self) -> range:
        return range(len(self.now["tiers"]) + BLANK_ROWS)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for place in self.places():
            floor, amount = data.get(f"{place}-floor"), data.get(f"{place}-amount")
            if (floor is None) != (amount is None):
                missing = "floor" if floor is None else "amount"
                if f"{place}-{missing}" not in self.errors:
                    self.add_error(f"{place}-{missing}", "起分和金额须同时填写；不要这一档的，整行清空。")
        return data

    def part(self) -> Part:
        rows = [
            {"floor": self.cleaned_data[f"{place}-floor"], "amount": self.cleaned_data[f"{place}-amount"]}
            for place in self.places()
            if self.cleaned_data[f"{place}-floor"] is not None
        ]
        return {"tiers": None if rows == [dict(row) for row in self.raw["tiers"]] else rows}


# --- texts of a successor ---------------------------------------------------------------------------------------------


class TextForm(PartForm):
    """The notice's own words: title, opening, articles. Two articles may be added; emptied last ones are left out."""

    HEAD: ClassVar = {
        "title": ("标题", 120, False),
        "regulation": ("办法名称", 120, False),
        "addressee": ("主送", 120, False),
        "opening": ("引言", 1000, True),
        "preamble": ("序言", 2000, True),
    }

    def build(self) -> None:
        for name, (label, most, multiline) in self.HEAD.items():
            self.add(
                name, CleanCharField(label=label, max_length=most, multiline=multiline), self.now["document"][name]
            )
        articles = self.now["articles"]
        chapters = [(str(row["number"]), row["label"]) for row in self.now["chapters"]]
        for place in range(len(articles) + BLANK_ROWS):
            row = articles[place] if place < len(articles) else {}
            number = place + 1
            self.add(
                f"{number}-chapter",
                forms.ChoiceField(label=f"第{number}条所在的章", choices=chapters),
                str(row.get("chapter", chapters[-1][0])),
            )
            text = CleanCharField(label=f"第{number}条", max_length=5000, multiline=True, required=False)
            text.widget = forms.Textarea(attrs={"rows": min(14, 3 + len(row.get("text", "")) // 60)})
            self.add(f"{number}-text", text, row.get("text", ""))
            self.add(
                f"{number}-note",
                CleanCharField(label=f"第{number}条的说明", max_length=300, required=False),
                row.get("note", ""),
            )

    def head(self) -> list[BoundField]:
        return [self[name] for name in self.HEAD]

    def rows(self) -> list[dict[str, Any]]:
        return [
            {"number": number, **{key: self[f"{number}-{key}"] for key in ("chapter", "text", "note")}}
            for number in self.numbers()
        ]

    def numbers(self) -> range:
        return range(1, len(self.now["articles"]) + BLANK_ROWS + 1)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        empty = 0
        for number in self.numbers():
            if not data.get(f"{number}-text"):
                empty = empty or number
            elif empty:
                self.add_error(f"{empty}-text", "中间的条文不能空着；只能从最后一条删起。")
                break
        return data

    def part(self) -> Part:
        old = {row["number"]: row for row in self.raw["articles"]}
        rows = []
        for number in self.numbers():
            if text := self.cleaned_data[f"{number}-text"]:
                before = old.get(number, {})
                same = plain(text) == plain(before.get("text", ""))
                rows.append(
                    {
                        "number": number,
                        "chapter": int(self.cleaned_data[f"{number}-chapter"]),
                        "text": before["text"] if same else text,
                        "note": self.cleaned_data[f"{number}-note"],
                    }
                )
        unchanged = rows == [{"note": "", **row} for row in self.raw["articles"]]
        head: dict[str, Any] = {}
        for name in self.HEAD:
            said, before_text = self.cleaned_data[name], self.raw["document"][name]
            head[name] = None if plain(said) == plain(before_text) else said
        return {"articles": None if unchanged else rows, "document": head}


class MaterialsForm(PartForm):
    """第四条 seven materials: their words, how many copies, whether 加盖公章 is asked."""

    def build(self) -> None:
        for row in self.now["materials"]:
            number = row["number"]
            self.add(f"{number}-name", CleanCharField(label=f"材料{number}名称", max_length=40), row["name"])
            text = CleanCharField(label=f"材料{number}条文", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
            self.add(f"{number}-text", text, row["text"])
            self.add(f"{number}-copies", _whole(f"材料{number}份数", most=10), row["copies"])
            for key, label in (("stamp", "加盖公章"), ("shareable", "可共享免交")):
                field = forms.ChoiceField(label=f"材料{number}{label}", choices=YES_NO)
                self.add(f"{number}-{key}", field, "1" if row.get(key) else "0")

    def rows(self) -> list[dict[str, Any]]:
        return [
            {
                "number": row["number"],
                "clause": row["clause"],
                **{key: self[f"{row['number']}-{key}"] for key in ("name", "text", "copies", "stamp", "shareable")},
            }
            for row in self.raw["materials"]
        ]

    def part(self) -> Part:
        said: dict[str, Any] = {}
        for row in self.raw["materials"]:
            number = row["number"]
            typed: dict[str, Any] = {
                "name": self.cleaned_data[f"{number}-name"],
                "text": self.cleaned_data[f"{number}-text"],
                "copies": self.cleaned_data[f"{number}-copies"],
                "stamp": self.cleaned_data[f"{number}-stamp"] == "1",
                "shareable": self.cleaned_data[f"{number}-shareable"] == "1",
            }
            if plain(typed["text"]) == plain(row["text"]):
                typed["text"] = row["text"]
            said[str(number)] = {key: value for key, value in typed.items() if value != row.get(key, False)}
        return {"materials": said}


# --- fields -----------------------------------------------------------------------------------------------------------


def bare(text: str) -> str:
    """A text of the file without the code's names of the choices in it (“（SKIP_FIRST）”): pages speak Chinese."""
    return _CODES.sub("", text)


_CODES = re.compile(r"（[A-Z][A-Z_+]+）")


def _whole(label: str, *, most: int = MOST, required: bool = True) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=most,
        required=required,
        error_messages={**_WHOLE, "min_value": "不能小于0。", "max_value": f"不能大于{most}。"},
    )


def _field_of(name: str, label: str, hint: Any) -> forms.Field:
    """The field a parameter is typed in, by its kind."""
    optional = type(None) in typing.get_args(hint)
    if optional:
        hint = next(member for member in typing.get_args(hint) if member is not type(None))
    if name in LISTED:
        return forms.MultipleChoiceField(
            label=label, choices=list(LISTED[name].items()), widget=forms.CheckboxSelectMultiple
        )
    if typing.get_origin(hint) is tuple:
        return CleanCharField(label=label, max_length=300, help_text="几项之间用顿号分开。")
    if hint is bool:
        return forms.ChoiceField(label=label, choices=YES_NO)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return forms.ChoiceField(label=label, choices=[(member.value, CHOICES[hint][member.value]) for member in hint])
    if hint is Decimal:
        words = {"invalid": "请填写数字。", "min_value": "不能小于0。", "max_decimal_places": "最多两位小数。"}
        return forms.DecimalField(label=label, min_value=0, max_value=MOST, decimal_places=2, error_messages=words)
    if hint is int:
        return _whole(label, required=not optional)
    long = name == "remedy_text"
    return CleanCharField(
        label=label, max_length=500 if long else 60, required=long or name == "home_province", multiline=long
    )


def _shown(value: Any) -> Any:
    """A value as its field shows it."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list | tuple):
        return list(value) if all(item in _CODED for item in value) else "、".join(value)
    return value


_CODED = {code for choices in LISTED.values() for code in choices}


def _stored(value: Any, hint: Any) -> Any:
    """What a field gave as the draft keeps it: JSON has neither decimals nor dates."""
    if hint is bool:
        return value == "1"
    if typing.get_origin(hint) is tuple and isinstance(value, str):
        return [item.strip() for item in value.replace("，", "、").replace(",", "、").split("、") if item.strip()]
    return _json(value)


def _json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else str(value.normalize())
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, dt.date) else value


# --- which pages a draft has ------------------------------------------------------------------------------------------

PARTS: dict[str, tuple[str, type[PartForm]]] = {
    **{group.key: (group.label, parameter_form(group.key)) for group in GROUPS},
    "lines": ("附件3指标", LinesForm),
    "bands": ("分档与参考分", BandsForm),
    "tiers": ("奖励档次", TiersForm),
    "limits": ("办理时限", LimitsForm),
    "text": ("条文", TextForm),
    "materials": ("申请材料", MaterialsForm),
}
_ONLY_IN_A_NOTICE = {"lines", "tiers", "text", "materials"}


def parts_of(kind: str) -> dict[str, str]:
    """The pages of a draft of this kind after the first (文号与日期), with their names."""
    if kind == Kind.EXTENSION:
        return {}
    return {
        key: label for key, (label, _form) in PARTS.items() if kind == Kind.SUCCESSOR or key not in _ONLY_IN_A_NOTICE
    }
