"""What the steps share: locks, and what stands in the way."""

from __future__ import annotations

import datetime as dt
import uuid

from jinhua_labor.core.errors import Refused
from jinhua_labor.review import services as review_services
from stations.oversight.models import Renewal
from stations.oversight.queries.renewals import standing_problems
from stations.oversight.services.common import lock_station


def locked(renewal_id: uuid.UUID) -> Renewal:
    """The station first, then the renewal, then its review."""
    station = lock_station(Renewal.objects.values_list("station_id", flat=True).get(pk=renewal_id))
    rows = Renewal.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("operator", "agreement", "document").get(pk=renewal_id)
    row.station = station
    row.review = review_services.lock(row.review_id)
    return row


def refuse_standing(row: Renewal, *, day: dt.date) -> None:
    """Raises Refused with everything that stands in the way, the link to the station's file included."""
    found = standing_problems(row, day=day)
    if found:
        raise Refused(
            f"还有 {len(found)} 项不具备续期的条件。",
            problems=tuple((f"{one.clause}：{one.message}", f"#id_{one.field}" if one.field else "") for one in found),
        )
