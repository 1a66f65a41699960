"""② 核对: what a person does with staged rows before 提交; every step checks again with the same parser."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Final

from django.db import transaction

from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.rulebook import policy_on
from stations.roster.enums import BatchState, Decision, EmploymentForm, StagedState
from stations.roster.models import ImportBatch, StagedRow
from stations.roster.workbook.header import ROSTER_FIELDS, Header
from stations.roster.workbook.problems import ASK, ERROR
from stations.roster.workbook.rows import RosterReader

from .lists import held_for
from .reading import header_of
from .staging import RELATIONS, compare, rewrite

if TYPE_CHECKING:
    from jinhua_labor.accounts.models import User
    from stations.roster.workbook.reader import Cell

OPEN: Final = (BatchState.CHECKING, BatchState.COMMITTED)
GONE: Final = (StagedState.DROPPED, StagedState.DONE)


def held_batch(batch: ImportBatch, by: User) -> ImportBatch:
    """The batch, held together with its list. Raises Refused when it is not at checking or the list is locked."""
    locked = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    held_for(locked.roster_list, by)
    if locked.state not in OPEN:
        raise Conflict(f"这份导入现在是「{locked.get_state_display()}」，不能再核对。请刷新页面。")
    return locked


def wide_header(batch: ImportBatch) -> Header:
    """The sheet's header, with columns behind the last for fields it does not have: a person may fill those as well."""
    header = header_of(batch)
    columns = dict(header.columns)
    last = max(columns.values(), default=-1)
    for field in ROSTER_FIELDS:
        if field.name not in columns:
            last += 1
            columns[field.name] = last
    return Header(header.sheet, header.sheet_name, header.row, columns, header.labels)


@transaction.atomic
def edit_row(*, batch: ImportBatch, row_no: int, values: Mapping[str, str], by: User) -> StagedRow:
    """Writes a staged row anew from what was typed for it (by field name, as text) and checks it like the file's own.

    A right identity number is not shown, so an empty cell keeps it. The row comes back with its problems, if it still
    has some. Raises Conflict when it is no longer in the batch.
    """
    locked = held_batch(batch, by)
    row = locked.rows.filter(row_no=row_no).exclude(state__in=GONE).first()
    if row is None:
        raise Conflict("这一行已提交或已选择不导入，请刷新页面。")
    header, before = wide_header(locked), row.id_index
    cells: list[Cell] = [""] * (max(header.columns.values()) + 1)
    for name, text in values.items():
        if name in header.columns:
            cells[header.columns[name]] = text
    if not str(cells[header.columns["id_number"]]).strip():
        cells[header.columns["id_number"]] = row.id_number or ""
    day = today()
    reader = RosterReader(
        header,
        today=day,
        min_age=policy_on(day).policy.age_min,
        date1904=bool(locked.header.get("date1904")),  # a serial number typed in the file stays in its cell
    )
    parsed = reader.read(row_no, cells)
    rewrite(row, parsed, header)
    relate(locked, {before, row.id_index})
    compare(locked, [row.pk])
    row.refresh_from_db()
    return row


@transaction.atomic
def drop_row(*, batch: ImportBatch, row_no: int, by: User) -> None:
    """不导入: the row stays out; what it repeated is looked at again."""
    locked = held_batch(batch, by)
    row = locked.rows.filter(row_no=row_no).exclude(state__in=GONE).first()
    if row is None:
        return
    row.state = StagedState.DROPPED
    row.save(update_fields=["state"])
    relate(locked, {row.id_index})


@transaction.atomic
def drop_repeats(*, batch: ImportBatch, by: User) -> int:
    """Of rows that say the same twice keeps the first and leaves the others out; how many."""
    locked = held_batch(batch, by)
    seen: set[tuple[bytes | None, str, object]] = set()
    dropped = 0
    persons: set[bytes | None] = set()
    rows = locked.rows.filter(problems__contains=[["duplicate"]]).exclude(state__in=GONE).order_by("row_no")
    for row in rows:
        key = (row.id_index, row.employer_key, row.entry_on)
        persons.add(row.id_index)
        if key in seen:
            row.state = StagedState.DROPPED
            row.save(update_fields=["state"])
            dropped += 1
        seen.add(key)
    relate(locked, persons)
    return dropped


@transaction.atomic
def decide(*, batch: ImportBatch, decision: Decision, by: User, row_no: int | None = None) -> int:
    """Answers 「更正还是再次输送？」 for one row, or for all rows that still ask; how many were answered.

    更正 of a row that resembles another row of the file keeps this row and leaves the other out, so for all rows at
    once it answers only those that resemble a registered delivery. Raises Refused where that one cannot be changed.
    """
    locked = held_batch(batch, by)
    rows = locked.rows.filter(state=StagedState.ASK)
    if row_no is not None:
        rows = rows.filter(row_no=row_no)
    elif decision == Decision.CORRECT:
        rows = rows.filter(asks__mine=True)
        if not rows.exists():
            raise Refused("这些行的原记录不在本名册中，或是同一份文件里的另一行。请逐行选择以哪一行为准。")
    persons: set[bytes | None] = set()
    answered = 0
    for row in rows.order_by("row_no"):
        row.refresh_from_db(fields=["state"])
        if row.state != StagedState.ASK:  # left out by the answer to an earlier one
            continue
        if decision == Decision.CORRECT and row.asks and not row.asks.get("mine"):
            raise Refused(
                "原记录已归工作站，请在该人员的页面写明理由后更正。这里请选择再次输送或不导入。"
                if locked.roster_list.station_id
                else "原记录在另一份名册中，不能由这次导入更正。请选择再次输送或不导入。"
            )
        row.decision = decision
        row.state = StagedState.DROPPED if decision == Decision.DROP else StagedState.GOOD
        row.save(update_fields=["decision", "state"])
        if decision == Decision.CORRECT:
            _others(locked, row).update(state=StagedState.DROPPED)
        persons.add(row.id_index)
        answered += 1
    relate(locked, persons)
    return answered


def _others(batch: ImportBatch, row: StagedRow):  # type: ignore[no-untyped-def]  # a QuerySet of staged rows
    return batch.rows.filter(id_index=row.id_index).exclude(pk=row.pk).exclude(state__in=(*GONE, StagedState.KNOWN))


@transaction.atomic
def set_form(*, batch: ImportBatch, form: str, row_nos: Collection[int], by: User) -> int:
    """Records 用工形式 for some rows as an exception to what is declared for the whole file; how many rows."""
    if form not in EmploymentForm.values:
        raise Refused("请选择用工形式。")
    locked = held_batch(batch, by)
    changed = locked.rows.filter(row_no__in=row_nos).exclude(state__in=GONE).update(form=form)
    if not changed:
        raise Refused("没有找到这些行号。请按表格左侧的行号填写，如 5,8,12-15。")
    return changed


def relate(batch: ImportBatch, persons: Collection[bytes | None]) -> None:
    """Says again which rows of the file are the same person; after an edit, an answer or a row left out."""
    for index in persons:
        if index is None:
            continue
        rows = list(batch.rows.filter(id_index=index).exclude(state__in=(*GONE, StagedState.KNOWN)).order_by("row_no"))
        for row in rows:
            own = [problem for problem in row.problems or () if problem[0] not in RELATIONS]
            row.problems = own + [found for other in rows if other is not row and (found := _relation(row, other))]
            severities = {problem[4] for problem in row.problems}
            if ERROR in severities:
                row.state = StagedState.BAD
            elif not row.decision and (ASK in severities or row.asks):
                row.state = StagedState.ASK
            else:
                row.state = StagedState.GOOD
            row.problems = row.problems or None
            row.save(update_fields=["problems", "state"])


def _relation(row: StagedRow, other: StagedRow) -> list[str] | None:
    header = header_of(row.batch)
    letter = header.letter("id_number")
    if (row.employer_key, row.entry_on) == (other.employer_key, other.entry_on):
        message = f"与第 {other.row_no} 行是同一人、同一企业、同一入职时间，请删去其中一行。"
        return ["duplicate", letter, "id_number", message, ERROR]
    if Decision.AGAIN in (row.decision, other.decision):
        return None
    message = f"与第 {other.row_no} 行是同一人，但企业或入职时间不同。请确认是更正还是再次输送。"
    return ["repeat", letter, "id_number", message, ASK]
