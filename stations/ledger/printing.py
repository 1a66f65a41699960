"""The year's ledger gathered for print: what each of the eight items lists, and the papers bound in behind it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.attachments.models import Attachment
from jinhua_labor.attachments.reading import FileMissing, read_bytes
from jinhua_labor.attachments.services import store_generated
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import date_cn
from jinhua_labor.documents.annex2 import Annex2Head, Annex2Row, annex2_pdf
from jinhua_labor.documents.ledger import LedgerCover, LedgerPaper, LedgerSection, ledger_book
from jinhua_labor.policy.periods import Period
from stations.registry.models import Employer, Station
from stations.registry.queries.directory import area_text
from stations.roster.enums import CountStatus
from stations.roster.models import Contract, Delivery, RetentionCheck
from stations.roster.queries.years import in_year

from .enums import PER_EMPLOYER, Item
from .models import JobDemand, LedgerBook, LedgerEntry
from .queries import YearFacts, entries_of, facts_of

NUMERALS = "一二三四五六七八"
KINDS = {"application/pdf": "pdf", "image/jpeg": "jpeg", "image/png": "png"}
ENTRY = (
    ("序号", 10),
    ("用工企业", 46),
    ("名称", 44),
    ("电子件", 16),
    ("纸质册号、存放地点", 36),
    ("页数", 10),
    ("已见纸质", 12),
)
Progress = Callable[[int, int], None]


def make_book(*, station: Station, period: Period, purpose: str, by: User, progress: Progress) -> LedgerBook:
    """Prints the ledger of a year and keeps it; the file holds full numbers, so it is opened by a logged click only."""
    content, pages = ledger_book(_cover(station, period), sections(station, period, by), progress=progress)
    with transaction.atomic():
        stored = store_generated(
            content,
            name=f"{station.number}第{period.number}年度台账.pdf",
            file_type="pdf",
            by=by,
            organisation=station.operator,
            audience=Audience.PARTY_AND_OFFICE,
            secret=True,
            kind="ledger_book",
            pages=pages,
        )
        book = LedgerBook.objects.create(
            station=station,
            period=period.number,
            file=stored,
            pages=pages,
            as_of=today(),
            purpose=purpose,
            made_by=by,
        )
        record(
            by=by,
            action="ledger.book",
            obj=station,
            purpose=purpose,
            detail={"period": period.number, "pages": pages, "sha256": stored.sha256},
        )
    return book


def _cover(station: Station, period: Period) -> LedgerCover:
    return LedgerCover(
        station=station.name,
        station_number=station.number,
        operator=station.operator.name,
        area=area_text(station),
        number=period.number,
        start=period.start,
        end=period.end,
        made_on=today(),
    )


def sections(station: Station, period: Period, user: User) -> list[LedgerSection]:
    """The eight items in the notice's order."""
    facts = facts_of([(station, period)], on=today())[station.pk]
    employers = list(Employer.objects.filter(pk__in=facts.served).prefetch_related("key_years").order_by("name", "pk"))
    entries: dict[str, list[LedgerEntry]] = {item: [] for item in Item.values}
    for row in entries_of(station, period.number, user):
        entries[row.item].append(row)
    address = settings.PORTAL_URL.rstrip("/") + reverse("ledger:year", args=[station.pk, period.number])
    made = {
        Item.L1: partial(_employers, employers, facts, period),
        Item.L4: partial(_demands, station, period),
        Item.L5: partial(_roster, station, period),
        Item.L6: partial(_contracts, station, period),
        Item.L7: partial(_retention, station, period),
    }
    found = []
    for numeral, item in zip(NUMERALS, Item, strict=True):
        title, url = f"{numeral}、{item.label}", f"{address}#{item}"
        papers = tuple(_papers(entries[item]))
        if item in made:
            found.append(made[item](title=title, url=url, entries=entries[item], papers=papers))
        else:
            lacking = employers if item in PER_EMPLOYER else []
            rows = list(_entry_rows(entries[item], lacking))
            found.append(LedgerSection(title, url, ENTRY, rows, papers=papers))
    return found


def _papers(entries: Iterable[LedgerEntry]) -> Iterator[LedgerPaper]:
    for row in entries:
        if row.file is not None and row.file.content_type in KINDS:
            title = f"{row.employer.name}：{row.title}" if row.employer else row.title
            yield LedgerPaper(title, partial(_content, row.file), KINDS[row.file.content_type])


def _content(file: Attachment) -> bytes:
    try:
        return read_bytes(file)
    except FileMissing:
        return _blank()


def _blank() -> bytes:
    from jinhua_labor.documents.render import render

    section = LedgerSection("文件缺失", "", (), (), empty="该电子件未能读取，请联系管理员。")
    return render("ledger_section.html", {"section": section, "first": True, "rows": []}, style="ledger")[0]


def _entry_rows(entries: Iterable[LedgerEntry], employers: Iterable[Employer] = ()) -> Iterator[tuple[str, ...]]:
    """The entries, then the employers of the year without any."""
    number, there = 0, set()
    for number, row in enumerate(entries, 1):
        there.add(row.employer_id)
        yield (str(number), row.employer.name if row.employer else "—", row.title, *_where(row))
    for employer in employers:
        if employer.pk not in there:
            number += 1
            yield (str(number), employer.name, "未登记", "—", "—", "—", "—")


def _where(row: LedgerEntry) -> tuple[str, str, str, str]:
    paper = "，".join(text for text in (row.paper_volume, row.paper_place) if text)
    seen = "是" if row.paper_seen_at else "否"
    return "附后" if row.file_id else "—", paper or "—", str(row.paper_pages or "—"), seen


def _employers(
    employers: list[Employer], facts: YearFacts, period: Period, *, entries: list[LedgerEntry], **more: object
) -> LedgerSection:
    columns = (
        *(("序号", 10), ("企业名称", 48), ("统一社会信用代码", 40), ("金东区用人主体", 18)),
        *(("区内重点企业年度", 22), ("本年度输送人数", 18), ("台账资料", 18)),
    )
    kept = {row.employer_id for row in entries}
    years = set(range(period.start.year, period.end.year + 1))
    rows = [
        (
            str(number),
            one.name,
            one.credit_code,
            "是" if one.in_district else "否",
            "、".join(str(year) for year in sorted(key.year for key in one.key_years.all() if key.year in years))
            or "—",
            str(facts.served[one.pk]),
            "已登记" if one.pk in kept else "未登记",
        )
        for number, one in enumerate(employers, 1)
    ]
    return LedgerSection(columns=columns, rows=rows, empty="本年度没有输送到的用工企业。", **more)  # type: ignore[arg-type]


def _demands(station: Station, period: Period, *, entries: list[LedgerEntry], **more: object) -> LedgerSection:
    columns = (
        *(("序号", 10), ("用工企业", 38), ("岗位", 26), ("人数", 11), ("学历", 20)),
        *(("技能及其他要求", 29), ("月工资（元）", 20), ("有效期", 20)),
    )
    demands = JobDemand.objects.filter(station=station, valid_from__lte=period.end, valid_to__gte=period.start)
    rows = [
        (
            str(number),
            one.employer.name,
            one.post,
            str(one.headcount),
            one.get_education_display(),
            "；".join(text for text in (one.skill, one.requirements) if text) or "—",
            f"{one.wage_min}–{one.wage_max}",
            f"{one.valid_from:%Y.%m.%d}–{one.valid_to:%Y.%m.%d}",
        )
        for number, one in enumerate(
            demands.select_related("employer").order_by("employer__name", "valid_from", "pk"), 1
        )
    ]
    note = _volumes(entries)
    return LedgerSection(columns=columns, rows=rows, note=note, **more)  # type: ignore[arg-type]


def _counted(station: Station, period: Period) -> QuerySet[Delivery]:
    return (
        Delivery.objects.filter(in_year(period), station=station, status=CountStatus.COUNTED)
        .select_related("person", "employer")
        .order_by("entry_on", "employer__name", "seq", "pk")
    )


def _roster(
    station: Station, period: Period, *, entries: list[LedgerEntry], papers: tuple[LedgerPaper, ...], **more: object
) -> LedgerSection:
    people = _counted(station, period)
    total = people.count()
    columns = (("序号", 14), ("用工企业", 110), ("输送人数", 50))
    by_employer: dict[str, int] = {}
    for name in people.values_list("employer__name", flat=True):
        by_employer[name] = by_employer.get(name, 0) + 1
    rows = [(str(n), name, str(count)) for n, (name, count) in enumerate(sorted(by_employer.items()), 1)]
    note = f"第一条口径计入 {total} 人，名册附后（附件2版式，{date_cn(period.start)}至{date_cn(period.end)}入职）。"
    note += _volumes(entries)
    listed = LedgerPaper("附件2 输送劳动力名册", partial(_annex2, station, people), own=True) if total else None
    bound = (*((listed,) if listed else ()), *papers)
    empty = "本年度没有计入的输送人员。"
    return LedgerSection(columns=columns, rows=rows, note=note, empty=empty, papers=bound, **more)  # type: ignore[arg-type]


def _annex2(station: Station, people: QuerySet[Delivery]) -> bytes:
    """The roster with full numbers: the paper goes into the file; the read is recorded with the book."""
    rows = (
        Annex2Row(row.name, row.person.id_number, row.hukou_text, row.employer.name, row.entry_on)
        for row in people.iterator(chunk_size=2000)
    )
    return annex2_pdf(Annex2Head(unit=station.operator.name, filled_on=today()), rows, numbered=False)


def _contracts(station: Station, period: Period, *, entries: list[LedgerEntry], **more: object) -> LedgerSection:
    columns = (
        *(("序号", 10), ("姓名", 22), ("身份证号", 24), ("用工企业", 44)),
        *(("签订日期", 24), ("合同期限", 26), ("存放或电子件", 24)),
    )
    people = _counted(station, period).prefetch_related(
        Prefetch("contracts", queryset=Contract.objects.live().order_by("signed_on"), to_attr="live")
    )
    note = _volumes(entries)
    return LedgerSection(columns=columns, rows=_contract_rows(people), note=note, **more)  # type: ignore[arg-type]


def _contract_rows(people: QuerySet[Delivery]) -> Iterator[tuple[str, ...]]:
    for number, row in enumerate(people.iterator(chunk_size=1000), 1):
        contract: Contract | None = next(iter(row.live), None)  # type: ignore[attr-defined]
        told = ("未登记", "—", "—")
        if contract is not None:
            end = f"至{_dotted(contract.ends_on)}" if contract.ends_on else contract.get_kind_display()
            told = (_dotted(contract.signed_on), end, contract.paper_reference or "电子件")
        yield (str(number), row.name, f"尾号{row.person.last4}", row.employer.name, *told)


def _retention(station: Station, period: Period, *, entries: list[LedgerEntry], **more: object) -> LedgerSection:
    columns = (
        *(("序号", 10), ("姓名", 22), ("身份证号", 24), ("入职企业", 46)),
        *(("入职时间", 24), ("应统计日", 24), ("结果", 24)),
    )
    checks = (
        RetentionCheck.objects.filter(
            in_year(period, "delivery__"),
            delivery__station=station,
            delivery__status=CountStatus.COUNTED,
            check_on__lte=today(),
        )
        .select_related("delivery__person", "delivery__employer")
        .order_by("check_on", "delivery__employer__name", "pk")
    )
    total, kept = checks.count(), checks.filter(result="RETAINED").count()
    note = f"入职满6个月应统计 {total} 人，留用 {kept} 人。" if total else ""
    note += _volumes(entries)
    rows = (
        (
            str(number),
            one.delivery.name,
            f"尾号{one.delivery.person.last4}",
            one.delivery.employer.name,
            _dotted(one.delivery.entry_on),
            _dotted(one.check_on),
            one.get_result_display() or "待统计",
        )
        for number, one in enumerate(checks.iterator(chunk_size=2000), 1)
    )
    empty = "本年度还没有满6个月应统计的人员。"
    return LedgerSection(columns=columns, rows=rows, note=note, empty=empty, **more)  # type: ignore[arg-type]


def _volumes(entries: Iterable[LedgerEntry]) -> str:
    """Where the bound papers of an item lie."""
    named = [
        f"{row.paper_volume}{f'（{row.paper_place}）' if row.paper_place else ''}"
        for row in entries
        if row.paper_volume
    ]
    return f"纸质册号：{'、'.join(named)}。" if named else ""


def _dotted(day: dt.date) -> str:
    return f"{day:%Y.%m.%d}"
