"""What an extract says of whom: who was asked for, which lines are theirs, and what a person should look at."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from jinhua_labor.core.crypto import blind_index_many
from jinhua_labor.core.locks import lock_name
from jinhua_labor.core.text import match_key
from stations.registry.models import Employer, EmployerAlias, Station
from stations.roster.models import ID_PURPOSE, Delivery, RosterList

from .lists import held

if TYPE_CHECKING:
    import uuid

    from django.db.models import QuerySet

    from stations.roster.workbook.insurance import InsuranceSheet

NOTES_MAX: Final = 500
STRANGERS_MAX: Final = 300
DISTRICT_LOCK: Final = "insurance.district"
UNMATCHED, CONTRADICTION, UNREAD, PAYER = "UNMATCHED", "CONTRADICTION", "UNREAD", "PAYER"
NOTE_KINDS: Final = {
    PAYER: "缴费单位未登记",
    CONTRADICTION: "前后不一致",
    UNREAD: "没有读懂",
    UNMATCHED: "不在名册",
}


class OfList:
    """Whose months an extract tells: the people of a list."""

    words = "本名册"

    def __init__(self, roster_list: RosterList) -> None:
        self.roster_list = roster_list

    @property
    def fields(self) -> dict[str, Any]:
        return {"roster_list": self.roster_list}

    def hold(self) -> Any:
        return held(self.roster_list)

    def deliveries(self) -> QuerySet[Delivery]:
        return Delivery.objects.filter(roster_list=self.roster_list)

    def aliases(self) -> QuerySet[EmployerAlias]:
        return EmployerAlias.objects.filter(operator=self.roster_list.operator_id)


class OfStation:
    """The people of a station."""

    words = "本站"

    def __init__(self, station: Station) -> None:
        self.station = station

    @property
    def fields(self) -> dict[str, Any]:
        return {"station": self.station}

    def hold(self) -> Any:
        return Station.objects.select_for_update(of=("self",), no_key=True).get(pk=self.station.pk)

    def deliveries(self) -> QuerySet[Delivery]:
        return Delivery.objects.filter(station=self.station)

    def aliases(self) -> QuerySet[EmployerAlias]:
        return EmployerAlias.objects.filter(operator=self.station.operator_id)


class OfDistrict:
    """The people of every station."""

    words = "全区工作站"
    fields: Final[dict[str, Any]] = {"district": True}

    def hold(self) -> Any:
        lock_name(DISTRICT_LOCK)

    def deliveries(self) -> QuerySet[Delivery]:
        return Delivery.objects.filter(station__isnull=False)

    def aliases(self) -> QuerySet[EmployerAlias]:
        return EmployerAlias.objects.all()


Whose = OfList | OfStation | OfDistrict


def people_of(whose: Whose) -> dict[bytes, tuple[uuid.UUID, str]]:
    """The people asked for by the hash of their number, with the name they were entered by last."""
    rows = whose.deliveries().order_by("created_at", "id").values_list("person__id_index", "person_id", "name")
    return {bytes(index): (person, name) for index, person, name in rows.iterator(chunk_size=5000)}


def matched(
    sheet: InsuranceSheet, people: dict[bytes, tuple[uuid.UUID, str]], whose: Whose
) -> tuple[list[tuple[Any, ...]], list[list[Any]], int, set[uuid.UUID]]:
    """(rows to write, notes, lines of strangers, persons found)."""
    numbers = list(sheet.persons)
    indexes = dict(zip(numbers, blind_index_many(ID_PURPOSE, numbers), strict=True))
    codes, local = _payers(whose)
    notes: list[list[Any]] = [
        [one.row, one.text(), CONTRADICTION if one.code == "contradiction" else UNREAD] for one in sheet.problems
    ]
    rows: list[tuple[Any, ...]] = []
    seen: set[tuple[Any, ...]] = set()
    named: set[uuid.UUID] = set()
    strangers: list[int] = []
    unknown: Counter[str] = Counter()
    for line in sheet.rows:
        person = people.get(indexes[line.id_number])
        if person is None:
            strangers.append(line.row)
            continue
        if person[0] not in named:
            named.add(person[0])
            if line.name and match_key(line.name) != match_key(person[1]):
                notes.append(
                    [
                        line.row,
                        f"第 {line.row} 行：姓名「{line.name}」与名册中的「{person[1]}」不同，请核对。",
                        CONTRADICTION,
                    ]
                )
        code = line.payer_code or codes.get(match_key(line.payer), "")
        if code not in local:
            unknown[line.payer or code or "（空）"] += 1
        key = (person[0], line.month, line.kind, line.place, code)
        if key not in seen:
            seen.add(key)
            rows.append((*key, line.status, line.paid_on))
    found = named | {people[index][0] for index in indexes.values() if index in people}
    strange = dict.fromkeys(strangers)  # a person has a line a month; each line is told once
    notes += [
        [row_no, f"第 {row_no} 行：不是{whose.words}的人员，未采用。", UNMATCHED]
        for row_no in list(strange)[:STRANGERS_MAX]
    ]
    if len(strange) > STRANGERS_MAX:
        notes.append([0, f"另有 {len(strange) - STRANGERS_MAX} 行不是{whose.words}的人员，未逐行列出。", UNMATCHED])
    for payer, count in unknown.most_common(20):
        words = (
            f"缴费单位「{payer}」不在已登记的金东用人主体中（{count} 条），相关月份暂不能计入。"
            "确属金东的，请先在用工企业中登记。"
        )
        notes.append([0, words, PAYER])
    return rows, _within(notes), len(strange), found


def _within(notes: list[list[Any]]) -> list[list[Any]]:
    """At most so many lines of each kind, the rest as a number: so many are mended in the file, not line by line."""
    kept: list[list[Any]] = []
    for kind in (PAYER, CONTRADICTION, UNREAD, UNMATCHED):
        own = [note for note in notes if note[2] == kind]
        kept += own[:NOTES_MAX]
        if len(own) > NOTES_MAX:
            kept.append([0, f"还有 {len(own) - NOTES_MAX} 条同类问题未列出。", kind])
    return kept


def _payers(whose: Whose) -> tuple[dict[str, str], set[str]]:
    """Credit codes by the names employers go by, and those of 金东 employers. A spelling that operators use for two
    employers names nobody."""
    codes: dict[str, str] = {}
    local: set[str] = set()
    for name, code, here in Employer.objects.values_list("name", "credit_code", "in_district"):
        codes.setdefault(match_key(name), code)
        if here:
            local.add(code)
    spelled: dict[str, set[str]] = {}
    for text, code in whose.aliases().values_list("text", "employer__credit_code"):
        spelled.setdefault(text, set()).add(code)
    for text, those in spelled.items():
        if len(those) == 1:
            codes.setdefault(text, next(iter(those)))
    return codes, local
