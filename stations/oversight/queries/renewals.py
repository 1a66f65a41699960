"""Reads of 续期: what stands in the way, the document as it reads, lists, what waits, whose term is about to end."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import date_cn
from jinhua_labor.documents.official import OfficialDocument, Paragraph
from jinhua_labor.rulebook import policy_on
from stations.oversight.enums import RenewalState
from stations.oversight.models import Renewal, RenewalQuerySet
from stations.oversight.rules.renewals import RenewalFacts, RenewalProblem, new_term_from, renewal_problems
from stations.registry.enums import PaperKind, StationState
from stations.registry.models import Ban, Station, StationPaper, StationQuerySet
from stations.registry.queries.directory import area_text
from stations.registry.queries.papers import alerts_of

RELATED = ("station__operator", "operator", "review", "document__signed_file", "agreement", "issued_by")
RUNNING = (StationState.ACTIVE, StationState.RECTIFYING)
CLOSED_STATIONS = (StationState.REVOKED, StationState.EXPIRED)


def facts_of(station: Station, *, day: dt.date, renewal: Renewal | None = None) -> RenewalFacts:
    """What is known now of the station, and of what is asked; three queries."""
    bars = Ban.objects.filter(credit_code=station.operator.credit_code, lifted_on__isnull=True)
    others = Station.objects.filter(operator=station.operator_id, area_key=station.area_key).exclude(pk=station.pk)
    papers = alerts_of([station.pk], on=day)[station.pk]
    return RenewalFacts(
        state=StationState(station.state),
        term_to=renewal.term_was if renewal else station.term_to,
        asked_to=renewal.term_to if renewal else None,
        asked_on=renewal.submitted_on if renewal else None,
        same_unit=renewal is None or renewal.operator_id == station.operator_id,
        barred_until=bars.aggregate(last=Max("last_day"))["last"],
        other_station_in_area=others.exclude(state__in=CLOSED_STATIONS).exists(),
        lapsed=tuple(alert.text for alert in papers if alert.is_ground),
        agreement_refused=renewal is not None and renewal.agreement.accepted is False,
        agreement_to=renewal.agreement.valid_to if renewal else None,
    )


def standing_problems(renewal: Renewal, *, day: dt.date) -> tuple[RenewalProblem, ...]:
    """What keeps this renewal from being agreed to as things stand on the day."""
    return renewal_problems(facts_of(renewal.station, day=day, renewal=renewal), on=day, policy=policy_on(day).policy)


def asking_problems(station: Station, *, day: dt.date) -> tuple[RenewalProblem, ...]:
    """What keeps a renewal from being asked for today; papers that have run out are for the application itself."""
    facts = facts_of(station, day=day)
    found = renewal_problems(facts, on=day, policy=policy_on(day).policy)
    return tuple(row for row in found if row.clause != "第三条")


def last_agreement(station: Station) -> StationPaper | None:
    """The newest version of the agreement, whose words are offered again."""
    return station.papers.filter(kind=PaperKind.AGREEMENT).order_by("-version").first()


# --- the document -----------------------------------------------------------------------------------------------------


def title(row: Renewal) -> str:
    return f"关于同意{row.station.name}续期的批复"


def said(row: Renewal, *, doc_no: str = "", issued_on: dt.date | None = None) -> dict[str, Any]:
    """What the document says, as plain data; without number and date it is the draft."""
    policy = policy_on(issued_on or today()).policy
    return {
        "title": title(row),
        "main_to": row.operator.name,
        "regulation": policy.document.regulation,
        "basis": policy.doc_no,
        "station": row.station.name,
        "number": row.station.number,
        "area": area_text(row.station),
        "request": row.number,
        "term_was": row.term_was.isoformat(),
        "term_from": new_term_from(row.term_was, issued_on).isoformat() if issued_on else "",
        "term_to": row.term_to.isoformat(),
        "changes": row.changes,
        "doc_no": doc_no,
        "issued_on": issued_on.isoformat() if issued_on else "",
    }


def document(content: dict[str, Any]) -> OfficialDocument:
    """续期批复 after GB/T 9704-2012, of such content."""
    issued_on = _day(content["issued_on"])
    begins = _day(content["term_from"])
    term = f"自{date_cn(begins)}起至" if begins else "至"
    ends = dt.date.fromisoformat(content["term_to"])
    was = dt.date.fromisoformat(content["term_was"])
    other = (
        f"其他事项的变化：{content['changes'].rstrip('。')}。按规定须报备的，请依第六条（三）另行报备。"
        if content["changes"]
        else "工作站的其他事项没有变化。"
    )
    blocks = (
        Paragraph(
            f"你单位关于{content['station']}续期的申请（编号：{content['request']}）收悉。"
            "经区就业服务中心初审、我局审核，现批复如下："
        ),
        Paragraph(
            f"一、同意{content['station']}（站点编号：{content['number']}，协作地区：{content['area']}）续期。"
            f"原经营期限至{date_cn(was)}止，续期后的经营期限{term}{date_cn(ends)}止。"
        ),
        Paragraph(f"二、{other}"),
        Paragraph(
            f"三、请继续按照《{content['regulation']}》（{content['basis']}）的规定开展工作，"
            "保持设立条件，接受日常监管和年度评估。"
        ),
        Paragraph("特此批复。"),
    )
    return OfficialDocument(
        title=content["title"],
        main_to=content["main_to"],
        blocks=blocks,
        doc_no=content["doc_no"],
        issued_on=issued_on,
        printed_on=issued_on,
    )


def document_of(row: Renewal) -> OfficialDocument:
    """What was issued, or the draft as things stand."""
    return document(row.document.content if row.document else said(row))


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


# --- lists ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RenewalFilters:
    """What the address says: words and state."""

    q: str = ""
    state: str = ""

    @property
    def any(self) -> bool:
        return bool(self.q or self.state)


def listed(user: User, filters: RenewalFilters) -> RenewalQuerySet:
    rows = Renewal.objects.visible_to(user).select_related("station", "operator", "review", "document")
    for word in filters.q.split()[:5]:
        rows = rows.filter(
            Q(number__icontains=word) | Q(station__name__icontains=word) | Q(operator__name__icontains=word)
        )
    if filters.state in RenewalState.values:
        rows = rows.filter(state=filters.state)
    return rows.order_by("-created_at", "id")


LOOKS = {RenewalState.APPROVED: "PENDING", RenewalState.ISSUED: "APPROVED", RenewalState.REFUSED: "REJECTED"}


def shown_state(row: Renewal, user: User) -> dict[str, Any]:
    """State and word for the pill: while it is under review, where the review stands."""
    if row.state in {RenewalState.SUBMITTED, RenewalState.RETURNED}:
        return {"state": row.review.state, "label": row.review.label_for(user)}
    state = RenewalState(row.state)
    return {"state": LOOKS.get(state, state.value), "label": state.label}


def waiting(user: User) -> RenewalQuerySet:
    """What this person has to do beside the inbox: the unit mends what came back, the bureau enters the document."""
    rows = Renewal.objects.visible_to(user).select_related("station", "operator", "review")
    if user.role == Role.BUREAU:
        return rows.filter(state=RenewalState.APPROVED).order_by("created_at")
    return rows.none()


def ending(*, day: dt.date) -> StationQuerySet:
    """Running stations whose term ends within the days in which a renewal may be asked for and that have asked for
    none; the nearest first."""
    soon = day + dt.timedelta(days=policy_on(day).policy.settings.renewal_window_days)
    rows = Station.objects.filter(state__in=RUNNING, term_to__range=(day, soon))
    asked = Renewal.objects.open().filter(station=OuterRef("pk"))
    return rows.exclude(Exists(asked)).order_by("term_to", "pk")


def ending_for(user: User, *, day: dt.date) -> StationQuerySet:
    """The same among the stations of this person's unit."""
    return Station.objects.visible_to(user).filter(pk__in=ending(day=day).values("pk")).order_by("term_to", "pk")


def unreminded(*, day: dt.date) -> StationQuerySet:
    """Those whose unit has not been told of this very last day."""
    return ending(day=day).filter(Q(term_reminded__isnull=True) | ~Q(term_reminded=F("term_to")))
