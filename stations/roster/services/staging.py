"""Staged rows: written by one COPY, compared with what is known, one of them written again after a correction."""

from __future__ import annotations

import datetime as dt
import json
import os
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from jinhua_labor.core.crypto import blind_index_many, key_ring
from jinhua_labor.core.text import match_key
from stations.registry.models import EmployerAlias
from stations.roster.enums import EmploymentForm, StagedState
from stations.roster.models import ID_CONTEXT, ID_PURPOSE, RAW_CONTEXT, ImportBatch, RosterList, StagedRow
from stations.roster.workbook.problems import ASK, ERROR, Problem
from stations.roster.workbook.rows import ParsedRow, RosterSheet

from .bulk import NOTHING, SIZE, copy_binary, packed, packed_json, patient

if TYPE_CHECKING:
    from stations.roster.workbook.header import Header

CHUNK: Final = 2000
COLUMNS: Final = (
    "batch_id", "row_no", "uid", "state", "name", "id_number", "id_index", "last4", "id_province", "sex", "birth",
    "hukou_text", "hukou_province", "employer_text", "employer_key", "employer_id", "entry_on", "form", "extras",
    "problems", "raw",
)  # fmt: skip
LENGTHS: Final = {
    "post": (60, "岗位"),
    "education": (20, "文化程度"),
    "skill_level": (40, "技能等级"),
    "cert_no": (40, "证书号"),
}
EXTRAS: Final = {"post": "post", "education": "education", "skill_level": "skill", "cert_no": "certificate_no"}
RELATIONS: Final = frozenset({"duplicate", "repeat"})
"""Problems between rows of one file: they are settled by deciding, not by editing a cell."""

_FORMS: Final = {
    **{label: value for value, label in EmploymentForm.choices},
    **dict.fromkeys(
        ("直接", "直接招用", "直招", "合同制", "劳动合同", "正式", "正式工", "全日制"), EmploymentForm.DIRECT
    ),
    **dict.fromkeys(("派遣", "派遣工", "劳务派遣工"), EmploymentForm.DISPATCH),
    **dict.fromkeys(("外包", "劳务外包"), EmploymentForm.OUTSOURCING),
    **dict.fromkeys(("兼职", "小时工", "临时工", "非全日制用工"), EmploymentForm.PART_TIME),
    **dict.fromkeys(("灵活", "灵活用工"), EmploymentForm.FLEXIBLE),
    **dict.fromkeys(("实习生", "见习"), EmploymentForm.INTERN),
}


def stage(*, batch: ImportBatch, sheet: RosterSheet) -> int:
    """Writes all rows of a sheet while they are read, and compares them with what is known; how many there are.

    The caller holds the batch's name and a transaction.
    """
    patient()
    with connection.cursor() as cursor:
        # Nobody has seen these rows yet: a crash in the next moment leaves the batch to be read again.
        cursor.execute("SET LOCAL synchronous_commit = off")
    writer = _Writer(batch.pk, sheet.header, aliases_of(batch.operator_id))  # no query once COPY has begun
    copy_binary("stations_stagedrow", COLUMNS, _chunks(writer, sheet.rows))
    if sheet.late:
        batch.rows.filter(row_no__in=list(sheet.late)).delete()
        copy_binary("stations_stagedrow", COLUMNS, _chunks(writer, sheet.late.values()))
    compare(batch)
    return writer.written - len(sheet.late)


def aliases_of(operator: uuid.UUID) -> dict[str, uuid.UUID]:
    """The employers an operator's spellings stand for."""
    return dict(EmployerAlias.objects.filter(operator=operator).values_list("text", "employer_id"))


def _chunks(writer: _Writer, rows: Iterable[ParsedRow]) -> Iterator[bytes]:
    remaining = iter(rows)
    while chunk := list(islice(remaining, CHUNK)):
        yield writer.packed(chunk)


class _Writer:
    """Turns parsed rows into the rows of binary COPY; what repeats (employers, hukou texts, days) is prepared once."""

    def __init__(self, batch: uuid.UUID, header: Header, aliases: Mapping[str, uuid.UUID]) -> None:
        self.header, self.aliases = header, aliases
        self.written = 0
        self._start = len(COLUMNS).to_bytes(2, "big") + packed(batch) + SIZE[4]  # … and then the number of the row
        self._hukou: dict[str, bytes] = {}
        self._employers: dict[str, bytes] = {}
        self._days: dict[dt.date, bytes] = {}
        self._kinds: dict[tuple[str, str], bytes] = {}

    def packed(self, rows: list[ParsedRow]) -> bytes:
        """These rows in the order of COLUMNS."""
        numbers = [row.id_number for row in rows if row.id_number is not None]
        secrets = iter(key_ring().encrypt_many(numbers, ID_CONTEXT))
        indexes = iter(blind_index_many(ID_PURPOSE, numbers))
        days, hukous, employers, kinds = self._days, self._hukou, self._employers, self._kinds
        start, size, good, plain = self._start, SIZE, packed(StagedState.GOOD.value), packed("") + 3 * NOTHING
        nobody = (2 * NOTHING + 3 * packed("") + NOTHING,)
        parts: list[bytes] = []
        self.written += len(rows)
        for row, uid in zip(rows, fresh_ids(len(rows)), strict=True):
            person, entry, name = row.person, row.entry_on, row.name.encode()
            if row.problems is None and row.extra is None:
                state, tail = good, plain
            else:
                tail = self._rest(row)
                state = packed(state_of(row.problems or ()))
            parts += (start, row.row_no.to_bytes(4, "big"), size[16], uid, state, size[len(name)], name)
            if person is None:
                parts += nobody
            else:
                number, born, sex, province = person
                secret = next(secrets)
                parts += (
                    size[len(secret)], secret, size[32], next(indexes), size[4], number[14:].encode(),
                    kinds.get((province, sex)) or self._kind(province, sex), days.get(born) or self._day(born),
                )  # fmt: skip
            parts += (
                hukous.get(row.hukou_text) or self._place(row),
                employers.get(row.employer_text) or self._employer(row.employer_text),
                NOTHING if entry is None else days.get(entry) or self._day(entry),
                tail,
            )
        return b"".join(parts)

    def _rest(self, row: ParsedRow) -> bytes:
        """Form, extras, problems and the cells as typed, of a row that has some of them."""
        extras, form = self._extras(row)
        kept = packed_json(extras) if extras else NOTHING
        if not row.problems:
            return packed(form) + kept + 2 * NOTHING
        problems = packed_json([list(problem_fields(problem)) for problem in row.problems])
        raw = key_ring().encrypt(json.dumps(row.cells(self.header), ensure_ascii=False), RAW_CONTEXT)
        return packed(form) + kept + problems + packed(raw)

    def _extras(self, row: ParsedRow) -> tuple[dict[str, Any], str]:
        if not row.extra:
            return {}, ""
        extras, form, problems = read_extras(row.extra, row.row_no, self.header)
        known = row.problems or ()
        if new := [problem for problem in problems if problem not in known]:  # a late row comes here twice
            row.problems = [*known, *new]
        return extras, form

    def _place(self, row: ParsedRow) -> bytes:
        made = self._hukou[row.hukou_text] = packed(row.hukou_text) + packed(row.province or "")
        return made

    def _employer(self, text: str) -> bytes:
        key = employer_key(text)
        made = self._employers[text] = packed(text) + packed(key) + packed(self.aliases.get(key))
        return made

    def _kind(self, province: str, sex: str) -> bytes:
        made = self._kinds[province, sex] = packed(province) + packed(sex)
        return made

    def _day(self, day: dt.date) -> bytes:
        made = self._days[day] = packed(day)
        return made


def fresh_ids(number: int) -> list[bytes]:
    """That many new UUIDs in rising order (version 7): rows made together lie together in every index, which halves the
    time of the merge."""
    stamp = time.time_ns() // 1_000_000
    head = bytes.fromhex(f"{stamp:012x}7{os.urandom(2).hex()[1:]}8{os.urandom(5).hex()[1:]}")
    return [head + place.to_bytes(3, "big") for place in range(number)]


def employer_key(text: str) -> str:
    """The form in which two spellings of an employer's name meet in an operator's aliases."""
    return match_key(text)[:100]


def problem_fields(problem: Problem) -> tuple[str, str, str, str, str]:
    """What is kept of a problem: code, column letter, field, message, severity."""
    return problem.code, problem.column, problem.field, problem.message, problem.severity


def state_of(problems: Sequence[Problem]) -> str:
    """BAD with an error, ASK with a question, else GOOD: warnings block nothing."""
    severities = {problem.severity for problem in problems}
    if ERROR in severities:
        return StagedState.BAD.value
    return StagedState.ASK.value if ASK in severities else StagedState.GOOD.value


def read_extras(extra: Mapping[str, Any], row_no: int, header: Header) -> tuple[dict[str, Any], str, list[Problem]]:
    """(what is kept beside the six columns, form of employment, problems). The worker's telephone is not kept: nothing
    here needs it."""
    kept: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, target in EXTRAS.items():
        text = extra.get(name)
        if not text:
            continue
        most, label = LENGTHS[name]
        if len(text) > most:
            message = f"{label}最多 {most} 个字，现有 {len(text)} 个字，请缩短。"
            problems.append(Problem("text", row_no, header.letter(name), name, message))
        else:
            kept[target] = text
    if isinstance(extra.get("leave_on"), dt.date):
        kept["leave_on"] = extra["leave_on"].isoformat()
    words = extra.get("employment_form")
    form = _FORMS.get("".join(words.split()), "") if words else ""
    if words and not form:
        choices = "、".join(label for _, label in EmploymentForm.choices)
        message = f"用工形式「{words[:20]}」不能识别，请写：{choices}。"
        problems.append(Problem("form", row_no, header.letter("employment_form"), "employment_form", message))
    return kept, str(form), problems


# --- What is known already --------------------------------------------------------------------------------------------


def compare(batch: ImportBatch, only: Sequence[int] | None = None) -> None:
    """Marks rows that bring what is registered already (KNOWN), or a known person with another date or employer (ASK).

    Rows whose employer is not matched yet wait: only the credit code tells whether two names are one employer. `only`
    limits it to some staged rows.
    """
    if not RosterList.objects.filter(operator=batch.operator_id, rows__gt=0).exists():
        return
    which = "" if only is None else "AND s.id = ANY(%(only)s)"
    params = {"batch": batch.pk, "operator": batch.operator_id, "only": list(only or ())}
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN.format(only=which), params)
        cursor.execute(_RESEMBLES.format(only=which), params)


_KNOWN = """
    UPDATE stations_stagedrow s SET state = 'KNOWN', asks = NULL
      FROM stations_person p, stations_delivery d
     WHERE s.batch_id = %(batch)s AND s.state IN ('GOOD', 'ASK') AND p.id_index = s.id_index
       AND d.person_id = p.id AND d.operator_id = %(operator)s AND d.employer_id = s.employer_id
       AND d.entry_on = s.entry_on {only}
"""
# Of several registered rows the one in the same list is named first, then the latest. A row of a station is nobody's to
# correct by an import: that takes a reason.
_RESEMBLES = """
    UPDATE stations_stagedrow s
       SET state = 'ASK',
           asks = jsonb_build_object('delivery', f.delivery, 'employer', f.employer, 'entry_on', f.entry_on,
                                     'mine', f.mine, 'count', f.count)
      FROM (SELECT DISTINCT ON (s.id) s.id, d.id AS delivery, e.name AS employer, d.entry_on,
                   d.roster_list_id IS NOT DISTINCT FROM b.roster_list_id AND d.station_id IS NULL AS mine,
                   count(*) OVER (PARTITION BY s.id) AS count
              FROM stations_stagedrow s
              JOIN stations_importbatch b ON b.id = s.batch_id
              JOIN stations_person p ON p.id_index = s.id_index
              JOIN stations_delivery d ON d.person_id = p.id AND d.operator_id = %(operator)s
              JOIN stations_employer e ON e.id = d.employer_id
             WHERE s.batch_id = %(batch)s AND s.state IN ('GOOD', 'ASK') AND s.decision = '' {only}
               AND s.employer_id IS NOT NULL
             ORDER BY s.id, mine DESC, d.entry_on DESC) f
     WHERE s.id = f.id
"""


def rewrite(row: StagedRow, parsed: ParsedRow, header: Header) -> None:
    """Replaces a staged row by what a correction of it means; relations to other rows are the caller's."""
    extras, form, problems = read_extras(parsed.extra or {}, parsed.row_no, header)
    found = [*(parsed.problems or ()), *problems]
    person = parsed.person
    row.name, row.hukou_text, row.hukou_province = parsed.name, parsed.hukou_text, parsed.province or ""
    row.employer_text, row.employer_key = parsed.employer_text, employer_key(parsed.employer_text)
    row.employer_id = aliases_of(row.batch.operator_id).get(row.employer_key)
    row.entry_on, row.extras, row.form = parsed.entry_on, extras or None, form
    row.id_number = person.text if person else None
    row.id_index = blind_index_many(ID_PURPOSE, [person.text])[0] if person else None
    row.last4, row.id_province = (person.text[14:], person.province) if person else ("", "")
    row.sex, row.birth = (person.sex, person.birth) if person else ("", None)
    row.problems = [list(problem_fields(problem)) for problem in found] or None
    row.state = state_of(found)
    row.raw = json.dumps(parsed.cells(header), ensure_ascii=False) if found else None
    row.asks, row.decision = None, ""
    row.save()
