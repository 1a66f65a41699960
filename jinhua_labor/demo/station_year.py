"""The station with the plaque in the middle of its year: who came, who counts, contracts, certificates, one person whom
another station registered as well, and last year's roster frozen and corrected since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from jinhua_labor.core.idnumber import parse
from jinhua_labor.policy.periods import Period, month_of
from stations.registry.models import Station
from stations.roster.enums import CertificateResult, ContractKind, EmploymentForm, LeaveReason, SkillKind, SkillLevel
from stations.roster.models import Delivery
from stations.roster.queries.year import years_of
from stations.roster.services import committing, freezing, insurance, papers, reading, rows, station_list, year_rows
from stations.roster.services.recount import recount_list

from . import workbooks
from .cases import person
from .days import at
from .papers import paper
from .people import Population, Worker, entered, months

KEEPER, NEIGHBOUR, CHECKER = "jia", "bing", "chushen"
SIZE = 36


def tell(people: Population, *, base: dt.date) -> None:
    """As of `base`: last year complete and frozen, this year under way."""
    station = Station.objects.select_related("operator").get(plaque_no="JD-001")
    running, before = years_of(station, on=base)[:2]
    last = _deliver(station, people, before, before.end - dt.timedelta(days=120), before.end - dt.timedelta(days=30))
    with at(before.end - dt.timedelta(days=20)):
        _sign(last[:-1])
        _leave(last[3], before.end - dt.timedelta(days=30), LeaveReason.WENT_HOME)
    with at(running.start + dt.timedelta(days=1)):
        freezing.freeze(station=station, number=before.number, by=person(CHECKER))
    with at(running.start + dt.timedelta(days=12)):
        row = Delivery.objects.get(pk=last[5].pk)
        year_rows.correct(
            delivery=row,
            fields=_again(row, entry_on=row.entry_on + dt.timedelta(days=2)),
            reason="与劳动合同核对，入职时间登记有误。",
            by=person(KEEPER),
        )
    now = _deliver(station, people, running, base - dt.timedelta(days=9), base - dt.timedelta(days=6))
    with at(base - dt.timedelta(days=5)):
        _sign(now[: SIZE * 2 // 3])
        _certify(now[:5])
        _leave(now[1], base - dt.timedelta(days=12), LeaveReason.MOVED)
    with at(base - dt.timedelta(days=2)):
        _claimed(now[4])


def _crowd(people: Population, year: Period, last: dt.date, looked: dt.date) -> list[Worker]:
    """Workers who entered within the year, up to `last`; on `looked` four of their insured months are known at most."""
    found = []
    for number in range(SIZE):
        entry = max(year.start + dt.timedelta(days=number % 9), entered(number, last))
        worker = people.worker("52", entry)
        known = (looked.year - entry.year) * 12 + looked.month - entry.month
        found.append(replace(worker, months=months(entry, min(4, known), worker.employer)))
    return found


def _deliver(station: Station, people: Population, year: Period, last: dt.date, looked: dt.date) -> list[Delivery]:
    """A roster uploaded for the station, committed, and looked up by the centre; its rows by day of entry."""
    workers = _crowd(people, year, last, looked)
    with at(last + dt.timedelta(days=2)):
        roster = station_list.list_of(station=station, by=person(KEEPER))
        file = workbooks.roster(workers, unit=station.operator.name, filler="测试庚", day=last)
        batch = reading.read(batch_id=reading.upload(roster_list=roster, file=file, by=person(KEEPER)).pk)
        committing.commit(batch=batch, by=person(KEEPER), default_form=EmploymentForm.DIRECT, consented=True)
        recount_list(roster_list=roster)
    with at(looked):
        first = min(worker.entry_on for worker in workers)
        kept = insurance.keep(file=workbooks.insurance(workers), by=person(CHECKER))
        asked = insurance.Asked(month_of(first), month_of(looked), "市社会保险信息系统导出")
        insurance.bring_in(roster_list=roster, file=kept, asked=asked, by=person(CHECKER))
    rows_ = Delivery.objects.filter(batch=batch).order_by("entry_on", "seq")
    return list(rows_.select_related("person", "employer", "station"))


def _sign(delivered: Sequence[Delivery]) -> None:
    """Contracts: most in time, some late, every fourth as a scan, the others by their place on paper."""
    for number, row in enumerate(delivered):
        signed = row.entry_on + dt.timedelta(days=40 if number % 11 == 5 else number % 20)
        papers.add_contract(
            delivery=row,
            kind=ContractKind.FIXED,
            signed_on=signed,
            starts_on=row.entry_on,
            ends_on=row.entry_on.replace(day=1) + dt.timedelta(days=1095),
            file=paper("劳动合同", f"{row.employer.name}与{row.name}") if number % 4 == 0 else None,
            paper_reference="" if number % 4 == 0 else f"{row.entry_on.year}-01册第{number + 1}页",
            by=person(KEEPER),
        )


def _certify(delivered: Sequence[Delivery]) -> None:
    """Certificates: two looked up, one not found, two waiting."""
    levels = (SkillLevel.L3, SkillLevel.L4, SkillLevel.L5, SkillLevel.L4, SkillLevel.L5)
    for number, (row, level) in enumerate(zip(delivered, levels, strict=True)):
        made = papers.add_certificate(
            delivery=row,
            kind=SkillKind.SKILL,
            level=level,
            number=f"S{330703:06d}{number:012d}",
            file=paper("职业技能等级证书", f"{row.name}，{SkillLevel(level).label}"),
            by=person(KEEPER),
        )
        if number < 2:
            result, note = CertificateResult.VERIFIED, ""
        elif number == 2:
            result, note = CertificateResult.UNFOUND, "技能人才评价证书全国联网查询系统没有此编号。"
        else:
            continue
        papers.check_certificate(
            certificate=made, result=result, checked_on=row.entry_on, note=note, by=person(CHECKER)
        )


def _leave(row: Delivery, day: dt.date, reason: str) -> None:
    year_rows.leave(delivery=row, leave_on=max(day, row.entry_on), leave_reason=reason, by=person(KEEPER))


def _claimed(row: Delivery) -> None:
    """The neighbour registers the same person two days ago: E14, for the centre to decide."""
    neighbour = person(NEIGHBOUR)
    station = Station.objects.filter(operator=neighbour.organisation).order_by("established_on").first()
    assert station is not None
    fields = _again(row)
    year_rows.add(
        station=station, fields=replace(fields, id_number=parse(row.person.id_number)), consented=True,
        by=neighbour,
    )  # fmt: skip


def _again(row: Delivery, *, entry_on: dt.date | None = None) -> rows.RowFields:
    return rows.RowFields(
        name=row.name,
        hukou_text=row.hukou_text,
        employer=row.employer,
        entry_on=entry_on or row.entry_on,
        employment_form=row.employment_form,
        post=row.post,
        education=row.education,
        skill=row.skill,
        certificate_no=row.certificate_no,
        leave_on=row.leave_on,
    )
