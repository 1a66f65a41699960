"""What a party of the world has in 留用统计, 参保查询 and 人数核算 of its station."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from tests.meta import rows, rows_retention

if TYPE_CHECKING:
    from jinhua_labor.accounts.models import User
    from tests.meta.world import Party


def things(party: Party, clerk: User) -> dict[str, Any]:
    """A check to answer and one that is answered and corrected, an insurance result, a recount with a change."""
    station = party.things["station"]
    first, second = station.deliveries.order_by("seq")[:2]
    open_check = rows_retention.retention_check(delivery=first, due_on=timezone.localdate())
    answered = rows_retention.answered_check(
        delivery=second, checked_by=party.user, employer_on_check=second.employer, note=f"{party.word}的说明"
    )
    rows_retention.retention_correction(retention=answered, by=clerk, reason=f"{party.word}站来函说明")
    extract = rows.extract(
        roster_list=None,
        station=station,
        by=clerk,
        notes=[[3, "第 3 行：不是本站的人员，未采用。", "UNMATCHED"], [0, "缴费单位未登记。", "PAYER"]],
    )
    recount = rows_retention.recount(station=station, by=clerk, finished_at=timezone.now())
    rows_retention.recount_change(recount=recount, delivery=first)
    return {"check": open_check, "answered": answered, "station_extract": extract, "recount": recount}
