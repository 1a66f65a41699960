"""Reads of 变更报备: what a change says, what a new unit brings, what counts in a period, who has nobody."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Q, QuerySet

from jinhua_labor.accounts.enums import OrganisationState, Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.core.clock import today
from jinhua_labor.core.creditcode import CreditCodeError, parse
from jinhua_labor.policy.periods import ONE_DAY, Period
from jinhua_labor.policy.scoring import LiaisonFact
from jinhua_labor.rulebook import policy_on
from stations.oversight.enums import ChangeKind, ChangePaperSlot, ChangeState, UnitCondition, UnitCredit, UnitVerdict
from stations.oversight.models import ChangeReport, ChangeReportQuerySet
from stations.oversight.rules.changes import (
    ChangeFact,
    Move,
    UnitFacts,
    UnitProblem,
    unit_on,
    unit_problems,
    violations,
)
from stations.oversight.rules.liaison import Gap, Term, gaps, serving
from stations.registry.enums import PUBLIC_STATES, StationState
from stations.registry.models import Ban, Liaison, OperatorProfile, Station

Year = tuple[Station, Period]

FIELDS: dict[str, tuple[tuple[str, str], ...]] = {
    ChangeKind.OPERATOR: (("unit", "承建单位"), ("liaison", "对接专人"), ("liaison_phone", "专人电话")),
    ChangeKind.LIAISON: (("name", "姓名"), ("phone", "联系电话")),
    ChangeKind.HEAD: (("name", "姓名"), ("phone", "联系电话")),
    ChangeKind.ADDRESS: (("address", "工作站地址"),),
    ChangeKind.PARTNER: (("name", "合作机构"),),
    ChangeKind.NAME: (("name", "工作站名称"),),
}
"""What a change of each kind names, old and new, with its label."""

HAPPENED = Q(state__in=[ChangeState.SUBMITTED, ChangeState.RETURNED, ChangeState.FILED])
"""A report is a change that happens; one taken back or refused never did."""


def present(station: Station, kind: str, *, day: dt.date) -> dict[str, str]:
    """What the register says now, in the fields of this kind of change."""
    if kind == ChangeKind.ADDRESS:
        return {"address": station.address}
    if kind == ChangeKind.PARTNER:
        return {"name": station.partner_name}
    if kind == ChangeKind.NAME:
        return {"name": station.name}
    if kind == ChangeKind.HEAD:
        profile = OperatorProfile.objects.filter(pk=station.operator_id).first()
        return {"name": profile.head if profile else "", "phone": profile.head_phone if profile else ""}
    liaison = liaison_on(station, day)
    name, phone = (liaison.name, liaison.phone) if liaison else ("", "")
    if kind == ChangeKind.LIAISON:
        return {"name": name, "phone": phone}
    return {"unit": station.operator.name, "liaison": name, "liaison_phone": phone}


def rows_of(change: ChangeReport) -> list[tuple[str, str, str]]:
    """(label, old, new) of a change, for a table."""
    return [
        (label, change.old.get(name) or "—", change.new.get(name) or "—")
        for name, label in FIELDS[change.kind]
        if change.old.get(name) or change.new.get(name)
    ]


# --- 专人 -------------------------------------------------------------------------------------------------------------


def liaison_on(station: Station, day: dt.date) -> Liaison | None:
    """Who serves on the day."""
    return station.liaisons.filter(since__lte=day).filter(Q(until__isnull=True) | Q(until__gte=day)).first()


def terms(liaisons: Iterable[Liaison]) -> list[Term]:
    return [Term(row.since, row.until, row.name) for row in liaisons]


def station_gaps(station: Station, *, day: dt.date) -> tuple[Gap, ...]:
    """无专人 since the station exists; one query."""
    return gaps(terms(station.liaisons.all()), since=station.established_on, on=day)


@dataclass(frozen=True, slots=True)
class NoLiaison:
    """A station that has nobody today, since when, and whether that is long enough to be looked at (第八条（二）)."""

    station: Station
    gap: Gap
    long: bool


def without_liaison(user: User, *, day: dt.date) -> list[NoLiaison]:
    """Running stations without 专人 today, the longest first; one query."""
    settings = policy_on(day).policy.settings
    today_ = Q(liaisons__since__lte=day) & (Q(liaisons__until__isnull=True) | Q(liaisons__until__gte=day))
    rows = Station.objects.visible_to(user).filter(state__in=PUBLIC_STATES)
    rows = rows.exclude(pk__in=Station.objects.filter(today_).values("pk")).select_related("operator")
    rows = rows.annotate(last_day=Max("liaisons__until", filter=Q(liaisons__until__lt=day)))
    found = []
    for row in rows:
        start = row.last_day + ONE_DAY if row.last_day else row.established_on
        gap = Gap(start, day, open=True)
        found.append(NoLiaison(row, gap, gap.is_long(settings=settings)))
    return sorted(found, key=lambda one: (one.gap.start, one.station.number))


def same_person_elsewhere(station: Station, *, name: str, phone: str, day: dt.date) -> list[Station]:
    """Other running stations where this person serves too: worth a warning, nothing more (R-22)."""
    serving_now = Liaison.objects.filter(name=name, phone=phone, since__lte=day)
    serving_now = serving_now.filter(Q(until__isnull=True) | Q(until__gte=day)).exclude(station=station)
    return list(Station.objects.filter(pk__in=serving_now.values("station"), state__in=PUBLIC_STATES))


def late_changes(station: Station, period: Period) -> list[ChangeReport]:
    """Changes of a person in the period that were reported late or never (附件3 A3); each is one case."""
    rows = station.changes.filter(HAPPENED, effective_on__range=(period.start, period.end), on_time=False)
    return [row for row in rows.select_related("station", "operator") if row.of_person]


def liaison_fact(station: Station, period: Period) -> LiaisonFact:
    """附件3 A3: 专人 on the last day of the period (today while it runs), and the cases of the period."""
    return liaison_facts([(station, period)], day=today())[station.pk]


def liaison_facts(years: Collection[Year], *, day: dt.date) -> dict[uuid.UUID, LiaisonFact]:
    """附件3 A3 of one year each of these stations; two queries whatever their number."""
    stations = [station.pk for station, _ in years]
    served: dict[uuid.UUID, list[Liaison]] = defaultdict(list)
    for row in Liaison.objects.filter(station__in=stations):
        served[row.station_id].append(row)
    changed: dict[uuid.UUID, list[ChangeFact]] = defaultdict(list)
    rows = ChangeReport.objects.filter(HAPPENED, station__in=stations, effective_on__isnull=False).order_by()
    for station, kind, effective_on, on_time in rows.values_list("station", "kind", "effective_on", "on_time"):
        changed[station].append(ChangeFact(ChangeKind(kind), effective_on, on_time))
    return {
        station.pk: LiaisonFact(
            present=serving(terms(served[station.pk]), on=min(period.end, day)) is not None,
            violations=violations(changed[station.pk], period),
        )
        for station, period in years
    }


# --- 承建单位 ---------------------------------------------------------------------------------------------------------


def unit_facts(change: ChangeReport) -> UnitFacts:
    """What is known of the new unit now."""
    unit = change.new_operator
    assert unit is not None
    profile = OperatorProfile.objects.filter(pk=unit.pk).first()
    bars = Ban.objects.filter(credit_code=unit.credit_code, lifted_on__isnull=True)
    same = Station.objects.filter(operator=unit, area_key=change.station.area_key)
    return UnitFacts(
        active=unit.state == OrganisationState.ACTIVE,
        credit_code_valid=_valid(unit.credit_code),
        has_licence=bool(profile and profile.licence_no) or bool(unit.licence_no),
        licence_from=profile.licence_from if profile else None,
        licence_to=profile.licence_to if profile else None,
        barred_until=bars.aggregate(last=Max("last_day"))["last"],
        has_station_in_area=same.exclude(state__in=[StationState.REVOKED, StationState.EXPIRED]).exists(),
        accepted=change.accepted_at is not None,
        has_agreement=change.papers.filter(slot=ChangePaperSlot.PACT, superseded_at__isnull=True).exists(),
        agreement_from=change.agreement_from,
        agreement_to=change.agreement_to,
        credit=UnitCredit(change.credit_check) if change.credit_check else None,
        credit_waiver=change.credit_waiver,
        verdicts={UnitCondition(row.condition): UnitVerdict(row.verdict) for row in change.checks.all()},
    )


def _valid(code: str) -> bool:
    try:
        return bool(parse(code))
    except CreditCodeError:
        return False


def standing_problems(change: ChangeReport, *, day: dt.date, screening: bool = False) -> tuple[UnitProblem, ...]:
    """What keeps the new unit from taking the station over as things stand on the day."""
    return unit_problems(unit_facts(change), on=day, screening=screening)


def operator_on(station: Station, day: dt.date) -> str:
    """Id of the unit the station belonged to on the day: money goes to the unit on the period's last day (R-23)."""
    rows = station.changes.filter(kind=ChangeKind.OPERATOR, applied_on__isnull=False)
    moves = [Move(row.applied_on, str(row.operator_id), str(row.new_operator_id)) for row in rows if row.applied_on]
    return unit_on(str(station.operator_id), moves, day)


def people_of(station: Station) -> QuerySet[User]:
    """The unit's people with an account, for naming whose access ends and whose begins."""
    return User.objects.filter(organisation=station.operator_id, role=Role.OPERATOR).order_by("name", "id")


def unit_by_code(code: str) -> Organisation | None:
    """The operator registered under a credit code."""
    rows = Organisation.objects.operators().filter(state=OrganisationState.ACTIVE)
    return rows.filter(credit_code=code).first() if code else None


# --- lists ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChangeFilters:
    """What the address says: words, kind, state, only late ones."""

    q: str = ""
    kind: str = ""
    state: str = ""
    late: str = ""

    @property
    def any(self) -> bool:
        return bool(self.q or self.kind or self.state or self.late)


def listed(user: User, filters: ChangeFilters) -> ChangeReportQuerySet:
    """Changes this person may see, narrowed; what waits for the centre first."""
    rows = ChangeReport.objects.visible_to(user).select_related("station", "operator", "new_operator", "review")
    for word in filters.q.split()[:5]:
        rows = rows.filter(
            Q(number__icontains=word) | Q(station__name__icontains=word) | Q(operator__name__icontains=word)
        )
    if filters.kind in ChangeKind.values:
        rows = rows.filter(kind=filters.kind)
    if filters.state in ChangeState.values:
        rows = rows.filter(state=filters.state)
    if filters.late:
        rows = rows.filter(HAPPENED, on_time=False)
    return rows.order_by("-created_at", "id")


def waiting(user: User) -> ChangeReportQuerySet:
    """What this person has to do with changes: the centre files, a unit mends what came back or takes over."""
    rows = ChangeReport.objects.visible_to(user).select_related("station", "operator")
    if user.role == Role.CENTRE:
        return rows.filter(state=ChangeState.SUBMITTED, review__isnull=True).order_by("created_at")
    if user.role == Role.OPERATOR:
        unit = user.organisation_id
        mine = Q(operator=unit, state=ChangeState.RETURNED, review__isnull=True)
        mine |= Q(new_operator=unit, state=ChangeState.SUBMITTED, accepted_at__isnull=True)
        return rows.filter(mine).order_by("created_at")
    return rows.none()


def handovers_due(user: User, *, day: dt.date) -> ChangeReportQuerySet:
    """Filed changes whose handover list is missing: for the unit from the effective day, for the centre once late."""
    rows = ChangeReport.objects.visible_to(user).filter(state=ChangeState.FILED, handover_on__isnull=True)
    rows = rows.filter(handover_due_on__isnull=False, effective_on__lte=day).select_related("station", "operator")
    return rows.filter(handover_due_on__lt=day) if user.role != Role.OPERATOR else rows


def shown_state(change: ChangeReport, user: User) -> dict[str, Any]:
    """State and word for the pill: a change of 承建单位 stands where its review stands."""
    if change.review is not None and change.is_open:
        return {"state": change.review.state, "label": change.review.label_for(user)}
    looks = {ChangeState.FILED: "APPROVED", ChangeState.REFUSED: "REJECTED"}
    return {"state": looks.get(ChangeState(change.state), change.state), "label": change.get_state_display()}
