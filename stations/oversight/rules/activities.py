"""劳务对接活动 (附件3 C3; R-60): which entries are the same event, and how many events a station organised."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from jinhua_labor.policy.periods import Period
from jinhua_labor.policy.switches import JointActivity
from jinhua_labor.policy.types import Policy
from stations.oversight.enums import ORGANISING_ROLES, ActivityRole


def event_key(held_on: date, place: str, name: str) -> str:
    """What makes two entries one event: the day, the place and the name after NFKC, in letters and digits only."""
    return "|".join([held_on.isoformat(), _plain(place), _plain(name)])


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if unicodedata.category(char)[0] in "LN")


@dataclass(frozen=True, slots=True)
class Organiser:
    """A station and its part in an event."""

    station: str
    role: ActivityRole


@dataclass(frozen=True, slots=True)
class EventFact:
    """An entry: who entered it with its own evidence, whether the centre confirmed it, the organisers in order."""

    key: str
    held_on: date
    entered_by: str
    confirmed: bool
    organisers: tuple[Organiser, ...]


def counts(event: EventFact, station: str, *, policy: Policy) -> bool:
    """Whether an entry is an event of this station: its own entry, confirmed, as 主办, 联合主办 or 承办.

    Held jointly it counts for each that proves it itself, or for the first organiser only where so read (G-38).
    """
    if not event.confirmed or event.entered_by != station:
        return False
    own = next((one for one in event.organisers if one.station == station), None)
    if own is None or own.role not in ORGANISING_ROLES:
        return False
    return policy.joint_activity is JointActivity.EACH or event.organisers[0].station == station


def events_organised(events: Iterable[EventFact], station: str, period: Period, *, policy: Policy) -> int:
    """How many different events this station organised in the period; the same event entered twice is one (R-60)."""
    return len({e.key for e in events if e.held_on in period and counts(e, station, policy=policy)})
