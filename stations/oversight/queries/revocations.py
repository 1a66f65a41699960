"""Reads of 取消资格: who may see what, the letter and the decision as they read, the alerts that may lead to one."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import date_cn
from jinhua_labor.documents.letters import RevocationWarning
from jinhua_labor.documents.official import OfficialDocument, Paragraph
from jinhua_labor.rulebook import policy_on
from stations.oversight.enums import Ground, RevocationStage
from stations.oversight.models import Revocation, RevocationPaper, RevocationQuerySet
from stations.oversight.rules.revocations import needs_hearing
from stations.registry.enums import PUBLIC_STATES, StationState
from stations.registry.models import Station
from stations.registry.queries.papers import alerts_of
from stations.registry.rules import Revocation as Dates
from stations.registry.rules import bar_of

from .changes import without_liaison

RELATED = ("station__operator", "operator", "review", "document__signed_file", "notice", "ban", "evidence")


def title(row: Revocation) -> str:
    return f"关于取消{row.station.name}资格的决定"


def said(row: Revocation, *, doc_no: str = "", issued_on: dt.date | None = None) -> dict[str, Any]:
    """What the decision says, as plain data; without number and date it is the draft."""
    policy = policy_on(issued_on or today()).policy
    until = bar_of(Dates(issued_on), policy=policy).until if issued_on else None
    return {
        "title": title(row),
        "main_to": row.operator.name,
        "regulation": policy.document.regulation,
        "basis": policy.doc_no,
        "station": row.station.name,
        "number": row.station.number,
        "voluntary": row.voluntary,
        "grounds": [str(ground) for ground in row.grounds],
        "facts": row.facts,
        "notified_on": row.notified_on.isoformat() if row.notified_on else "",
        "stated": bool(row.statement),
        "answer": row.answer,
        "proposed_on": row.proposed_on.isoformat() if row.proposed_on else "",
        "banned_until": until.isoformat() if until else "",
        "remedy": policy.settings.remedy_text,
        "doc_no": doc_no,
        "issued_on": issued_on.isoformat() if issued_on else "",
    }


def document(content: dict[str, Any]) -> OfficialDocument:
    """取消资格决定 after GB/T 9704-2012, of such content."""
    issued_on = _day(content["issued_on"])
    basis = f"《{content['regulation']}》（{content['basis']}）第八条"
    clauses = "、".join(f"第{Ground(ground).label.split('）')[0]}）项" for ground in content["grounds"])
    first = f"{content['station']}（站点编号：{content['number']}）由你单位承建。"
    if content["voluntary"]:
        first += f"{_said_day(content['proposed_on'])}，你单位主动申请取消该工作站资格。"
    else:
        first += "经查，存在下列事实："
    blocks = [Paragraph(first), *map(Paragraph, _lines(content["facts"]))]
    if not content["voluntary"]:
        heard = "你单位提出了陈述申辩。" if content["stated"] else "你单位逾期未陈述申辩。"
        blocks.append(
            Paragraph(f"{_said_day(content['notified_on'])}，已书面告知你单位事实、理由、依据和陈述申辩的权利。{heard}")
        )
        if content["stated"]:
            blocks += [Paragraph(line) for line in _lines(content["answer"])]
    until = _day(content["banned_until"])
    limit = f"{date_cn(until)}（含）前" if until else "2年内（至　　　年　　月　　日止）"
    blocks += [
        Paragraph(
            f"上述情形符合{basis}{clauses}的规定，经区就业服务中心提出，决定取消{content['station']}资格，并予以公布。"
        ),
        Paragraph(f"依据{basis}，你单位{limit}不得重新申报。请按期交回工作站铭牌，妥善处理未了事项。"),
        Paragraph(content["remedy"]),
    ]
    return OfficialDocument(
        title=content["title"],
        main_to=content["main_to"],
        blocks=tuple(blocks),
        doc_no=content["doc_no"],
        issued_on=issued_on,
        printed_on=issued_on,
    )


def decision_of(row: Revocation) -> OfficialDocument:
    """What was issued, or the draft as things stand."""
    return document(row.document.content if row.document else said(row))


def warning_of(row: Revocation) -> RevocationWarning:
    """事先告知书 of this procedure; a draft while it is not given."""
    settings = policy_on(row.notified_on or today()).policy.settings
    return RevocationWarning(
        number=row.number,
        unit=row.operator.name,
        station=row.station.name,
        facts=row.facts,
        grounds=tuple(row.ground_labels),
        workdays=settings.defence_workdays,
        until=row.defence_until,
        issued_on=row.notified_on,
    )


def announcement(row: Revocation, *, doc_no: str, issued_on: dt.date, until: dt.date) -> tuple[str, str]:
    """Title and text of 公布: unit, station, clause, bar. No facts of a person."""
    clauses = "、".join(f"第{label.split('）')[0]}）项" for label in row.ground_labels)
    return (
        f"关于取消{row.station.name}资格的公告",
        f"根据《{policy_on(issued_on).policy.document.regulation}》第八条{clauses}的规定，{doc_no}（{date_cn(issued_on)}）"
        f"决定取消{row.station.name}（承建单位：{row.operator.name}，站点编号：{row.station.number}）资格，现予公布。\n"
        f"该单位{date_cn(until)}（含）前不得重新申报。",
    )


def papers_for(row: Revocation, user: User) -> QuerySet[RevocationPaper]:
    """The files this person may open: who complained is the offices' matter."""
    rows = row.papers.select_related("attachment")
    if user.role in OFFICE_ROLES or user.role == Role.AUDITOR:
        return rows
    return rows.filter(attachment__audience__in=[Audience.PARTY_AND_OFFICE, Audience.PUBLIC])


# --- lists ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RevocationFilters:
    """What the address says: words and stage."""

    q: str = ""
    stage: str = ""

    @property
    def any(self) -> bool:
        return bool(self.q or self.stage)


def listed(user: User, filters: RevocationFilters) -> RevocationQuerySet:
    rows = Revocation.objects.visible_to(user).select_related("station", "operator", "review", "notice")
    for word in filters.q.split()[:5]:
        rows = rows.filter(
            Q(number__icontains=word) | Q(station__name__icontains=word) | Q(operator__name__icontains=word)
        )
    if filters.stage in RevocationStage.values:
        rows = rows.filter(stage=filters.stage)
    return rows.order_by("-created_at", "id")


LOOKS = {
    RevocationStage.DRAFT: "DRAFT",
    RevocationStage.PROPOSED: "PENDING",
    RevocationStage.NOTIFIED: "PENDING",
    RevocationStage.DECIDED: "REVOKED",
    RevocationStage.DISMISSED: "REJECTED",
    RevocationStage.REVERSED: "WITHDRAWN",
    RevocationStage.WITHDRAWN: "WITHDRAWN",
    RevocationStage.DROPPED: "WITHDRAWN",
}


def shown_state(row: Revocation, user: User) -> dict[str, Any]:
    """State and word for the pill: while it is reported, where its review stands."""
    if row.stage == RevocationStage.REPORTED and row.review is not None:
        return {"state": row.review.state, "label": row.review.label_for(user)}
    label = row.get_stage_display()
    if row.stage == RevocationStage.DECIDED:
        label = "已取消，已公布" if row.announced_on else "已取消，待公布"
    elif row.stage == RevocationStage.NOTIFIED:
        label = "陈述申辩待处理" if row.statement else "陈述申辩中"
    return {"state": LOOKS[RevocationStage(row.stage)], "label": label}


def waiting(user: User, *, day: dt.date) -> RevocationQuerySet:
    """What this person has to do beside the inbox: tell, answer, deliver, take the plaque back; the unit: speak."""
    rows = Revocation.objects.visible_to(user).select_related("station", "operator")
    if user.role == Role.CENTRE:
        todo = Q(stage__in=[RevocationStage.DRAFT, RevocationStage.PROPOSED])
        todo |= Q(stage=RevocationStage.NOTIFIED) & (~Q(statement="") | Q(defence_until__lt=day))
        todo |= Q(stage=RevocationStage.DECIDED) & (
            Q(delivered_on__isnull=True) | Q(plaque_due_on__isnull=False, plaque_returned_on__isnull=True)
        )
        return rows.filter(todo).order_by("created_at")
    if user.role == Role.OPERATOR:
        todo = Q(stage=RevocationStage.NOTIFIED, statement="", defence_until__gte=day)
        todo |= Q(stage=RevocationStage.DECIDED, plaque_due_on__isnull=False, plaque_returned_on__isnull=True)
        return rows.filter(todo).order_by("created_at")
    return rows.none()


def next_step(row: Revocation, user: User) -> tuple[str, dt.date | None]:
    """What waits for this person in a row of `waiting()`, and until when."""
    if row.stage == RevocationStage.DECIDED:
        if user.role == Role.CENTRE and row.delivered_on is None:
            return "送达取消决定", None
        return ("收回铭牌" if user.role == Role.CENTRE else "交回铭牌"), row.plaque_due_on
    if user.role == Role.OPERATOR:
        return "陈述申辩", row.defence_until
    words = {RevocationStage.DRAFT: "核对取消资格拟稿", RevocationStage.PROPOSED: "书面告知"}
    return words.get(RevocationStage(row.stage), "处理陈述申辩" if row.statement else "逾期未陈述，报审"), None


def holds_grants(station: Station) -> bool:
    """暂停: read, not stored (design §1.4): an open procedure other than the unit's own wish."""
    return any(needs_hearing(grounds) for grounds in station.revocations.open().values_list("grounds", flat=True))


# --- alerts -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StationAlert:
    """A running station that may no longer meet the conditions (第八条（二）), and why; never an automatic act."""

    station: Station
    reasons: tuple[str, ...]


def alerts(user: User, *, day: dt.date, only: Collection[uuid.UUID] | None = None) -> list[StationAlert]:
    """Running stations with a paper run out, a site lost or nobody in charge too long; three queries."""
    rows = Station.objects.visible_to(user).filter(state__in=PUBLIC_STATES)
    rows = rows.exclude(state=StationState.REVOKING).select_related("operator").order_by("number")
    if only is not None:
        rows = rows.filter(pk__in=list(only))
    found = list(rows)
    papers = alerts_of([row.pk for row in found], on=day)
    alone = {one.station.pk: one.gap for one in without_liaison(user, day=day) if one.long}
    made = []
    for row in found:
        reasons = [alert.text for alert in papers[row.pk] if alert.is_ground]
        if gap := alone.get(row.pk):
            reasons.append(f"{date_cn(gap.start)}起没有专人，已{gap.days}天")
        if reasons:
            made.append(StationAlert(row, tuple(reasons)))
    return made


def prefilled(station: Station, user: User, *, day: dt.date) -> dict[str, Any]:
    """A proposal begun from the alerts; a person completes it and adds the evidence."""
    found = alerts(user, day=day, only=[station.pk])
    if not found:
        return {}
    reasons = "；".join(found[0].reasons)
    return {"grounds": [Ground.G2], "facts": f"经核对，截至{date_cn(day)}：{reasons}。"}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _said_day(text: str) -> str:
    day = _day(text)
    return date_cn(day) if day else "　　　年　　月　　日"
