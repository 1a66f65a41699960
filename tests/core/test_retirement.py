"""Statutory retirement ages before and after 2025 (R-04)."""

from datetime import date as d

import pytest

from jinhua_labor.core.retirement import delay_months, has_retired, retirement_date
from jinhua_labor.policy.periods import ONE_DAY
from jinhua_labor.policy.switches import RetirementTrack

M60, F55, F50 = RetirementTrack.M60, RetirementTrack.F55, RetirementTrack.F50


@pytest.mark.parametrize(
    ("track", "birth", "delay", "reached"),
    [
        (M60, d(1964, 12, 31), 0, d(2024, 12, 31)),
        (M60, d(1965, 1, 1), 1, d(2025, 2, 1)),
        (M60, d(1965, 4, 30), 1, d(2025, 5, 30)),
        (M60, d(1965, 5, 1), 2, d(2025, 7, 1)),
        (M60, d(1970, 6, 15), 17, d(2031, 11, 15)),
        (M60, d(1976, 8, 31), 35, d(2039, 7, 31)),
        (M60, d(1976, 9, 1), 36, d(2039, 9, 1)),
        (M60, d(1985, 2, 28), 36, d(2048, 2, 28)),
        (F55, d(1969, 12, 31), 0, d(2024, 12, 31)),
        (F55, d(1970, 1, 1), 1, d(2025, 2, 1)),
        (F55, d(1975, 10, 8), 18, d(2032, 4, 8)),
        (F55, d(1981, 9, 1), 36, d(2039, 9, 1)),
        (F50, d(1974, 12, 31), 0, d(2024, 12, 31)),
        (F50, d(1975, 1, 10), 1, d(2025, 2, 10)),
        (F50, d(1975, 3, 31), 2, d(2025, 5, 31)),
        (F50, d(1984, 10, 31), 59, d(2039, 9, 30)),
        (F50, d(1984, 11, 1), 60, d(2039, 11, 1)),
    ],
    ids=lambda value: value.isoformat() if isinstance(value, d) else str(value),
)
def test_法定退休日(track, birth, delay, reached):
    assert delay_months(birth, track) == delay
    assert retirement_date(birth, track) == reached
    assert has_retired(birth, track, reached)
    assert not has_retired(birth, track, reached - ONE_DAY)
