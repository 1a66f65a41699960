"""The printed papers of a file as the documents room wants them."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone

from jinhua_labor.core.dates import date_cn
from jinhua_labor.documents import forms, letters
from jinhua_labor.review.models import ReviewEvent
from jinhua_labor.review.states import State
from jinhua_labor.rulebook import policy_on
from stations.applications.enums import Channel
from stations.applications.models import Application, SupplementNotice
from stations.roster.queries import printed_rows

from .targets import area_text

ANNEX2_INLINE_ROWS = 1500
"""A longer 附件2 is made in the background."""


def annex1(application: Application, *, opinions: bool) -> forms.Annex1:
    """附件1 as it stands. `opinions` prints what the two offices wrote, once the decision is out."""
    review = application.review
    centre = bureau = forms.Opinion()
    if opinions and review.screened_at and review.screened_by:
        centre = forms.Opinion(review.screen_opinion, review.screened_by.name, timezone.localdate(review.screened_at))
    decided_at, decided_by = review.approved_at or review.rejected_at, review.approved_by or review.rejected_by
    if opinions and decided_at and decided_by:
        bureau = forms.Opinion(review.decision_opinion, decided_by.name, timezone.localdate(decided_at))
    return forms.Annex1(
        operator=application.operator.name,
        area=area_text(application),
        head=application.head,
        head_phone=application.head_phone,
        partner=application.partner_name,
        partner_head=application.partner_head,
        partner_phone=application.partner_phone,
        address=application.station_address,
        term_end=application.term_to,
        profile=application.profile,
        centre=centre,
        bureau=bureau,
    )


def may_print_opinions(application: Application, *, applicant: bool) -> bool:
    """An applicant's print carries the opinions only after the decision."""
    return not applicant or application.review.state in (State.APPROVED, State.REJECTED)


def annex2_head(application: Application) -> forms.Annex2Head:
    roster = application.roster_list
    return forms.Annex2Head(
        unit=application.operator.name, filled_on=roster.filled_on, filled_by=roster.filler, phone=roster.filler_phone
    )


def annex2_rows(application: Application) -> Iterator[forms.Annex2Row]:
    """The rows with full numbers; the caller records the read."""
    for row in printed_rows(application.roster_list):
        yield forms.Annex2Row(row.name, row.id_number, row.hukou, row.employer, row.entry_on)


def contact() -> str:
    return "、".join(part for part in ("区就业服务中心", settings.SITE_PHONE) if part)


def receipt(event: ReviewEvent) -> letters.Receipt:
    """The receipt of one hand-in, from what its event has frozen: the same paper whenever it is drawn."""
    review, detail = event.review, event.detail
    received = timezone.localtime(event.at)
    materials = {material.number: material for material in policy_on(received.date()).policy.materials}
    limits = policy_on(received.date()).policy.settings
    told: set[int] = set()
    items = []
    for paper in detail.get("papers", []):
        number = _number(paper["slot"])
        copies = detail.get("copies", {}).get(str(number))
        material = materials.get(number)
        words = f"{material.copy_kind}{copies}份" if copies and material and number not in told else ""
        told.add(number)
        items.append(letters.ReceiptItem(paper["label"], paper["name"], paper["size"], paper["sha256"], words))
    return letters.Receipt(
        number=review.number,
        applicant=review.organisation.name,
        matter=f"设立省外劳务协作工作站（{detail.get('area', '')}）",
        received_at=event.at,
        items=tuple(items),
        channel=f"{Channel(detail.get('channel', Channel.ONLINE)).label}提交",
        workers=detail.get("roster", {}).get("rows", 0),
        next_step=(
            f"区就业服务中心将在{limits.sla_initial_workdays}个工作日内完成初审；"
            f"材料需要补正的，在{limits.notice_workdays}个工作日内一次性告知。"
        ),
        contact=contact(),
    )


def _number(slot: str) -> int:
    return int(slot[1]) if slot[1:2].isdigit() else 0


def supplement_notice(notice: SupplementNotice) -> letters.SupplementNotice:
    """补正通知书 as it was issued."""
    application, review = notice.application, notice.application.review
    issued_on = timezone.localdate(notice.issued_at)
    submitted = review.events.filter(action="SUBMIT", at__lte=notice.issued_at).order_by("-at").first()
    return letters.SupplementNotice(
        number=f"{review.number}-补{notice.round}",
        applicant=application.operator.name,
        application_no=review.number,
        received_on=timezone.localdate(submitted.at if submitted else notice.issued_at),
        defects=tuple(letters.Defect(defect.label, defect.text) for defect in notice.defects.all()),
        deadline=notice.due_on,
        workdays=policy_on(issued_on).policy.settings.supplement_workdays,
        contact=contact(),
        issued_on=issued_on,
        again=notice.round > 1,
    )


def title_of(application: Application, what: str) -> str:
    """A file name: 「设立申请表-示例人力资源有限公司-2026年4月12日」."""
    day = application.review.submitted_at
    return "-".join([what, application.operator.name, *([date_cn(timezone.localdate(day))] if day else [])])
