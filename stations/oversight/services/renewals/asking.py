"""What the unit does: asks, mends what came back, takes it back."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import transaction

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments import services as attachments
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.services import send
from jinhua_labor.review import services as review_services
from jinhua_labor.review.states import Action, Kind
from stations.oversight.enums import RenewalState
from stations.oversight.models import Renewal
from stations.oversight.queries.renewals import asking_problems
from stations.oversight.services.common import lock_station, require_unit_of
from stations.registry.enums import PaperKind
from stations.registry.services import papers

from .common import locked, refuse_standing


@dataclass(frozen=True, slots=True)
class Content:
    """What an application says: the new term, what changed (empty: nothing), the agreement as a version of the file."""

    term_to: dt.date
    changes: str
    agreement: papers.Content
    uploads: Sequence[attachments.Upload] = field(default=())


@transaction.atomic
def submit(*, station_id: uuid.UUID, content: Content, by: User, key: uuid.UUID) -> Renewal:
    """申请续期: goes to 初审 at once; the agreement becomes a new version in the station's file.

    The same form sent twice is one application. Raises Refused with every problem, or when one is open already.
    """
    station = lock_station(station_id)
    require_unit_of(station, by)
    if earlier := Renewal.objects.filter(pk=key, created_by=by).first():
        return earlier
    day = today()
    if station.renewals.open().exists():
        raise Refused("该工作站已有一件续期正在办理，请先办结或撤回那一件。")
    if found := asking_problems(station, day=day):
        raise Refused("现在不能申请续期。", problems=tuple((f"{row.clause}：{row.message}", "") for row in found))
    if not content.uploads:
        raise Refused("请上传劳务协作协议。", problems=(("请上传劳务协作协议。", "#id_files"),))
    row = Renewal(id=key, station=station, operator=station.operator, created_by=by, submitted_on=day)
    row.term_was = station.term_to
    _fill(row, content, by=by)
    refuse_standing(row, day=day)
    review = review_services.open_review(
        kind=Kind.RENEWAL,
        object_id=key,
        title=f"{station.name}续期",
        organisation=station.operator,
        url_name="oversight:renewal",
        open_key=f"{Kind.RENEWAL}:{station.pk}",
        by=by,
    )
    row.review = review_services.transition(review_services.lock(review.pk), Action.SUBMIT, by=by).review
    row.number = row.review.number
    row.save()
    record(by=by, action="renewal.submit", obj=row, detail={"term_to": row.term_to.isoformat()})
    _tell_centre(row)
    return row


@transaction.atomic
def amend(*, renewal_id: uuid.UUID, content: Content, by: User) -> Renewal:
    """补正: mended and handed in again; without a new file the agreement handed in before stands."""
    row = locked(renewal_id)
    _require_own(row, by)
    if row.state != RenewalState.RETURNED:
        raise Conflict(f"该件{row.get_state_display()}，现在不能修改。")
    if row.station.operator_id != row.operator_id:
        raise Conflict("提交之后承建单位已变更，这件申请只能撤回。")
    before = {"term_to": row.term_to.isoformat(), "changes": row.changes, "agreement": str(row.agreement_id)}
    _fill(row, content, by=by)
    refuse_standing(row, day=today())
    row.review = review_services.transition(row.review, Action.SUBMIT, by=by).review
    row.state, row.answer = RenewalState.SUBMITTED, ""
    row.save()
    record(by=by, action="renewal.amend", obj=row, detail={"before": before})
    _tell_centre(row)
    return row


@transaction.atomic
def withdraw(*, renewal_id: uuid.UUID, by: User) -> Renewal:
    """撤回, while the bureau has not decided; a new application may follow."""
    row = locked(renewal_id)
    _require_own(row, by)
    if row.state == RenewalState.WITHDRAWN:
        return row
    row.review = review_services.transition(row.review, Action.WITHDRAW, by=by).review
    row.state = RenewalState.WITHDRAWN
    row.save(update_fields=["state"])
    record(by=by, action="renewal.withdraw", obj=row)
    return row


def _require_own(row: Renewal, by: User) -> None:
    if by.role != Role.OPERATOR or by.organisation_id != row.operator_id:
        raise PermissionDenied


def _fill(row: Renewal, content: Content, *, by: User) -> None:
    row.term_to = content.term_to
    row.changes = content.changes.strip()
    row.unchanged = not row.changes
    if content.uploads:
        row.agreement = papers.add_version(
            station_id=row.station_id,
            kind=PaperKind.AGREEMENT,
            content=content.agreement,
            uploads=content.uploads,
            by=by,
        )


def _tell_centre(row: Renewal) -> None:
    send(
        to_role=Role.CENTRE,
        subject=f"续期待初审：{row.station.name}",
        body=f"受理编号{row.number}，{row.operator.name}，原期限至{date_cn(row.term_was)}，申请续至{date_cn(row.term_to)}。",
        link=row.get_absolute_url(),
    )
