"""A station's year as pages show it: its years, its rows by filters from the address, the marks beside each row."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Count, DateField, Exists, F, Min, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from jinhua_labor.core.clock import today
from jinhua_labor.core.provinces import PROVINCES
from jinhua_labor.policy.periods import Period
from jinhua_labor.rulebook import policy_on
from stations.roster import yearly
from stations.roster.enums import CertificateResult, ContractTiming, CorrectionKind, CountStatus, ReasonCode
from stations.roster.models import Contract, Delivery, FrozenYear, InsuredMonth, RowCorrection, SkillCertificate
from stations.roster.rules import InsuredMonth as Month

from .listing import as_uuid
from .years import in_year, qualified_spans

if TYPE_CHECKING:
    from jinhua_labor.policy.types import Policy
    from stations.registry.models import Station

WEEK = "week"


def years_of(station: Station, *, on: dt.date | None = None) -> tuple[Period, ...]:
    """The years of the station that have begun, the latest first, last what lies before (number 0)."""
    day = on or today()
    return yearly.years_begun(station.established_on, policy=policy_on(day).policy, on=day)


def named(period: Period) -> str:
    """What a year is called on pages."""
    return f"第{period.number}年度" if period.number else "设立以前"


@dataclass(frozen=True, slots=True)
class YearFilters:
    """What the rows of a year are narrowed to; empty fields narrow nothing."""

    status: str = ""
    code: str = ""
    employer: str = ""
    month: str = ""  # yyyymm of entry
    province: str = ""
    due: str = ""  # week: 本周应统计
    contract: str = ""
    q: str = ""
    person: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> YearFilters:
        """From the address; what is not a known value is ignored rather than refused."""
        month = query.get("month", "")
        province, contract = query.get("province", ""), query.get("contract", "")
        return cls(
            status=status if (status := query.get("status", "")) in CountStatus.values else "",
            code=code if (code := query.get("code", "")) in ReasonCode.values else "",
            employer=as_uuid(query.get("employer", "")),
            month=month if _month(month) is not None else "",
            province=province if province in PROVINCES or province == "none" else "",
            due=WEEK if query.get("due", "") == WEEK else "",
            contract=contract if contract in ContractTiming.values else "",
            q=query.get("q", "").replace("\x00", "").strip()[:50],
            person=as_uuid(query.get("person", "")),
        )

    @property
    def any(self) -> bool:
        return any(asdict(self).values())

    @property
    def query(self) -> str:
        """The filters as a query string without those that are empty."""
        return urlencode({name: value for name, value in asdict(self).items() if value})

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def _month(text: str) -> dt.date | None:
    try:
        return dt.date(int(text[:4]), int(text[4:]), 1) if len(text) == 6 and text.isascii() else None
    except ValueError:
        return None


def rows_of(station: Station, period: Period) -> QuerySet[Delivery]:
    """Every row of the station that belongs to the year (R-07)."""
    return Delivery.objects.filter(in_year(period), station=station)


def filtered(
    station: Station, period: Period, filters: YearFilters, *, on: dt.date | None = None
) -> QuerySet[Delivery]:
    """The rows that pass, by day of entry."""
    day = on or today()
    policy = policy_on(day).policy
    rows = rows_of(station, period)
    for name in ("status", "employer", "person"):
        if value := getattr(filters, name):
            rows = rows.filter(**{name: value})
    if filters.code:
        rows = rows.filter(codes__contains=[filters.code])
    if filters.province:
        rows = rows.filter(hukou_province="" if filters.province == "none" else filters.province)
    if filters.q:
        rows = rows.filter(name__contains=filters.q)
    if (first := _month(filters.month)) is not None:
        rows = rows.filter(entry_on__gte=first, entry_on__lt=_next_month(first))
    if filters.due:
        span = yearly.entries_checked(*yearly.week_of(day), policy=policy)
        rows = rows.filter(entry_on__range=span) if span else rows.none()
    if filters.contract:
        rows = _by_contract(rows, filters.contract, policy)
    return rows.order_by("entry_on", "seq", "id")


def _next_month(first: dt.date) -> dt.date:
    return dt.date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _by_contract(rows: QuerySet[Delivery], timing: str, policy: Policy) -> QuerySet[Delivery]:
    """By the state of the contract; the database's month and the notice's end on the same day (both clamp)."""
    live = Contract.objects.live().filter(delivery=OuterRef("pk"))
    if timing == ContractTiming.MISSING:
        return rows.exclude(Exists(live))
    # An interval of months: Django's DurationField knows days only.
    limit = F("delivery__entry_on") + _months(policy.contract_grace_months)
    timely = Contract.objects.live().filter(delivery=OuterRef("pk"), signed_on__lte=limit)
    return rows.filter(Exists(live), Exists(timely) if timing == ContractTiming.TIMELY else ~Exists(timely))


def _months(number: int) -> Any:
    return RawSQL("make_interval(months => %s)", [number], output_field=DateField())  # a constant


@dataclass(frozen=True, slots=True)
class YearTally:
    """Rows of a year by status; a person has at most one row a year that counts or may count (R-07)."""

    raw: int
    counted: int
    pending: int
    excluded: int

    def of(self, filters: YearFilters) -> int | None:
        """How many rows pass, where these numbers know: all of them, or those of one status; None for the rest."""
        if filters != YearFilters(status=filters.status):
            return None
        return int(getattr(self, filters.status.lower() or "raw"))


def tally(station: Station, period: Period) -> YearTally:
    """The numbers of a year; one query along the index of station and entry."""
    found = rows_of(station, period).aggregate(
        raw=Count("pk"),
        counted=Count("pk", filter=Q(status=CountStatus.COUNTED)),
        pending=Count("pk", filter=Q(status=CountStatus.PENDING)),
        excluded=Count("pk", filter=Q(status=CountStatus.EXCLUDED)),
    )
    return YearTally(**found)


# --- The marks beside the rows of one page ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Marked:
    """A row with what stands beside it: its clocks, its contract, whether it is skilled, whether another has it too."""

    row: Delivery
    clocks: yearly.Clocks
    contract: ContractTiming
    skilled: bool | None
    claimed: bool
    changed: bool = False

    @property
    def contract_label(self) -> str:
        return str(self.contract.label)


def marked(rows: Sequence[Delivery], *, on: dt.date | None = None) -> list[Marked]:
    """The rows of one page with their marks: five queries for all of them together."""
    day = on or today()
    policy = policy_on(day).policy
    keys = [row.pk for row in rows]
    months = months_of({row.person_id for row in rows})
    signed = dict(
        Contract.objects.live().filter(delivery__in=keys).values_list("delivery").annotate(Min("signed_on")).order_by()
    )
    certificates = certificates_of(keys)
    claimed = claimed_elsewhere(rows)
    changed = set(
        RowCorrection.objects.filter(delivery__in=keys, frozen__isnull=False)
        .exclude(kind=CorrectionKind.LEAVE)
        .values_list("delivery", flat=True)
    )
    return [
        Marked(
            row,
            yearly.clocks(
                row.entry_on,
                months.get(row.person_id, ()),
                qualified=row.qualified_on is not None,
                policy=policy,
                on=day,
            ),
            yearly.contract_of(row.entry_on, [signed[row.pk]] if row.pk in signed else [], policy=policy),
            yearly.skilled(certificates.get(row.pk, ()), row.education, policy=policy),
            row.pk in claimed,
            row.pk in changed,
        )
        for row in rows
    ]


def months_of(persons: set[Any]) -> dict[Any, list[Month]]:
    """The insured months of some people; of several extracts that name a month, the latest one's rows."""
    found: dict[Any, dict[int, tuple[Any, list[Month]]]] = defaultdict(dict)
    rows = (
        InsuredMonth.objects.filter(person__in=persons)
        .order_by("-extract__at")
        .values_list("person_id", "extract_id", "month", "kind", "place", "payer_code", "status", "paid_on")
    )
    for person, extract, month, *rest in rows:
        holder, months = found[person].setdefault(month, (extract, []))
        if holder == extract:
            months.append(Month(month, *rest))
    return {person: [one for _, held in by_month.values() for one in held] for person, by_month in found.items()}


def certificates_of(keys: Sequence[Any]) -> dict[Any, list[yearly.Certificate]]:
    """The live certificates of some deliveries as the rule reads them."""
    found: dict[Any, list[yearly.Certificate]] = defaultdict(list)
    rows = SkillCertificate.objects.live().filter(delivery__in=keys)
    for delivery, kind, level, result in rows.values_list("delivery_id", "kind", "level", "result"):
        found[delivery].append(yearly.Certificate(kind, level, result))
    return found


def claimed_elsewhere(rows: Sequence[Delivery]) -> set[Any]:
    """The rows whose person another station registered as well and the centre has not decided (E14): the later one
    carries the code itself, the earlier one is told by the other's."""
    later = Delivery.objects.filter(
        person__in={row.person_id for row in rows}, codes__contains=[ReasonCode.E14]
    ).values_list("person_id", "pk")
    by_person: dict[Any, set[Any]] = defaultdict(set)
    for person, pk in later:
        by_person[person].add(pk)
    return {
        row.pk
        for row in rows
        if ReasonCode.E14 in row.codes
        or (by_person.get(row.person_id, set()) - {row.pk} and row.status != CountStatus.EXCLUDED)
    }


# --- Frozen years -----------------------------------------------------------------------------------------------------


def frozen_year(station: Station, number: int) -> FrozenYear | None:
    """The year as it was frozen, None while it is open."""
    return FrozenYear.objects.filter(station=station, period_no=number).select_related("frozen_by").first()


def fingerprint(row: Delivery) -> str:
    """A digest of the contents of a row: what a frozen year keeps instead of names."""
    said = (
        row.pk, row.name, row.hukou_text, row.employer_id, row.entry_on, row.employment_form,
        row.contract_employer_code,
    )  # fmt: skip
    return hashlib.sha256(repr([str(value) for value in said]).encode()).hexdigest()[:16]


def year_rows(station: Station, period: Period, *, policy: Policy) -> Iterator[yearly.YearRow]:
    """The rows of a year as a freeze keeps them, streamed."""
    within = in_year(period, "delivery__")
    certificates: dict[Any, list[yearly.Certificate]] = defaultdict(list)
    of_year = SkillCertificate.objects.live().filter(within, delivery__station=station)
    for delivery, kind, level, result in of_year.values_list("delivery_id", "kind", "level", "result"):
        certificates[delivery].append(yearly.Certificate(kind, level, result))
    before = _counted_before(station, period)
    for row in rows_of(station, period).order_by("entry_on", "seq", "id").iterator(chunk_size=2000):
        if str(row.pk) in before:
            continue
        yield yearly.YearRow(
            str(row.pk),
            str(row.person_id),
            row.status,
            tuple(sorted(row.codes)),
            row.qualified_on.isoformat() if row.qualified_on else None,
            yearly.skilled(certificates.get(row.pk, ()), row.education, policy=policy) is True,
            fingerprint(row),
        )


def _counted_before(station: Station, period: Period) -> set[str]:
    """Deliveries an earlier frozen year counts already. Only where a row may move on with its insurance: a month found
    later must not count it a second time."""
    if not qualified_spans():
        return set()
    earlier = FrozenYear.objects.filter(station=station, period_no__lt=period.number).values_list("rows", flat=True)
    rows = (yearly.YearRow.read(row) for kept in earlier for row in kept)
    return {row.delivery for row in rows if row.status == CountStatus.COUNTED}


def changes_since(frozen: FrozenYear) -> list[yearly.Since]:
    """快照后变更 of a frozen year."""
    period = Period(frozen.period_no, frozen.starts_on, frozen.ends_on)
    now = year_rows(frozen.station, period, policy=policy_on(frozen.as_of).policy)
    return list(yearly.changed_since((yearly.YearRow.read(row) for row in frozen.rows), now))


def skilled_count(station: Station, period: Period) -> tuple[int, int]:
    """(技术技能人才 among the counted of the year, certificates of the year still to be looked up); one query, where
    education counts by itself two."""
    policy = policy_on(today()).policy
    found: dict[Any, list[yearly.Certificate]] = defaultdict(list)
    educations: dict[Any, str] = {}
    waiting = 0
    of_year = SkillCertificate.objects.live().filter(in_year(period, "delivery__"), delivery__station=station)
    columns = ("delivery_id", "delivery__status", "delivery__education", "kind", "level", "result")
    for delivery, status, education, kind, level, result in of_year.values_list(*columns):
        waiting += result == CertificateResult.PENDING
        if status == CountStatus.COUNTED:
            educations[delivery] = education
            found[delivery].append(yearly.Certificate(kind, level, result))
    if policy.tech_edu_counts:
        counted = rows_of(station, period).filter(status=CountStatus.COUNTED)
        educations |= dict(counted.order_by().values_list("pk", "education"))
    number = sum(
        yearly.skilled(found.get(pk, ()), education, policy=policy) is True for pk, education in educations.items()
    )
    return number, waiting
