"""每年输送劳动力名册 frozen at the start of its assessment, with its hash (R-26, R-28)."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from jinhua_labor.policy.periods import assessment_periods, periods_to_assess
from jinhua_labor.rulebook import policy_on
from stations.registry.enums import StationState
from stations.registry.models import Station
from stations.roster.enums import CountStatus
from stations.roster.models import FrozenYear
from stations.roster.queries.year import frozen_year, year_rows

from .bulk import patient
from .recount import recount_list
from .station_list import hold_station

if TYPE_CHECKING:
    from jinhua_labor.policy.periods import Period

FREEZERS = (Role.CENTRE, Role.SYSTEM)


@transaction.atomic
def freeze(*, station: Station, number: int, by: User) -> FrozenYear:
    """Keeps the rows of a complete year with their status and a hash; once: a second call gives the first one's.

    The roster is counted anew as of today before. `by` is the centre or the system. Raises Refused for a year that is
    not over.
    """
    if by.role not in FREEZERS:
        raise PermissionDenied
    patient()
    locked = hold_station(station.pk)
    assert locked is not None
    there = frozen_year(locked, number)
    if there is not None:
        return there
    day = today()
    found = policy_on(day)
    period = next(
        (one for one in assessment_periods(locked.established_on, policy=found.policy) if one.number >= number), None
    )
    if period is None or period.number != number or period.opens_on > day:
        raise Refused("该年度还没有结束，评估开始时才冻结名册。")
    roster = getattr(locked, "roster", None)
    if roster is not None:
        recount_list(roster_list=roster)
    year = _take(locked, period, day, by)
    record(
        by=by,
        action="roster.freeze",
        obj=year,
        detail={"station": locked.number, "year": number, "counted": year.counted, "sha256": year.sha256},
    )
    return year


def _take(station: Station, period: Period, day: dt.date, by: User) -> FrozenYear:
    found = policy_on(day)
    rows = list(year_rows(station, period, policy=found.policy))
    by_status = Counter(row.status for row in rows)
    year = FrozenYear(
        station=station,
        period_no=period.number,
        starts_on=period.start,
        ends_on=period.end,
        as_of=day,
        policy_version=found.policy.id,
        certainty=str(found.certainty),
        raw=len(rows),
        counted=by_status[CountStatus.COUNTED.value],
        pending=by_status[CountStatus.PENDING.value],
        excluded=by_status[CountStatus.EXCLUDED.value],
        skilled=sum(row.skilled and row.status == CountStatus.COUNTED for row in rows),
        rows=[row.kept() for row in rows],
        frozen_by=by,
    )
    year.sha256 = digest(year)
    year.save()
    return year


def digest(year: FrozenYear) -> str:
    """SHA-256 over everything the frozen year says, in one spelling."""
    said: dict[str, Any] = {
        "station": str(year.station_id),
        "year": [year.period_no, year.starts_on.isoformat(), year.ends_on.isoformat()],
        "as_of": year.as_of.isoformat(),
        "policy": [year.policy_version, year.certainty],
        "counts": [year.raw, year.counted, year.pending, year.excluded, year.skilled],
        "rows": year.rows,
    }
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def verify(year: FrozenYear) -> bool:
    """Whether the frozen year still says what it said when it was taken."""
    return digest(year) == year.sha256


def freeze_due(*, day: dt.date, by: User) -> int:
    """Freezes every year whose assessment has started by `day` and that is still open; how many. Harmless to repeat.

    A station that was closed inside a year is not assessed for it (R-28), so that year stays open.
    """
    policy = policy_on(day).policy
    frozen = set(FrozenYear.objects.values_list("station", "period_no"))
    number = 0
    for station in Station.objects.exclude(state=StationState.REVOKED).order_by("pk"):
        closed_on = station.term_to + dt.timedelta(days=1) if station.state == StationState.EXPIRED else None
        for period in periods_to_assess(station.established_on, policy=policy, on=day, closed_on=closed_on):
            if (station.pk, period.number) not in frozen:
                freeze(station=station, number=period.number, by=by)
                number += 1
    return number
