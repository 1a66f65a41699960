"""A station with a year of people, papers, ledger, activities and complaints, as rows: what facts are gathered from."""

from __future__ import annotations

import datetime as dt
from typing import Any

from jinhua_labor.accounts.enums import Role
from jinhua_labor.policy.periods import Period, add_months
from stations.oversight.enums import ActivityRole, ActivityState, ComplaintState
from stations.registry.enums import PaperKind, Side
from stations.registry.models import Station
from stations.roster.enums import CertificateResult, CountStatus, RetentionResult
from stations.roster.models import Delivery
from stations.roster.services import freezing
from tests import factories
from tests.meta import rows, rows_ledger, rows_oversight, rows_retention, rows_roster, rows_safety

START, END = dt.date(2022, 4, 1), dt.date(2023, 3, 31)
OPENED = dt.date(2023, 4, 1)
PERIOD = Period(1, START, END)


def station(**fields: Any) -> Station:
    """Established on the first day of the year, with a 专人 since then."""
    made: Station = rows.station(**{"established_on": START, "term_from": START, **fields})
    rows.liaison(station=made, since=START)
    return made


def worker(
    place: Station,
    entry: dt.date,
    *,
    status: str = CountStatus.COUNTED,
    codes: tuple[str, ...] = (),
    result: str | None = "RETAINED",
    month_ok: bool | None = True,
    due: dt.date | None = None,
    signed_after: int | None = 3,
    level: str = "",
    verified: bool = True,
    employer: Any = None,
) -> Delivery:
    """One delivery with its check (none when `result` is None, open when it is empty), contract and certificate."""
    row = rows.delivery(
        operator=place.operator,
        station=place,
        entry_on=entry,
        status=status,
        codes=list(codes),
        employer=employer or rows.employer(),
    )
    check_on = add_months(entry, 6)
    due_on = due or check_on + dt.timedelta(days=28)
    if result:
        fields = {"result": result, "si_month_ok": month_ok}
        rows_retention.answered_check(delivery=row, check_on=check_on, due_on=due_on, **fields)
    elif result is not None:
        rows_retention.retention_check(delivery=row, check_on=check_on, due_on=due_on)
    if signed_after is not None:
        rows_roster.contract(delivery=row, signed_on=entry + dt.timedelta(days=signed_after), starts_on=entry)
    if level:
        checked = {"result": CertificateResult.VERIFIED, "checked_by": rows.clerk(), "checked_on": END}
        rows_roster.certificate(delivery=row, level=level, **(checked if verified else {}))
    return row


def people(place: Station) -> dict[str, Delivery]:
    """Ten rows, one for each thing that can happen to a worker; eight of them count."""
    early, late = dt.date(2022, 5, 10), dt.date(2022, 10, 2)  # the late one matures the day after the opening
    return {
        "留用": worker(place, early, level="4"),
        "未留用": worker(place, early, result=RetentionResult.LEFT),
        "无法核实": worker(place, early, result=RetentionResult.UNVERIFIED),
        "未参保": worker(place, early, month_ok=False, level="3", verified=False),
        "逾期未统计": worker(place, early, result=""),
        "期限内未统计": worker(place, dt.date(2022, 10, 1), result="", signed_after=None),
        "未满六个月": worker(place, late, result=None, signed_after=40),
        "首日入职": worker(place, START, level="5"),
        "待核": worker(place, early, status=CountStatus.PENDING, codes=("E10",), result=None, level="4"),
        "不计": worker(place, early, status=CountStatus.EXCLUDED, codes=("E07", "E03"), result=None),
    }


def papers(place: Station, *, accepted: bool = True) -> None:
    """制度、协议、两处工作地点 with facilities, and the plan of the year in time."""
    fields = {"station": place, "valid_from": START, "filed_on": START}
    if accepted:
        fields |= {"accepted": True, "checked_by": rows.clerk(), "checked_at": rows.NOW}
    rows_ledger.station_paper(kind=PaperKind.RULES, **fields)
    rows_ledger.station_paper(kind=PaperKind.AGREEMENT, **fields)
    for side in Side:
        rows_ledger.station_paper(
            **fields,
            kind=PaperKind.SITE,
            place=rows.uuid.uuid4(),
            side=side,
            address="测试路1号",
            facilities=["办公桌椅"],
        )
    rows_ledger.station_paper(kind=PaperKind.PLAN, period=1, **fields)


def oversight(place: Station) -> None:
    """Two events (one of them entered twice), one confirmed complaint of three, one late change of 专人."""
    for day, key in ((START, "甲"), (END, "乙"), (END, "乙")):
        held = rows_oversight.activity(
            station=place,
            held_on=day,
            key=f"{place.pk}{key}",
            state=ActivityState.CONFIRMED,
            confirmed_by=rows.clerk(),
            confirmed_at=rows.NOW,
        )
        rows_oversight.organiser(activity=held, station=place, role=ActivityRole.HOST)
    rows_safety.complaint(
        station=place, state=ComplaintState.VERIFIED, received_on=START, told_on=START, verified_on=END
    )
    rows_safety.complaint(station=place, received_on=END)
    rows_oversight.filed(station=place, effective_on=END, on_time=False)


def whole(**fields: Any) -> Station:
    """Everything together, not frozen."""
    place = station(**fields)
    people(place)
    papers(place)
    oversight(place)
    return place


def frozen(place: Station, number: int = 1) -> Any:
    """The year's roster frozen as the opening freezes it; the day has to be after the year."""
    return freezing._take(place, PERIOD, OPENED, factories.user(Role.CENTRE))
