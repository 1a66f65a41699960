"""Every parameter, setting and choice has its Chinese name, and stands on exactly one page of a draft."""

from __future__ import annotations

import inspect
from dataclasses import fields
from enum import StrEnum

import pytest

from jinhua_labor.policy import switches
from jinhua_labor.policy.load import versions
from jinhua_labor.policy.types import Settings
from jinhua_labor.rulebook.words import CHOICES, GROUPS, LISTED, OF_THE_DOCUMENT, PARAMETERS, SETTINGS, worded
from stations.ledger.enums import Item
from stations.roster.enums import EmploymentForm

POLICY = versions()[0]
ENUMS = [
    kind
    for _name, kind in inspect.getmembers(switches, inspect.isclass)
    if issubclass(kind, StrEnum) and kind not in {StrEnum, switches.LineFunction, switches.Result}
]


def test_每个参数和设置都有中文名() -> None:
    assert set(PARAMETERS) == set(POLICY.readings)
    assert set(SETTINGS) == {field.name for field in fields(Settings)}


def test_每个参数在且只在一页上() -> None:
    placed = [name for group in GROUPS for name in group.parameters]
    assert len(placed) == len(set(placed))
    assert {*placed, *OF_THE_DOCUMENT} == set(POLICY.readings)


@pytest.mark.parametrize("kind", ENUMS, ids=lambda kind: kind.__name__)
def test_每个选项都有中文名(kind: type[StrEnum]) -> None:
    assert set(CHOICES[kind]) == {member.value for member in kind}


def test_多选的选项与各处的名称一致() -> None:
    assert LISTED["forms_counted"] == dict(EmploymentForm.choices)
    assert LISTED["ledger_items_scored"] == dict(Item.choices)


@pytest.mark.parametrize("name", sorted(POLICY.readings))
def test_每个值都写得成中文(name: str) -> None:
    words = worded(name, getattr(POLICY, name))
    assert words
    assert words == words.strip()
