"""社保核对: the centre's extract of insured months, a list to ask with, months ticked by hand. Append-only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from jinhua_labor.accounts.enums import Role
from jinhua_labor.attachments import reading as files
from jinhua_labor.attachments import services as attachments
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import is_month, month_cn, month_of, months_between
from jinhua_labor.core.errors import Refused
from jinhua_labor.rulebook import policy_on
from stations.registry.models import Employer, Station
from stations.roster.enums import RecountCause
from stations.roster.models import Delivery, InsuranceExtract, Person, RosterList
from stations.roster.workbook.header import HeaderMissing
from stations.roster.workbook.insurance import PAID, PENSION, InsuranceSheet, parse_insurance
from stations.roster.workbook.insurance_header import locate_insurance
from stations.roster.workbook.limits import INSURANCE
from stations.roster.workbook.preflight import WorkbookRefused, preflight
from stations.roster.workbook.reader import Workbook

from . import recount_station
from .bulk import copy_rows, patient
from .insurance_lines import OfDistrict, OfList, OfStation, Whose, matched, people_of
from .lists import held
from .recount import recount_list

if TYPE_CHECKING:
    from jinhua_labor.accounts.models import User
    from jinhua_labor.attachments.models import Attachment
    from jinhua_labor.attachments.services import Upload

KINDS: Final = ("xlsx", "xls", "ods")
AT_ONCE_BYTES: Final = 300_000
Progress = recount_station.Progress
_COLUMNS: Final = ("extract_id", "person_id", "month", "kind", "place", "payer_code", "status", "paid_on")


@dataclass(frozen=True, slots=True)
class Asked:
    """The query behind an extract: the months it covered and where it came from."""

    month_from: int
    month_to: int
    source: str


def check_months(asked: Asked) -> None:
    """Raises Refused for what is no span of months up to the present one."""
    if not (is_month(asked.month_from) and is_month(asked.month_to)) or asked.month_from > asked.month_to:
        raise Refused("查询月份应从早到晚，写作 202103。", problems=(("请核对查询起止月份", "#id_month_from"),))
    if asked.month_to > month_of(today()):
        raise Refused("查询止月不能晚于本月。", problems=(("查询止月晚于本月", "#id_month_to"),))


def keep(*, file: Upload, by: User) -> Attachment:
    """Keeps an extract as it came in, for the centre only. Raises Refused for a file that is no harmless workbook."""
    _centre(by)
    data = file.read()
    try:
        preflight(data, INSURANCE)
    except WorkbookRefused as refusal:
        raise Refused(refusal.message) from refusal
    with transaction.atomic():
        return attachments.store(
            _Again(file.name, data),
            by=by,
            organisation=by.organisation,
            audience=Audience.CENTRE,
            kinds=KINDS,
            secret=True,
            kind="insurance",
        )


class _Again:
    def __init__(self, name: str | None, data: bytes) -> None:
        self.name, self.size, self._data = name, len(data), data

    def read(self) -> bytes:
        return self._data


def bring_in(*, roster_list: RosterList, file: Attachment, asked: Asked, by: User) -> InsuranceExtract:
    """Reads a kept extract, adds its months to the people of the list and counts the list anew.

    Everyone of the list counts as asked for: who is not in the file was not insured in these months. Lines of strangers
    and lines that contradict each other are told by row number, never by identity number. The same file twice for the
    same list and months is one extract as long as it says the same: once a payer is registered or people were added it
    is read anew. Raises Refused when the file cannot be read or shows months outside the query.
    """
    _centre(by)
    extract, _ = _bring(OfList(roster_list), file, asked, by)
    recount_list(roster_list=roster_list)
    return extract


def bring_in_for_station(
    *, station: Station | None, file: Attachment, asked: Asked, by: User, progress: Progress | None = None
) -> InsuranceExtract:
    """The same for everyone of a station, or (`station` None) of all stations of the district; they are counted anew,
    and what changed is kept as a recount."""
    _centre(by)
    extract, new = _bring(OfStation(station) if station is not None else OfDistrict(), file, asked, by)
    if new:
        recount_station.run(
            recount=recount_station.begin(station=station, cause=RecountCause.INSURANCE, by=by), progress=progress
        )
    return extract


def _bring(whose: Whose, file: Attachment, asked: Asked, by: User) -> tuple[InsuranceExtract, bool]:
    """The extract, and whether it is new."""
    check_months(asked)
    earlier = InsuranceExtract.objects.filter(**whose.fields, file__original_sha256=file.original_sha256)
    earlier = earlier.filter(month_from=asked.month_from, month_to=asked.month_to)
    sheet = _read(file)
    covered = sheet.covered
    if covered is not None and (covered[0] < asked.month_from or covered[1] > asked.month_to):
        raise Refused(
            f"文件里有{month_cn(covered[0])}至{month_cn(covered[1])}的记录，超出所填的查询月份，请核对起止月份。",
            problems=(("查询月份与文件不符", "#id_month_from"),),
        )
    with transaction.atomic():
        patient()
        locked = whose.hold()
        people = people_of(whose)
        rows, notes, strangers, found = matched(sheet, people, whose)
        known = earlier.order_by("-at").first()
        if known is not None and _says_the_same(known, rows, asked=len(people), found=len(found)):
            return known, False
        extract = InsuranceExtract.objects.create(
            **whose.fields,
            file=file,
            source=asked.source[:100],
            whole_list=True,
            month_from=asked.month_from,
            month_to=asked.month_to,
            asked=len(people),
            found=len(found),
            unmatched=strangers,
            notes=notes,
            by=by,
        )
        copy_rows("stations_insuredmonth", _COLUMNS, ((extract.pk, *row) for row in rows))
        Person.objects.filter(pk__in=whose.deliveries().order_by().values("person")).filter(
            Q(si_checked_to__isnull=True) | Q(si_checked_to__lt=asked.month_to)
        ).update(si_checked_to=asked.month_to)
        record(
            by=by,
            action="insurance.import",
            obj=locked or extract,
            detail={"extract": str(extract.pk), "asked": len(people), "found": len(found), "months": len(rows)},
        )
    return extract, True


def tick(
    *,
    deliveries: Collection[Delivery],
    asked: Asked,
    payer: Employer | None,
    paid_on: dt.date | None,
    by: User,
) -> InsuranceExtract:
    """Months a person of the centre saw paid, with the source he saw them in, for some rows of one list.

    `payer` None means each row's own employer. Raises Refused without rows, a source or months.
    """
    _centre(by)
    check_months(asked)
    if not asked.source.strip():
        raise Refused("请写明核验来源。", problems=(("请写明核验来源", "#id_source"),))
    lists = {row.roster_list_id for row in deliveries}
    if len(lists) != 1 or None in lists:
        raise Refused("请先勾选要登记的人员。")
    policy = policy_on(today()).policy
    kind = policy.si_types_any[0] if policy.si_types_any else PENSION
    place = policy.settings.district_code
    with transaction.atomic():
        roster_list = held(RosterList.objects.get(pk=next(iter(lists))))
        people = {row.person_id: (payer or row.employer).credit_code for row in deliveries}
        extract = InsuranceExtract.objects.create(
            roster_list=roster_list,
            source=asked.source.strip()[:100],
            whole_list=False,
            month_from=asked.month_from,
            month_to=asked.month_to,
            asked=len(people),
            found=len(people),
            by=by,
        )
        months = list(months_between(asked.month_from, asked.month_to))
        copy_rows(
            "stations_insuredmonth",
            _COLUMNS,
            (
                (extract.pk, person, month, kind, place, code, PAID, paid_on)
                for person, code in people.items()
                for month in months
            ),
        )
        for person in Person.objects.filter(pk__in=people).select_for_update():
            if (person.si_checked_to or 0) < asked.month_to:
                person.si_checked_to = asked.month_to
                person.save(update_fields=["si_checked_to"])
        record(
            by=by,
            action="insurance.tick",
            obj=roster_list,
            detail={"extract": str(extract.pk), "rows": len(people), "source": extract.source},
        )
    recount_list(roster_list=roster_list, persons=list(people))
    return extract


def _centre(by: User) -> None:
    if by.role != Role.CENTRE:
        raise PermissionDenied


def _says_the_same(known: InsuranceExtract, rows: list[tuple[Any, ...]], *, asked: int, found: int) -> bool:
    """Whether the file would bring now exactly what it brought then."""
    if (known.asked, known.found) != (asked, found):
        return False
    columns = _COLUMNS[1:]
    return set(known.months.values_list(*columns).iterator(chunk_size=5000)) == set(rows)


def _read(file: Attachment) -> InsuranceSheet:
    policy = policy_on(today()).policy
    try:
        with Workbook(files.read_bytes(file), INSURANCE) as book:
            found = locate_insurance(book.sheets)
            if len(found) > 1:
                names = "、".join(f"「{header.sheet_name}」" for header, _ in found)
                raise Refused(f"文件里有几张参保明细（{names}），请只保留一张后重新上传。")
            header, months = found[0]
            return parse_insurance(
                book.rows(header.sheet),
                header,
                months,
                today=today(),
                limits=INSURANCE,
                default_place=policy.settings.district_code,
                date1904=bool(book.checked and book.checked.date1904),
            )
    except (WorkbookRefused, HeaderMissing) as refusal:
        raise Refused(refusal.message) from refusal
    except files.FileMissing as missing:
        raise Refused("上传的文件已不在服务器上，请重新选择文件上传。") from missing
