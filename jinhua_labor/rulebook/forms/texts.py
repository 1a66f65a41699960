"""Pages of a successor notice with its own words: title, articles, the seven materials."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.forms import BoundField

from jinhua_labor.core.forms import CleanCharField
from jinhua_labor.policy.checks import plain
from jinhua_labor.rulebook.forms.fields import BLANK_ROWS, YES_NO, whole_number
from jinhua_labor.rulebook.forms.part import Part, PartForm


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
            self.add(f"{number}-copies", whole_number(f"材料{number}份数", most=10), row["copies"])
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
