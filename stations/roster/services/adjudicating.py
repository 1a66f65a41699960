"""认定: a person of the centre answers what the data leave open, with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from jinhua_labor.accounts.enums import Role
from jinhua_labor.attachments import services as attachments
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.audit.services import record
from jinhua_labor.core.errors import Refused
from stations.roster.enums import ReasonCode
from stations.roster.models import Adjudication, Delivery
from stations.roster.queries.one import JUDGED

from .lists import held
from .recount import recount_list
from .recount_station import recount_station

if TYPE_CHECKING:
    from jinhua_labor.accounts.models import User
    from jinhua_labor.attachments.services import Upload


@transaction.atomic
def adjudicate(
    *, delivery: Delivery, code: str, accepted: bool, reason: str, by: User, proof: Upload | None = None
) -> Adjudication:
    """Accepts or refuses one open question of a row (E04, E14, E15, E18, E19) and counts the person anew.

    A later answer replaces an earlier one; the journal keeps both. Raises Refused without a reason or for another code.
    """
    if by.role != Role.CENTRE:
        raise PermissionDenied
    if code not in JUDGED:
        raise Refused("该事项由数据核定，不能人工认定。")
    if code == ReasonCode.E14 and delivery.station_id is not None:
        raise Refused("两个站点登记同一人的，请在「人员归属」中对照两条登记认定。")
    if not reason.strip():
        raise Refused("请写明认定依据。", problems=(("请写明认定依据", "#id_reason"),))
    if delivery.roster_list is not None:
        held(delivery.roster_list)
    row = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    stored = None
    if proof is not None:
        stored = attachments.store(
            proof, by=by, organisation=row.operator, audience=Audience.CENTRE, secret=True, kind="adjudication"
        )
    before = row.adjudications.filter(code=code).first()
    found, _ = Adjudication.objects.update_or_create(
        delivery=row,
        code=code,
        defaults={
            "accepted": accepted,
            "reason": reason.strip()[:200],
            "by": by,
            "at": timezone.now(),
            **({"proof": stored} if stored else {}),
        },
    )
    record(
        by=by,
        action="roster.adjudicate",
        obj=row,
        detail={
            "code": code,
            "before": [before.accepted, before.reason] if before else None,
            "after": [accepted, reason.strip()[:200]],
        },
    )
    if row.station is not None:
        recount_station(station=row.station, persons=[row.person_id])
    elif row.roster_list is not None:
        recount_list(roster_list=row.roster_list, persons=[row.person_id])
    return found
