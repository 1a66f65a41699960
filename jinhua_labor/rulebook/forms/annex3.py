"""Pages of a draft with 附件3: its lines, bands and reference scores, and the tiers of the yearly reward."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django import forms
from django.forms import BoundField

from jinhua_labor.core.forms import CleanCharField
from jinhua_labor.policy.checks import plain
from jinhua_labor.policy.load import parse_band
from jinhua_labor.rulebook.forms.fields import BLANK_ROWS, whole_number
from jinhua_labor.rulebook.forms.part import Part, PartForm

INSIDE = (("1", "含"), ("0", "不含"))


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
                self.add(f"{code}-{key}", whole_number(label, most=100), line.get(key, 0))

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
        return {"indicators": keeping(self, said, ("bands", "suggestion", "reading"))}


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
        self.add(f"{name}-low", whole_number(f"{label}下限", **whole), band.low if band else None)
        inside = forms.ChoiceField(label=f"{label}下限是否含", choices=INSIDE)
        self.add(f"{name}-low_in", inside, "1" if band is None or band.low_inclusive else "0")
        self.add(f"{name}-high", whole_number(f"{label}上限", **whole), band.high if band else None)
        inside = forms.ChoiceField(label=f"{label}上限是否含", choices=INSIDE)
        self.add(f"{name}-high_in", inside, "1" if band and band.high_inclusive else "0")
        self.add(f"{name}-score", whole_number(f"{label}得分", most=100, **whole), band.score if band else None)

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
        return {"indicators": keeping(self, said, ("category", "name", "criterion", "weight", "deduct", "veto_at"))}

    def _band(self, name: str) -> dict[str, Any] | None:
        data = {key: self.cleaned_data[f"{name}-{key}"] for key in ("low", "low_in", "high", "high_in", "score")}
        if data["low"] is None:
            return None
        opening = "[" if data["low_in"] == "1" else "("
        if data["high"] is None:
            return {"range": f"{opening}{data['low']},∞)", "score": data["score"]}
        closing = "]" if data["high_in"] == "1" else ")"
        return {"range": f"{opening}{data['low']},{data['high']}{closing}", "score": data["score"]}


class TiersForm(PartForm):
    """年度绩效奖励档次 (第十二条（二）); an empty row is left out."""

    def build(self) -> None:
        rows = self.now["tiers"]
        for place in range(len(rows) + BLANK_ROWS):
            row = rows[place] if place < len(rows) else {}
            self.add(f"{place}-floor", whole_number(f"第{place + 1}档起分", most=100, required=False), row.get("floor"))
            self.add(f"{place}-amount", whole_number(f"第{place + 1}档金额", required=False), row.get("amount"))

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


def keeping(form: PartForm, said: dict[str, dict[str, Any]], keys: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """Two pages edit the same lines: what the other one says of a line stays."""
    before = {line["code"]: line for line in form.raw["indicators"]}
    for line in form.now["indicators"]:
        kept = {key: line[key] for key in keys if key in line and line[key] != before[line["code"]].get(key, None)}
        if kept or line["code"] in said:
            said[line["code"]] = {**kept, **said.get(line["code"], {})}
    return said
