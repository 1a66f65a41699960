"""发文: which approved applications wait for their document, and the 设立文件 as it would read (第五条; R-17, R-19)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Count, QuerySet

from jinhua_labor.accounts.models import User
from jinhua_labor.core.clock import today
from jinhua_labor.documents.official import OfficialDocument, Paragraph, StationLine, station_table
from jinhua_labor.review.states import State
from jinhua_labor.rulebook import policy_on
from stations.applications.models import Application, EstablishmentBatch

from .targets import area_text

TITLE_MAX = 120


def waiting(user: User) -> QuerySet[Application]:
    """Approved applications in no batch yet, the longest waiting first."""
    rows = Application.objects.visible_to(user).filter(
        review__state=State.APPROVED, station__isnull=True, batch__isnull=True
    )
    return rows.select_related("review", "operator").order_by("review__approved_at", "id")


def batches(user: User, *, issued: bool) -> QuerySet[EstablishmentBatch, Any]:
    """The open batches or the issued ones, the newest first, with how many applications each holds."""
    rows = EstablishmentBatch.objects.visible_to(user).filter(document__isnull=not issued)
    rows = rows.select_related("document", "created_by").annotate(size=Count("applications"))
    return rows.order_by("-issued_at", "-created_at", "id")


def members(batch: EstablishmentBatch) -> list[Application]:
    """The applications of a batch in the order in which the document lists them."""
    rows = batch.applications.select_related("review", "operator", "station", "roster_list")
    return list(rows.order_by("review__number", "id"))


def station_name(application: Application) -> str:
    """「金东区驻贵州省示例州示例县劳务协作工作站」."""
    return f"金东区驻{area_text(application)}劳务协作工作站"


def default_title(applications: Sequence[Application]) -> str:
    """The title of the document for these applications; short enough to be kept."""
    if not applications:
        return "关于同意设立省外劳务协作工作站的通知"
    first, count = station_name(applications[0]), len(applications)
    what = first if count == 1 else f"{first}等{count}个省外劳务协作工作站"
    title = f"关于同意设立{what}的通知"
    return title if len(title) <= TITLE_MAX else f"关于同意设立{count}个省外劳务协作工作站的通知"


def default_main_to(day: dt.date) -> str:
    """主送机关, as the notice itself was addressed, without the colon."""
    return policy_on(day).policy.document.addressee.rstrip("：:")


def content(
    batch: EstablishmentBatch,
    applications: Sequence[Application],
    *,
    doc_no: str = "",
    issued_on: dt.date | None = None,
) -> dict[str, Any]:
    """What the document says as plain data: kept with the number, printed by `document`."""
    day = issued_on or today()
    return {
        "title": batch.title,
        "main_to": batch.main_to,
        "doc_no": doc_no,
        "issued_on": issued_on.isoformat() if issued_on else "",
        "basis": policy_on(day).policy.doc_no,
        "stations": [
            {
                "application": row.review.number,
                "filing_no": row.filing_no,
                "name": station_name(row),
                "operator": row.operator.name,
                "credit_code": row.operator.credit_code,
                "area": area_text(row),
                "term_to": row.term_to.isoformat() if row.term_to else "",
            }
            for row in applications
        ],
    }


def document(said: dict[str, Any]) -> OfficialDocument:
    """The 设立文件 (GB/T 9704-2012) of such content; without number and date it is the draft with their blanks."""
    regulation = policy_on(today()).policy.document.regulation
    lines = tuple(
        StationLine(
            name=row["name"],
            operator=row["operator"],
            area=row["area"],
            term_end=dt.date.fromisoformat(row["term_to"]) if row["term_to"] else None,
        )
        for row in said["stations"]
    )
    issued_on = dt.date.fromisoformat(said["issued_on"]) if said["issued_on"] else None
    return OfficialDocument(
        title=said["title"],
        main_to=said["main_to"],
        blocks=(
            Paragraph(
                f"根据《{regulation}》（{said['basis']}）第五条的规定，经单位申请、区就业服务中心初审、我局审核，"
                f"同意设立下列{len(lines)}个省外劳务协作工作站："
            ),
            station_table(lines),
            Paragraph(
                "各承建单位应当严格遵守有关法律法规，确定专人负责劳务对接，建立工作台账，为区内用人主体做好省外劳动力"
                "输送服务。区就业服务中心应当履行日常监管职责，做好业务指导。"
            ),
            Paragraph("特此通知。"),
        ),
        doc_no=said["doc_no"],
        issued_on=issued_on,
        printed_on=issued_on,
    )
