"""Which version holds on a day (R-48, R-49): the notices, what was recorded over them, and their ends."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from jinhua_labor.policy.load import build
from jinhua_labor.policy.types import Policy, PolicyError
from jinhua_labor.rulebook.enums import Kind
from jinhua_labor.rulebook.rules.laying import extended, overlay, successor
from jinhua_labor.rulebook.rules.records import Raw, Record

Build = Callable[[Raw], Policy]


@dataclass(frozen=True, slots=True, eq=False)
class Slice:
    """The version from `since` to the next slice, and what was recorded to make it. `base` is the id of its notice,
    `raw` the text the version was built of."""

    since: dt.date
    base: str
    policy: Policy
    raw: Raw
    notice: Record | None
    readings: tuple[Record, ...]
    extension: Record | None

    def read_by(self, parameter: str) -> Record | None:
        """The record that says how this parameter is read now; None when the notice's own file does."""
        for record in reversed(self.readings):
            if parameter in record.parameters:
                return record
        return self.notice


@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """Every version, by the day it begins on."""

    slices: tuple[Slice, ...]

    def on(self, day: dt.date) -> Slice:
        """The version that holds on this day. LookupError before the first."""
        place = bisect_right(self.slices, day, key=lambda piece: piece.since)
        if place == 0:
            raise LookupError(day)
        return self.slices[place - 1]

    def version(self, code: str) -> Policy:
        """The version with this id, whenever it holds. LookupError when there is none."""
        for piece in self.slices:
            if piece.policy.id == code:
                return piece.policy
        raise LookupError(code)


@dataclass(frozen=True, slots=True)
class _Notice:
    raw: Raw
    since: dt.date
    record: Record | None
    extension: Record | None


def make_book(files: Sequence[Raw], records: Iterable[Record], make: Build = build) -> Book:
    """The book of the files with what was recorded over them, in the order of confirmation.

    A reading holds from its own day on, over the readings before it; an extension moves the end of its notice; a
    successor begins a notice of its own. PolicyError when any version that comes of it cannot be right.
    """
    kept = list(records)
    notices = _notices(files, kept)
    slices: list[Slice] = []
    for position, (name, notice) in enumerate(notices):
        until = notices[position + 1][1].since if position + 1 < len(notices) else None
        found = _slices(name, notice, [row for row in kept if row.base == name and row.kind is Kind.READING], make)
        slices += [piece for piece in found if until is None or piece.since < until]
    return Book(tuple(slices))


def _notices(files: Sequence[Raw], records: Sequence[Record]) -> list[tuple[str, _Notice]]:
    raws: dict[str, tuple[Raw, Record | None]] = {raw["id"]: (raw, None) for raw in files}
    for record in records:
        if record.base not in raws:
            raise PolicyError(f"{record.doc_no}所依据的办法 {record.base} 不存在")
        if record.kind is Kind.SUCCESSOR:
            if record.code in raws:
                raise PolicyError(f"文号{record.doc_no}的办法已经有了")
            raws[record.code] = (successor(raws[record.base][0], record), record)
    found = []
    for name, (raw, own) in raws.items():
        ends = [row for row in records if row.kind is Kind.EXTENSION and row.base == name and row.effective_to]
        longest = max(ends, key=_end, default=None)
        if longest is not None and _end(longest) > raw["pv"]["effective_to"]["value"]:
            found.append((name, _Notice(extended(raw, _end(longest)), _since(raw), own, longest)))
        else:
            found.append((name, _Notice(raw, _since(raw), own, None)))
    found.sort(key=lambda pair: pair[1].since)
    return found


def _slices(name: str, notice: _Notice, readings: Sequence[Record], make: Build) -> Iterator[Slice]:
    raw: Raw = notice.raw
    applied: tuple[Record, ...] = ()
    due = sorted(readings, key=lambda row: max(_first(row), notice.since))
    days = [(day, tuple(rows)) for day, rows in groupby(due, key=lambda row: max(_first(row), notice.since))]
    if not days or days[0][0] != notice.since:
        yield Slice(notice.since, name, make(raw), raw, notice.record, applied, notice.extension)
    for day, rows in days:
        for row in rows:
            raw = {**overlay(raw, row.changes), "id": row.code}
        applied = (*applied, *rows)
        yield Slice(day, name, make(raw), raw, notice.record, applied, notice.extension)


def _since(raw: Raw) -> dt.date:
    day: dt.date = raw["pv"]["effective_from"]["value"]
    return day


def _first(record: Record) -> dt.date:
    if record.valid_from is None:
        raise PolicyError(f"{record.doc_no}没有生效日期")
    return record.valid_from


def _end(record: Record) -> dt.date:
    if record.effective_to is None:
        raise PolicyError(f"{record.doc_no}没有截止日期")
    return record.effective_to
