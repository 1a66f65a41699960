"""Which version of the notice holds on a day, and how sure that is (第十五条).

The files of `policy/` with what the bureau recorded over them. The book is built once a process and kept: once a
second at most a query of two counts tells whether a record was confirmed or withdrawn since, here or elsewhere. A
reading or a successor begins on a later day than that of its confirmation, so nobody decides by a book that is a
second old; an extension is seen within the second.
"""

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from jinhua_labor.policy.load import build, raw_versions, versions
from jinhua_labor.policy.switches import PolicyExpiry, RunoffStraddle
from jinhua_labor.policy.types import Policy
from jinhua_labor.rulebook.rules import Book, Record, Slice, make_book


class Certainty(StrEnum):
    """CONFIRMED: the day lies within 试行期 or a recorded extension. UNCONFIRMED: 延期待确认."""

    CONFIRMED = "CONFIRMED"
    UNCONFIRMED = "UNCONFIRMED"


class NoPolicy(LookupError):  # noqa: N818 -- an answer of the domain, not a fault
    """No version holds on that day; the message says from when there is one."""


@dataclass(frozen=True, slots=True)
class PolicyOn:
    """The version for a day. The day is the matter's own: acceptance of an application, last day of a period,
    revocation decision, cutoff of a selection, trigger of a grant."""

    policy: Policy
    certainty: Certainty
    on: date

    @property
    def confirmed(self) -> bool:
        """False after the paper end of the version, when no document covers the day."""
        return self.certainty is Certainty.CONFIRMED

    @property
    def refuses_intake(self) -> bool:
        """Whether new applications, selections and 复核 are refused (only under BLOCK; what was accepted finishes)."""
        return not self.confirmed and self.policy.policy_expiry is PolicyExpiry.BLOCK

    @property
    def money_waits(self) -> bool:
        """Whether a grant triggered on the day waits for a document that covers it."""
        return not self.confirmed and self.policy.runoff_straddle is RunoffStraddle.DECISION

    @property
    def notice(self) -> str:
        """What officials and files are told about the version; empty when there is nothing to tell."""
        if self.confirmed:
            return ""
        end = self.policy.effective_to
        until = f"{self.policy.doc_no}试行期已于{end.year}年{end.month}月{end.day}日届满，尚无文件明确延期"
        if self.refuses_intake:
            return f"{until}，暂停受理新的申请、评选和复核。"
        return f"{until}，按原办法继续办理，标注“延期待确认”。"


def policy_on(day: date) -> PolicyOn:
    """The version that holds on `day`, the last one when its time has run out. NoPolicy before the first."""
    holding = slice_on(day).policy
    certainty = Certainty.CONFIRMED if day <= holding.effective_to else Certainty.UNCONFIRMED
    return PolicyOn(holding, certainty, day)


def slice_on(day: date) -> Slice:
    """The same with what was recorded to make the version. NoPolicy before the first."""
    found = book()
    try:
        return found.on(day)
    except LookupError:
        first = found.slices[0].since
        raise NoPolicy(f"本办法自{first.year}年{first.month}月{first.day}日起实施，此前没有适用的文件") from None


def policy_version(code: str) -> Policy:
    """The version with this id, as a decision keeps it, whichever day it is now. NoPolicy when there is none.

    An id says every parameter but the end of 试行期, which an extension moves without making a version of its own.
    """
    try:
        return book().version(code)
    except LookupError:
        raise NoPolicy(f"没有编号为 {code} 的政策版本") from None


# --- the book of this process -----------------------------------------------------------------------------------------
_CHECK_SECONDS = 1.0  # a page that asks fifty times asks the table once
_kept: tuple[float, tuple[Any, ...], Book] | None = None
_table_there = False
_built: dict[str, Policy] = {}


def book() -> Book:
    """Every version, as the table stands; PolicyError when what was recorded no longer fits the files."""
    global _kept
    now = time.monotonic()
    if _kept is not None and now - _kept[0] < _CHECK_SECONDS:
        return _kept[2]
    stamp = _stamp()
    if _kept is not None and _kept[1] == stamp:
        held = _kept[2]
    else:
        held = make_book(raw_versions(), decided() if stamp[0] else (), _build)
    _kept = (now, stamp, held)
    return held


def forget_book() -> None:
    """Lets the next call look at the table, whatever the clock says."""
    global _kept
    _kept = None


def assembled(records: Iterable[Record]) -> Book:
    """The book as it would be with these records over the files; what is only tried is not kept."""
    return make_book(raw_versions(), records, lambda raw: _known(raw) or build(raw))


def decided() -> list[Record]:
    """The confirmed rows in the order of their confirmation."""
    from jinhua_labor.rulebook.models import Version

    rows = Version.objects.public().order_by("confirmed_at", "id")
    return [row.record() for row in rows]


def _stamp() -> tuple[Any, ...]:
    """What changes whenever the table does; (0,) while there is none (before the first `migrate`)."""
    from django.db import connection

    from jinhua_labor.rulebook.models import Version

    global _table_there
    if not _table_there:
        with connection.cursor() as cursor:
            # Asking for a table that is not there would break the caller's transaction.
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [Version._meta.db_table])
            found = cursor.fetchone()
        _table_there = bool(found and found[0])
    return Version.objects.stamp() if _table_there else (0,)


def _known(raw: Mapping[str, Any]) -> Policy | None:
    """The version of this text that was built already."""
    for policy, file in zip(versions(), raw_versions(), strict=True):
        if raw is file:
            return policy
    return _built.get(_text(raw))


def _build(raw: Mapping[str, Any]) -> Policy:
    """The version, one object for the same text: what was asked before and after a record is still the same."""
    return _known(raw) or _built.setdefault(_text(raw), build(raw))


def _text(raw: Mapping[str, Any]) -> str:
    return json.dumps(raw, cls=DjangoJSONEncoder, sort_keys=True)
