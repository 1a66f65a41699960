"""专人 (第六条（三）; R-22, R-53): who served when, and the days nobody did. Pure functions over intervals."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from jinhua_labor.policy.periods import ONE_DAY
from jinhua_labor.policy.types import Settings


@dataclass(frozen=True, slots=True)
class Term:
    """任职起止, both days included; `until` None while it runs."""

    since: date
    until: date | None = None
    name: str = ""

    def __contains__(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Gap:
    """无专人: the days from `start` to `end`, both included; `open` when it still lasts on the day asked about."""

    start: date
    end: date
    open: bool = False

    @property
    def days(self) -> int:
        """Calendar days without anybody."""
        return (self.end - self.start).days + 1

    def is_long(self, *, settings: Settings) -> bool:
        """More than the days after which the station no longer meets 第三条（二）: an alert, never an act (R-32)."""
        return self.days > settings.liaison_gap_alert_days


def gaps(terms: Iterable[Term], *, since: date, on: date) -> tuple[Gap, ...]:
    """The stretches between `since` and `on` (both included) in which nobody served, the earliest first."""
    found = []
    day = since
    for term in sorted(terms, key=lambda term: term.since):
        if term.since > on:
            break
        if term.since > day:
            found.append(Gap(day, term.since - ONE_DAY))
        if term.until is None:
            return tuple(found)
        day = max(day, term.until + ONE_DAY)
    if day <= on:
        found.append(Gap(day, on, open=True))
    return tuple(found)


def serving(terms: Iterable[Term], *, on: date) -> Term | None:
    """Who serves on the day; None in a gap."""
    return next((term for term in terms if on in term), None)
