"""Fields of a draft: how a parameter is typed, shown and kept."""

from __future__ import annotations

import datetime as dt
import re
import typing
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django import forms

from jinhua_labor.core.forms import CleanCharField
from jinhua_labor.rulebook.words import CHOICES, LISTED

YES_NO = (("1", "是"), ("0", "否"))
BLANK_ROWS = 2
"""Rows below the last one of a table, for what is added."""
MOST = 100_000_000
_WHOLE = {"invalid": "请填写整数。"}
_DAY = {"invalid": "日期须写作 2026-01-31。"}
_CODES = re.compile(r"（[A-Z][A-Z_+]+）")
_CODED = {code for choices in LISTED.values() for code in choices}


def bare(text: str) -> str:
    """A text of the file without the code's names of the choices in it (“（SKIP_FIRST）”): pages speak Chinese."""
    return _CODES.sub("", text)


def day(label: str, **kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, error_messages=_DAY, **kwargs)


def whole_number(label: str, *, most: int = MOST, required: bool = True) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=most,
        required=required,
        error_messages={**_WHOLE, "min_value": "不能小于0。", "max_value": f"不能大于{most}。"},
    )


def field_of(name: str, label: str, hint: Any) -> forms.Field:
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
        return whole_number(label, required=not optional)
    long = name == "remedy_text"
    return CleanCharField(
        label=label, max_length=500 if long else 60, required=long or name == "home_province", multiline=long
    )


def shown(value: Any) -> Any:
    """A value as its field shows it."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list | tuple):
        return list(value) if all(item in _CODED for item in value) else "、".join(value)
    return value


def stored(value: Any, hint: Any) -> Any:
    """What a field gave as the draft keeps it: JSON has neither decimals nor dates."""
    if hint is bool:
        return value == "1"
    if typing.get_origin(hint) is tuple and isinstance(value, str):
        return [item.strip() for item in value.replace("，", "、").replace(",", "、").split("、") if item.strip()]
    return as_json(value)


def as_json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else str(value.normalize())
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, dt.date) else value
