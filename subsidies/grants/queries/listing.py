"""Lists of grants and recoveries as each reader sees them, and what waits for whom beside the inbox of the review."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet, Sum

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.rulebook import policy_on
from stations.oversight.enums import Ground, RevocationStage
from stations.oversight.models import Revocation
from subsidies.grants.enums import OPEN_RECOVERY, PLAIN, GrantKind, PlainState, RecoveryStage, Stage
from subsidies.grants.models import Approval, Grant, GrantQuerySet, Recovery, RecoveryQuerySet
from subsidies.grants.rules import approval_steps

from .approving import publicity_of, remaining

RELATED = ("station", "payee", "review", "notice")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address says: words, item, state, year of the budget."""

    q: str = ""
    kind: str = ""
    stage: str = ""
    year: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Filters:
        return cls(*(query.get(name, "").strip() for name in ("q", "kind", "stage", "year")))

    @property
    def any(self) -> bool:
        return bool(self.q or self.kind or self.stage or self.year)


def listed(user: User, filters: Filters) -> GrantQuerySet:
    """The latest first."""
    rows = Grant.objects.visible_to(user).select_related(*RELATED)
    for word in filters.q.split()[:5]:
        rows = rows.filter(Q(station__name__icontains=word) | Q(payee__name__icontains=word))
    if filters.kind in GrantKind.values:
        rows = rows.filter(kind=filters.kind)
    if filters.year.isascii() and filters.year.isdigit() and len(filters.year) == 4:
        rows = rows.filter(fiscal_year=int(filters.year))
    if user.role == Role.OPERATOR:
        if filters.stage in PlainState.values:
            rows = rows.filter(stage__in=[stage for stage, plain in PLAIN.items() if plain == filters.stage])
    elif filters.stage in Stage.values:
        rows = rows.filter(stage=filters.stage)
    return rows.order_by("-final_on", "station__name", "kind", "period_no")


def stages(user: User) -> list[tuple[str, str]]:
    """The states to choose from: five for a unit, all for staff."""
    return list(PlainState.choices if user.role == Role.OPERATOR else Stage.choices)


LOOKS: dict[str, str] = {
    Stage.DRAFT: "DRAFT",
    Stage.SUBMITTED: "SUBMITTED",
    Stage.SCREENED: "SCREENED",
    Stage.REVIEWED: "SCREENED",
    Stage.APPROVED: "APPROVED",
    Stage.BATCHED: "PENDING",
    Stage.PAID: "APPROVED",
    Stage.ZERO: "WITHDRAWN",
    Stage.CANCELLED: "WITHDRAWN",
}


def pill(grant: Grant, user: User) -> dict[str, str]:
    """State and word, in the reader's words; an account that has to be looked at again comes first."""
    label = grant.label_for(user)
    if grant.recheck_reason:
        label = str(PlainState.CONFIRM.label) if user.role == Role.OPERATOR else "待核对账户"
    return {"state": "RETURNED" if grant.recheck_reason else LOOKS[grant.stage], "label": label}


@dataclass(frozen=True, slots=True)
class Totals:
    """What the list adds up to: standards, still due, out."""

    payable: Decimal
    paid: Decimal
    number: int


def totals(rows: GrantQuerySet) -> Totals:
    found = (
        rows.order_by()
        .exclude(stage__in=[Stage.CANCELLED])
        .aggregate(payable=Sum("payable", default=Decimal(0)), paid=Sum(F("paid") - F("returned"), default=Decimal(0)))
    )
    return Totals(found["payable"], found["paid"], rows.count())


def for_notice(user: User) -> list[Grant]:
    """Approved grants whose 公示稿 is still to be written, the longest waiting first."""
    rows = Grant.objects.visible_to(user).filter(stage=Stage.REVIEWED).select_related(*RELATED)
    return list(rows.filter(Q(notice__isnull=True) | Q(notice__state="WITHDRAWN")).order_by("review__approved_at"))


def waiting(user: User, *, day: dt.date) -> list[tuple[Grant, str]]:
    """What this person has to do beside the inbox, with its word: the unit's accounts, 公示稿, steps of 审批."""
    rows: QuerySet[Grant] = Grant.objects.visible_to(user).select_related(*RELATED)
    rechecks = Q(stage=Stage.APPROVED) & ~Q(recheck_reason="")
    if user.role == Role.OPERATOR:
        return [
            (row, "核对收款账户" if row.recheck_reason else "确认收款账户")
            for row in rows.filter(Q(stage=Stage.DRAFT) | rechecks).order_by("created_at")[:SHOWN]
        ]
    if user.role == Role.CENTRE:
        todo = [(row, "退票，核对账户") for row in rows.filter(rechecks)[:SHOWN]]
        if policy_on(day).policy.settings.grant_publicity_workdays:
            todo += [(row, "拟补贴公示稿") for row in for_notice(user)[:SHOWN]]
        return todo
    if user.role in {step.role for step in approval_steps(policy_on(day).policy.settings)}:
        return [(row, f"补贴审批：{label}") for row, label in to_approve(user, day=day)[:SHOWN]]
    return []


SHOWN = 8


def to_approve(user: User, *, day: dt.date) -> list[tuple[Grant, str]]:
    """Grants whose next step of 审批 is this person's: 公示 over, nobody's second hat; three queries."""
    rows = Grant.objects.visible_to(user).filter(stage=Stage.REVIEWED).select_related(*RELATED)
    rows = rows.exclude(review__screened_by=user).exclude(review__approved_by=user)
    found = []
    steps = Prefetch("approvals", queryset=Approval.objects.order_by("step"))
    for grant in rows.prefetch_related(steps, "notice__objections").order_by("review__approved_at"):
        following = remaining(grant, on=day)
        if not following or following[0].role != user.role or not publicity_of(grant, on=day).over:
            continue
        if any(row.by_id == user.pk and row.round == grant.rounds for row in grant.approvals.all()):
            continue
        found.append((grant, following[0].label))
    return found


def recoveries(user: User) -> RecoveryQuerySet:
    rows = Recovery.objects.visible_to(user)
    return rows.select_related("grant__station", "grant__payee", "revocation", "sheet")


def open_recoveries(user: User) -> list[tuple[Recovery, str]]:
    """Cases this person has to move on, with the word for it."""
    words: dict[str, dict[str, str]] = {
        Role.BUREAU: {RecoveryStage.OPEN: "发追回通知"},
        Role.FINANCE: {RecoveryStage.NOTIFIED: "登记退回"},
        Role.OPERATOR: {RecoveryStage.NOTIFIED: "退回补贴"},
    }
    mine = words.get(user.role, {})
    rows = recoveries(user).filter(stage__in=list(mine)).order_by("due_on", "opened_at")[:SHOWN] if mine else []
    return [(row, mine[row.stage]) for row in rows]


def fraud(rows: QuerySet[Revocation]) -> QuerySet[Revocation]:
    """Decisions for 弄虚作假、虚报冒领 that stand, with their station and document."""
    rows = rows.filter(stage=RevocationStage.DECIDED, grounds__contains=[Ground.G4])
    return rows.select_related("station", "operator", "document")


def unnamed() -> list[Revocation]:
    """Such decisions of stations with money out for which no case is open yet: the bureau names the grants (R-33).

    Grants it did not name stay with the unit; from a case the bureau may name another one later.
    """
    out = Grant.objects.filter(paid__gt=F("returned"))
    rows = fraud(Revocation.objects.filter(station__in=out.values("station")))
    rows = rows.exclude(pk__in=Recovery.objects.filter(revocation__isnull=False).values("revocation"))
    return list(rows.order_by("document__issued_on"))


def recovery_pill(row: Recovery) -> dict[str, Any]:
    looks = {
        RecoveryStage.OPEN: "PENDING",
        RecoveryStage.NOTIFIED: "RETURNED",
        RecoveryStage.RETURNED: "APPROVED",
        RecoveryStage.DROPPED: "WITHDRAWN",
    }
    return {"state": looks[RecoveryStage(row.stage)], "label": row.get_stage_display()}


def public_paid() -> GrantQuerySet:
    """Paid subsidies anybody may read of: unit, item, amount, day. Not what is being asked back or came back."""
    rows = Grant.objects.filter(stage=Stage.PAID, paid__gt=F("returned"))
    rows = rows.exclude(recoveries__stage__in=OPEN_RECOVERY)
    return rows.select_related("station", "payee").order_by("-paid_on", "payee__name", "kind", "period_no")
