"""What the steps share: locks, the stage they expect, files, the report to 初审, the station's state."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import IntegrityError, transaction

from jinhua_labor.accounts.models import User
from jinhua_labor.attachments import services as attachments
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.attachments.models import Attachment
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.review import services as review_services
from jinhua_labor.review.models import Review
from jinhua_labor.review.states import Action, Kind
from stations.oversight.enums import FindingState, RevocationPaperSlot, RevocationStage
from stations.oversight.models import Revocation, RevocationPaper
from stations.oversight.rules.revocations import restored
from stations.oversight.rules.visits import all_settled
from stations.oversight.services.common import PAPERS, lock_station
from stations.registry.enums import StationState
from stations.registry.models import Station

FILES_MAX = 10


def locked(revocation_id: uuid.UUID) -> Revocation:
    """The station first, then the procedure, then its review."""
    station = lock_station(Revocation.objects.values_list("station_id", flat=True).get(pk=revocation_id))
    row = (
        Revocation.objects.select_for_update(of=("self",), no_key=True).select_related("operator").get(pk=revocation_id)
    )
    row.station = station
    if row.review_id is not None:
        row.review = review_services.lock(row.review_id)
    return row


def review_of(row: Revocation) -> Review:
    """The review of the procedure. Raises Refused before there is one."""
    if row.review is None:
        raise Refused("还没有书面告知并处理陈述申辩，不能初审或决定。" if row.is_open else "该件没有在办的审核。")
    return row.review


def expect(row: Revocation, *stages: RevocationStage) -> None:
    """Raises Conflict when the procedure has gone on meanwhile."""
    if row.stage not in stages:
        raise Conflict(f"该件{row.get_stage_display()}，请刷新后再办。")


def keep(upload: attachments.Upload, row: Revocation, *, audience: Audience, by: User) -> Attachment:
    """One paper of the procedure, as an attachment."""
    return attachments.store(
        upload, by=by, organisation=row.operator, audience=audience, kinds=PAPERS, kind="revocation_paper"
    )


def store(
    row: Revocation, uploads: Sequence[attachments.Upload], *, slot: RevocationPaperSlot, audience: Audience, by: User,
    main: bool = True,
) -> None:  # fmt: skip
    """The files beside the row; the main one is stored already."""
    if len(uploads) > FILES_MAX:
        raise Refused(f"一次最多{FILES_MAX}个文件，请合并后再上传。")
    files = [row.evidence] if main else []
    files += [keep(upload, row, audience=audience, by=by) for upload in uploads[1 if main else 0 :]]
    for file in files:
        assert file is not None
        RevocationPaper.objects.create(revocation=row, slot=slot, attachment=file, added_by=by)


def report(row: Revocation, *, entered_by: User, by: User) -> None:
    """The file goes to 初审: its review carries the number of the procedure."""
    review = review_services.open_review(
        kind=Kind.REVOCATION,
        object_id=row.pk,
        title=f"{row.station.name}取消资格",
        organisation=row.operator,
        url_name="oversight:revocation",
        open_key=f"{Kind.REVOCATION}:{row.station_id}",
        by=entered_by,
    )
    review = review_services.lock(review.pk)
    review.number = row.number
    row.review = review_services.transition(review, Action.SUBMIT, by=by).review
    row.stage = RevocationStage.REPORTED
    row.save()


def close(row: Revocation, stage: RevocationStage, reason: str, *, by: User, action: str) -> None:
    """Ends the procedure with a reason. Raises Refused without one."""
    if not reason.strip():
        raise Refused("请写明理由。", problems=(("请写明理由。", "#id_reason"),))
    row.stage, row.closing_reason = stage, reason.strip()
    row.save()
    record(by=by, action=action, obj=row)


def move(station: Station, state: StationState, *, by: User, why: str) -> None:
    """Gives the station its new state, on record. Raises Refused where the area has another station of the unit."""
    before, station.state = station.state, state
    try:
        with transaction.atomic():
            station.save(update_fields=["state"])
    except IntegrityError as error:
        if "station_one_per_area" not in str(error):
            raise
        raise Refused("该单位在此地区已另有工作站，不能恢复这一个。") from error
    record(by=by, action="station.revocation", obj=station, detail={"before": before, "after": state, "why": why})


def restore(row: Revocation, *, by: User, why: str) -> None:
    """The station's former state as things stand today."""
    station = row.station
    states = [FindingState(one) for one in station.findings.values_list("state", flat=True)]
    former = StationState(row.former_state)
    state_now = restored(former, all_put_right=all_settled(states), term_to=station.term_to, on=today())
    move(station, state_now, by=by, why=why)
