"""The station with the plaque in the middle of its year: papers renewed, a ledger with gaps, posts to be filled."""

from __future__ import annotations

import datetime as dt
import uuid

from jinhua_labor.core.clock import today
from stations.ledger import services as ledger
from stations.ledger.enums import Education, Item
from stations.registry.enums import PaperKind, Tenure
from stations.registry.models import Employer, Station, StationPaper
from stations.registry.queries.papers import period_of
from stations.registry.services import papers
from stations.registry.services.papers import Content

from .cases import person
from .days import at
from .papers import paper
from .people import EMPLOYERS

OPERATOR, CHECKER = "jia", "chushen"


def tell(station: Station, *, day: dt.date) -> None:
    """As of `day`: last year's papers renewed, the licence about to expire, this year's plan filed and checked."""
    with at(day - dt.timedelta(days=130)):
        year = period_of(station, day)
        _renew(station, day, year.number)
    with at(day - dt.timedelta(days=120)):
        for row in StationPaper.objects.filter(station=station, accepted__isnull=True).exclude(kind=PaperKind.RULES):
            papers.check(paper_id=row.pk, accepted=True, note="", by=person(CHECKER))
    with at(day - dt.timedelta(days=110)):
        _ledger(station, period_of(station, today()).number)
    with at(day - dt.timedelta(days=100)):
        _demands(station, day)


def _renew(station: Station, day: dt.date, year: int) -> None:
    by = person(OPERATOR)
    begun = day - dt.timedelta(days=300)

    def add(kind: PaperKind, content: Content, **more: int | uuid.UUID) -> None:
        papers.add_version(
            station_id=station.pk, kind=kind, content=content, uploads=[paper(kind.label)], by=by, **more
        )

    licence = Content(
        "人力资源服务许可证",
        begun,
        day + dt.timedelta(days=40),
        number="（浙）人服证字〔2021〕第0703000000号",
        party="示例区人社局",
    )
    add(PaperKind.LICENCE, licence)
    agreement = Content(
        "劳务协作协议",
        begun,
        day + dt.timedelta(days=400),
        party=station.partner_name,
        text="示例县组织动员和岗前培训，工作站负责接送、上岗和跟踪服务。",
    )
    add(PaperKind.AGREEMENT, agreement)
    for site in StationPaper.objects.filter(station=station, kind=PaperKind.SITE).order_by("side", "pk"):
        lease = Content(
            site.title,
            begun,
            day + dt.timedelta(days=500),
            side=site.side,
            address=site.address,
            tenure=site.tenure or Tenure.LEASED,
            facilities=tuple(site.facilities) or ("办公桌椅", "电脑", "电话"),
        )
        assert site.place is not None
        add(PaperKind.SITE, lease, place=site.place)
    add(PaperKind.RULES, Content("劳务协作工作管理制度（修订）", today(), text="增加夏季高温作业的巡查安排。"))
    plan = Content("年度工作计划", today(), text="本年度计划输送220人，其中机械制造120人、电子装配60人、其他40人。")
    add(PaperKind.PLAN, plan, period=year)


def _employers() -> list[Employer]:
    codes = [unit.credit_code for unit in EMPLOYERS]
    return sorted(Employer.objects.filter(credit_code__in=codes), key=lambda one: codes.index(one.credit_code))


def _ledger(station: Station, year: int) -> None:
    """Three employers with their papers, two of them with gaps: one has no 安全生产制度, one no 员工管理制度."""
    by, entries = person(OPERATOR), []
    lacking = {(1, Item.L3), (2, Item.L2)}
    for number, employer in enumerate(_employers()[:3]):
        for item in (Item.L1, Item.L2, Item.L3):
            if (number, item) in lacking:
                continue
            entries.append(
                ledger.add_entry(
                    station_id=station.pk,
                    period=year,
                    item=item,
                    title=item.label,
                    employer_id=employer.pk,
                    upload=paper(item.label, employer.name) if item != Item.L2 else None,
                    paper=ledger.Paper(f"{today().year}-0{number + 1}册", "档案柜2", 12 + number),
                    by=by,
                )
            )
    ledger.add_entry(
        station_id=station.pk, period=year, item=Item.L8, title="岗前培训签到表", upload=paper("岗前培训签到表"), by=by
    )
    seen = [entry.pk for entry in entries[:3]]
    ledger.mark_seen(station_id=station.pk, entry_ids=seen, by=person(CHECKER))


def _demands(station: Station, day: dt.date) -> None:
    """Two posts open to everybody, one held back for the centre to look at."""
    first, second = _employers()[:2]
    until = day + dt.timedelta(days=60)
    common = {"place": "浙江省金华市金东区", "valid_from": today(), "valid_to": until, "welfare": "包住，工作餐"}
    posts = (
        (first, ledger.Demand("装配工", 20, Education.ANY, 5500, 7500, hours="两班，每班8小时", **common)),
        (first, ledger.Demand("数控车工", 6, Education.SENIOR, 7000, 9500, skill="五级以上", **common)),
        (
            second,
            ledger.Demand("电子装配工", 15, Education.JUNIOR, 5200, 6800, requirements="限女性，视力良好", **common),
        ),
    )
    for employer, demand in posts:
        ledger.save_demand(station_id=station.pk, employer=employer, demand=demand, publish=True, by=person(OPERATOR))
