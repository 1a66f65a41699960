"""Working days of an application (第五条; R-16, R-17): notice, supplement, the promised clock. Pure functions.

All of it is promised (承诺时限), none statutory: nothing here refuses a decision that comes late.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from jinhua_labor.policy.types import Settings

if TYPE_CHECKING:  # the calendar comes as an argument; its module also knows the bureau's table
    from jinhua_labor.core.workdays import WorkCalendar


def clock_starts_on(submitted_on: date, *, calendar: WorkCalendar) -> date:
    """The first working day that is counted: the day of submission itself never is (《民法典》第201条)."""
    return calendar.add_workdays(submitted_on, 1)


def notice_due_on(submitted_on: date, *, settings: Settings, calendar: WorkCalendar) -> date:
    """Last day for 一次性告知 of what must be supplemented."""
    return calendar.add_workdays(submitted_on, settings.notice_workdays)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """受理 is a date, not a button; `deemed` is 逾期视为受理."""

    accepted_on: date
    deemed: bool


@dataclass(frozen=True, slots=True)
class Round:
    """One SUBMIT of a file and what became of it: returned, screened, or neither yet."""

    submitted_on: date
    returned_on: date | None = None
    screened_on: date | None = None


def acceptance(rounds: Iterable[Round], *, on: date, settings: Settings, calendar: WorkCalendar) -> Acceptance | None:
    """The acceptance of a file as known on `on`; None while it is still open.

    The date of the SUBMIT that was screened, or that was not returned within `notice_workdays` (a later return does
    not move it).
    """
    for row in rounds:
        due = notice_due_on(row.submitted_on, settings=settings, calendar=calendar)
        if row.screened_on is not None and row.screened_on <= due:
            return Acceptance(row.submitted_on, deemed=False)
        in_time = row.returned_on is not None and row.returned_on <= due
        if not in_time and on > due:
            return Acceptance(row.submitted_on, deemed=True)
    return None


def supplement_due_on(noticed_on: date, *, settings: Settings, calendar: WorkCalendar) -> date:
    """Last day to answer a 补正通知书; the file lapses on the next day."""
    return calendar.add_workdays(noticed_on, settings.supplement_workdays)


def has_lapsed(noticed_on: date, on: date, *, settings: Settings, calendar: WorkCalendar) -> bool:
    """Whether an unanswered file is 逾期视为撤回 on `on`; it bars nobody."""
    return on > supplement_due_on(noticed_on, settings=settings, calendar=calendar)


def repeated_defects(
    targets: Iterable[str], *, renewed: Iterable[str], earlier_notices: int, override_reason: str = ""
) -> tuple[str, ...]:
    """Targets a further 补正通知书 may not name: it may name only what was newly supplied since the last one, unless
    a colleague's reason lifts that. Empty when the notice may go out."""
    if earlier_notices == 0 or override_reason.strip():
        return ()
    fresh = set(renewed)
    return tuple(dict.fromkeys(target for target in targets if target not in fresh))


@dataclass(frozen=True, slots=True)
class Clock:
    """Working days used of a promised limit; `due_on` is None while the clock stands still."""

    used: int
    limit: int
    due_on: date | None

    @property
    def left(self) -> int:
        """Working days left; negative by how many it is overdue."""
        return self.limit - self.used

    @property
    def paused(self) -> bool:
        """Whether the file is with the applicant."""
        return self.due_on is None

    @property
    def overdue(self) -> bool:
        """Whether the promise is broken; the last day itself still keeps it."""
        return self.left < 0


def clock(spans: Iterable[tuple[date, date | None]], *, limit: int, on: date, calendar: WorkCalendar) -> Clock:
    """The clock of a file over the spans in which the office had it (start, end or None while it has it).

    Between two spans the file was with the applicant (补正) and nothing is counted.
    """
    before, running = 0, None
    for start, end in spans:
        if end is None:
            running = start
        else:
            before += calendar.workdays_between(start, min(end, on))
    if running is None:
        return Clock(before, limit, None)
    used = before + calendar.workdays_between(running, on)
    return Clock(used, limit, calendar.add_workdays(running, max(0, limit - before)))
