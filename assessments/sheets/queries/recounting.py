"""A finished year counted again from today's rows under another definition of who counts (第一、二条, R-66); writes
nothing."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db.models import Case, Min, Q, When

from assessments.sheets.models import Assessment
from assessments.sheets.rules.facts import SheetFacts
from assessments.sheets.rules.people import PeopleCounts, count
from jinhua_labor.policy.periods import add_months
from jinhua_labor.policy.scoring import CasesFact, PeopleFact, RatioFact
from jinhua_labor.policy.types import Policy
from stations.roster import yearly
from stations.roster.enums import CountStatus
from stations.roster.models import Delivery, SkillCertificate
from stations.roster.queries.counting import LEAP
from stations.roster.queries.years import in_year
from stations.roster.rules import contract_timing
from stations.roster.services.recount_station import counted_under


@dataclass(frozen=True, slots=True)
class _Now:
    """One delivery as it stands, with the status it would have."""

    inside: bool
    status: str
    skilled: bool | None
    entry_on: dt.date
    result: str
    month_ok: bool | None
    due_on: dt.date | None
    timing: str
    number: int = 1


def recounted(year: Assessment, frozen: SheetFacts, *, draft: Policy, day: dt.date) -> SheetFacts:
    """The frozen facts of the year with the people of today's rows under `draft`; everything else stays frozen."""
    verdicts = counted_under(year.station, policy=draft, as_of=day)
    rows = list(_rows(year, verdicts, draft))
    counts = count(rows, period=year.period, cutoff=year.data_cutoff, as_of=day, policy=draft, frozen=False)
    return _with(frozen, counts, day)


def _with(frozen: SheetFacts, counts: PeopleCounts, day: dt.date) -> SheetFacts:
    return replace(
        frozen,
        as_of=day,
        contracts=CasesFact(counts.contracts.missing + counts.contracts.late, counts.counted),
        ledger=replace(frozen.ledger, delivered=counts.counted),
        people=PeopleFact(counts.counted, counts.skilled),
        retention=RatioFact(counts.retained, counts.matured),
        of_roster=counts.roster,
        of_contracts=counts.contracts,
        of_retention=counts.retention,
    )


def _rows(year: Assessment, verdicts: dict[uuid.UUID, str], draft: Policy) -> Iterator[_Now]:
    """The rows of the year, and others whose check may fall into it; two queries."""
    period = year.period
    before = add_months(period.start, -draft.retention_months) - LEAP
    near = Q(entry_on__gte=before, entry_on__lte=period.end)
    rows = Delivery.objects.filter(in_year(period) | near, station=year.station).order_by()
    held: dict[uuid.UUID, list[yearly.Certificate]] = defaultdict(list)
    certificates = SkillCertificate.objects.filter(delivery__in=rows, voided_at__isnull=True).order_by()
    for pk, kind, level, result in certificates.values_list("delivery", "kind", "level", "result"):
        held[pk].append(yearly.Certificate(kind, level, result))
    signed = Min("contracts__signed_on", filter=Q(contracts__voided_at__isnull=True))
    within = Case(When(in_year(period), then=True), default=False)
    told = ("pk", "entry_on", "status", "education", "retention__result", "retention__si_month_ok", "retention__due_on")
    for pk, entry_on, status, education, result, month_ok, due_on, first, inside in rows.annotate(
        first=signed, inside=within
    ).values_list(*told, "first", "inside"):
        now = verdicts.get(pk, status)
        if not inside and now != CountStatus.COUNTED:
            continue
        counts = inside and now == CountStatus.COUNTED
        yield _Now(
            inside=inside,
            status=now,
            skilled=yearly.skilled(held.get(pk, ()), education, policy=draft) is True,
            entry_on=entry_on,
            result=result or "",
            month_ok=month_ok,
            due_on=None if result else due_on,
            timing=str(contract_timing(entry_on, first, policy=draft)) if counts else "",
        )
