"""认定归属 (E14, R-07): the centre sees both registrations and decides once; each operator learns its own outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from jinhua_labor.accounts.enums import Role
from jinhua_labor.audit.services import record
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.services import send
from stations.roster.enums import Kept, ReasonCode
from stations.roster.models import Adjudication, ClaimDecision, Delivery
from stations.roster.queries.claims import pairs

from .recount import recount_list
from .station_list import hold_station

if TYPE_CHECKING:
    from jinhua_labor.accounts.models import User


@transaction.atomic
def decide(*, claimant: Delivery, holder: Delivery, kept: str, reason: str, by: User) -> ClaimDecision:
    """Says which of the two registrations of one person holds; the other is E13 from now on, and both are counted anew.

    Decided once: the same answer again is the first one's, another one is a Conflict. Raises Refused without a reason
    or where the two rows no longer stand against each other.
    """
    if by.role != Role.CENTRE:
        raise PermissionDenied
    for station in sorted({row.station_id for row in (claimant, holder) if row.station_id is not None}):
        hold_station(station)
    there = ClaimDecision.objects.filter(holder=holder, claimant=claimant).select_related("by").first()
    if there is not None:
        if there.kept == kept:
            return there
        raise Conflict(f"该人员的归属已由{there.by.name}认定，不能再次认定。请刷新后查看。")
    if kept not in Kept.values:
        raise Refused("请选择由哪一家计入。", problems=(("请选择由哪一家计入", "#id_kept_0"),))
    if not reason.strip():
        raise Refused("请写明认定依据。", problems=(("请写明认定依据", "#id_reason"),))
    later = Delivery.objects.select_related("station__operator", "operator", "roster_list").get(pk=claimant.pk)
    pair = pairs([later])[0]
    if pair.holder is None or pair.holder.pk != holder.pk or ReasonCode.E14 not in later.codes:
        raise Conflict("这两条登记已有变化，请返回列表后重新查看。")
    decision = ClaimDecision.objects.create(
        person_id=later.person_id, holder=pair.holder, claimant=later, kept=kept, reason=reason.strip()[:200], by=by
    )
    # The recount reads the answer to E14 from adjudications: accepted, a row counts; refused, it is E13.
    for row, accepted in ((later, kept == Kept.CLAIMANT), (pair.holder, kept == Kept.HOLDER)):
        Adjudication.objects.update_or_create(
            delivery=row,
            code=ReasonCode.E14.value,
            defaults={"accepted": accepted, "reason": decision.reason, "by": by, "at": timezone.now()},
        )
    record(
        by=by,
        action="roster.claim_decide",
        obj=decision,
        detail={"holder": str(pair.holder.pk), "claimant": str(later.pk), "kept": kept, "reason": decision.reason},
    )
    for row in (pair.holder, later):
        if row.roster_list is not None:
            recount_list(roster_list=row.roster_list, persons=[row.person_id])
        _tell(row, counts=(row.pk == later.pk) == (kept == Kept.CLAIMANT))
    return decision


def _tell(row: Delivery, *, counts: bool) -> None:
    """Each operator learns what becomes of its own row, and nothing of the other one."""
    outcome = "由贵单位登记" if counts else "不由贵单位登记，该行不计入"
    send(
        subject=f"人员归属已认定：{row.name}",
        body=f"该人员已被其他站点登记，经区就业服务中心认定，{outcome}。",
        link=row.get_absolute_url(),
        to_organisation=row.station.operator if row.station is not None else row.operator,
    )
