"""法定退休年龄 of the Chinese state, old and gradually raised (渐进式延迟).

Until 2024-12-31: 国发〔1978〕104号. From 2025-01-01: 全国人大常委会 decision of 2024-09-13. These ages are law, not
the notice's, and so are constants here. 弹性退休 does not move the statutory age.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from jinhua_labor.policy.periods import MONTHS_PER_YEAR, add_months
from jinhua_labor.policy.switches import RetirementTrack

REFORM_YEAR = 2025


@dataclass(frozen=True, slots=True)
class _Track:
    """Old age in years; one month of delay for every `step` months begun, at most `most` months."""

    age: int
    step: int
    most: int


_TRACKS = {
    RetirementTrack.M60: _Track(age=60, step=4, most=36),
    RetirementTrack.F55: _Track(age=55, step=4, most=36),
    RetirementTrack.F50: _Track(age=50, step=2, most=60),
}
_YOUNGEST = min(track.age for track in _TRACKS.values())


def delay_months(birth: date, track: RetirementTrack) -> int:
    """Months by which the statutory age is raised for this birth date; 0 when the old age was reached before 2025."""
    rules = _TRACKS[track]
    whole = (birth.year + rules.age - REFORM_YEAR) * MONTHS_PER_YEAR + birth.month - 1
    return 0 if whole < 0 else min(rules.most, whole // rules.step + 1)


@lru_cache(maxsize=65536)  # a roster repeats birth dates, and the answer never changes
def retirement_date(birth: date, track: RetirementTrack) -> date:
    """The day the statutory age is reached; from that day on a person is outside 法定劳动年龄段."""
    return add_months(birth, _TRACKS[track].age * MONTHS_PER_YEAR + delay_months(birth, track))


def has_retired(birth: date, track: RetirementTrack, on: date) -> bool:
    """Whether the statutory age is reached on or before `on`."""
    if on.year - birth.year < _YOUNGEST:  # most workers, answered without computing their day
        return False
    return on >= retirement_date(birth, track)
