"""登记发文: the document, and the longer term that begins with it (R-19)."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import IntegrityError, transaction
from django.utils import timezone

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments import services as attachments
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.documents.models import DocumentKind
from jinhua_labor.documents.services import number_problems, register
from jinhua_labor.mailbox.services import send
from stations.oversight.enums import RenewalState
from stations.oversight.models import Renewal
from stations.oversight.queries.renewals import said, standing_problems, title
from stations.oversight.rules.renewals import new_term_from
from stations.oversight.services.common import require
from stations.registry.enums import StationState
from stations.registry.models import Station

from .common import locked


@transaction.atomic
def issue(*, renewal_id: uuid.UUID, doc_no: str, issued_on: dt.date, upload: attachments.Upload, by: User) -> Renewal:
    """登记发文: number, 成文日期 and signed copy; the station has the new term and runs again (R-19).

    The same document entered twice is one. Raises Refused with one problem for each thing to mend.
    """
    require(by, Role.BUREAU)
    row = locked(renewal_id)
    station = row.station
    number, problems = _document_problems(doc_no, issued_on, row)
    if row.document is not None and (row.document.doc_no, row.document.issued_on) == (number, issued_on):
        return row
    if row.state != RenewalState.APPROVED:
        raise Conflict(f"该件{row.get_state_display()}，请刷新后查看。")
    if issued_on >= row.term_to:
        problems.append(("申请的经营期限在成文日期前已届满。", "#id_issue_issued_on"))
    problems += [(f"{found.clause}：{found.message}", "") for found in standing_problems(row, day=today())]
    if problems:
        raise Refused("还不能登记发文，请先处理以下问题。", problems=tuple(problems))
    signed = attachments.store(
        upload,
        by=by,
        organisation=row.operator,
        audience=Audience.PARTY_AND_OFFICE,
        kinds=("pdf",),
        kind="renewal_document",
    )
    row.document = register(
        kind=DocumentKind.RENEWAL,
        doc_no=number,
        title=title(row),
        issued_on=issued_on,
        content=said(row, doc_no=number, issued_on=issued_on),
        signed=signed,
        by=by,
    )
    row.state, row.term_from = RenewalState.ISSUED, new_term_from(row.term_was, issued_on)
    row.issued_by, row.issued_at = by, timezone.now()
    row.save()
    _extend(station, row, number, by=by)
    record(by=by, action="renewal.issue", obj=row, detail={"doc_no": number, "issued_on": issued_on.isoformat()})
    send(
        to_organisation=row.operator,
        subject=f"{station.name}已续期至{date_cn(row.term_to)}",
        body=f"{number}（{date_cn(issued_on)}）。经营期限自{date_cn(row.term_from)}起续至{date_cn(row.term_to)}止。",
        link=row.get_absolute_url(),
    )
    send(to_role=Role.CENTRE, subject=f"{station.name}已续期（{number}）", link=row.get_absolute_url())
    return row


def _extend(station: Station, row: Renewal, number: str, *, by: User) -> None:
    """The new term; a station whose term was over runs again. A term that follows without a gap goes on from its
    first day, one after a gap begins anew."""
    assert row.document is not None
    before = {"state": station.state, "term_from": station.term_from, "term_to": station.term_to}
    if row.document.issued_on > row.term_was:
        station.term_from = row.document.issued_on
    station.term_to = row.term_to
    if station.state == StationState.EXPIRED:
        station.state = StationState.ACTIVE
    try:
        with transaction.atomic():
            station.save(update_fields=["term_from", "term_to", "state"])
    except IntegrityError as error:
        if "station_one_per_area" not in str(error):
            raise
        raise Refused("承建单位在此协作地区已另有工作站，不能续期。") from error
    detail = {"before": before, "term_to": station.term_to, "doc_no": number}
    record(by=by, action="station.renew", obj=station, detail=detail)


def _document_problems(doc_no: str, issued_on: dt.date, row: Renewal) -> tuple[str, list[tuple[str, str]]]:
    """The number in its one spelling and what is wrong with it and with the date."""
    number, problems = number_problems(doc_no, issued_on, prefix="id_issue_")
    approved = timezone.localdate(row.review.approved_at) if row.review.approved_at else None
    if approved and issued_on < approved:
        problems.append((f"成文日期不能早于审核通过日期（{date_cn(approved)}）。", "#id_issue_issued_on"))
    return number, problems
