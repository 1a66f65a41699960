"""① 选文件: an uploaded roster is kept, read in a limited child process and staged; nothing of it counts yet."""

from __future__ import annotations

import gc
import hashlib
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from jinhua_labor.attachments import reading as files
from jinhua_labor.attachments import services as attachments
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from jinhua_labor.core.locks import lock_name
from jinhua_labor.jobs import services as jobs
from jinhua_labor.rulebook import policy_on
from stations.roster.enums import BatchState
from stations.roster.models import ImportBatch, RosterList
from stations.roster.workbook.header import ROSTER_FIELDS, Header, HeaderMissing, head_fields, locate
from stations.roster.workbook.limits import Limits, roster_limits
from stations.roster.workbook.preflight import Checked, WorkbookRefused, preflight
from stations.roster.workbook.reader import Row, SheetInfo, Workbook, filled_down
from stations.roster.workbook.rows import RosterSheet, parse_roster

from .lists import held_for
from .staging import stage

if TYPE_CHECKING:
    from procrastinate.tasks import Task

    from jinhua_labor.accounts.models import User
    from jinhua_labor.attachments.services import Upload

KINDS = ("xlsx", "xls", "ods")
AT_ONCE_BYTES = 200_000
"""A file up to this size (about 1 500 rows) is read while the person waits; a larger one in the background."""
OPEN_STATES = (BatchState.READING, BatchState.CHOOSING, BatchState.CHECKING)
Progress = Callable[[int, int], None]
LABELS = {field.name: field.label for field in ROSTER_FIELDS}


def limits() -> Limits:
    """What a roster file may hold here."""
    return roster_limits(settings.ROSTER_MAX_ROWS)


def upload(*, roster_list: RosterList, file: Upload, by: User) -> ImportBatch:
    """Keeps the file and opens a batch for it, still to be read (`read`).

    The same file once more, while the first is still open (a double click, a second tab), is the first one's batch.
    Raises Refused (with what to do) for a file that is no harmless workbook, or while the list is locked.
    """
    data = file.read()
    try:
        checked = preflight(data, limits())
    except WorkbookRefused as refusal:
        raise Refused(refusal.message) from refusal
    with transaction.atomic():
        locked = held_for(roster_list, by)
        same = ImportBatch.objects.filter(roster_list=locked, state__in=OPEN_STATES)
        known = same.filter(file__original_sha256=hashlib.sha256(data).hexdigest()).first()
        if known is not None:
            return known
        stored = attachments.store(
            _Again(file.name, data),
            by=by,
            organisation=locked.operator,
            audience=Audience.PARTY_AND_OFFICE,
            kinds=KINDS,
            secret=True,
            kind="roster",
        )
        batch = ImportBatch.objects.create(
            operator=locked.operator,
            roster_list=locked,
            file=stored,
            created_by=by,
            header={"checked": [checked.kind, checked.date1904, checked.hidden_rows]},
        )
        record(by=by, action="roster.upload", obj=locked, detail={"batch": str(batch.pk), "file": stored.name})
    return batch


class _Again:
    """The upload once more, after preflight has seen its bytes."""

    def __init__(self, name: str | None, data: bytes) -> None:
        self.name, self.size, self._data = name, len(data), data

    def read(self) -> bytes:
        return self._data


def read(*, batch_id: uuid.UUID, sheet: int | None = None, progress: Progress | None = None) -> ImportBatch:
    """Reads and stages a batch: all its rows with all their problems, or none of them.

    Harmless to repeat: a batch that has been read stays as it is. Ends in CHECKING, in CHOOSING when several sheets
    hold a roster and `sheet` names none, or in FAILED with the reason.
    """
    batch = ImportBatch.objects.select_related("file", "operator").get(pk=batch_id)
    waiting = (BatchState.READING, BatchState.CHOOSING) if sheet is not None else (BatchState.READING,)
    if batch.state not in waiting:
        return batch
    try:
        with _without_collecting():
            return _read(batch, sheet, waiting, progress)
    except (WorkbookRefused, HeaderMissing) as refusal:
        return _end(batch, BatchState.FAILED, problem=refusal.message)
    except files.FileMissing:
        return _end(batch, BatchState.FAILED, problem="上传的文件已不在服务器上，请重新选择文件上传。")


@transaction.atomic
def read_later(*, batch: ImportBatch, sheet: int | None, by: User, task: Task[Any, Any, Any]) -> ImportBatch:
    """Queues the reading of a large file; once, however often it is asked for while the first is on its way.

    `task` is `tasks.read_batch`, handed in because it stands above this module.
    """
    locked = ImportBatch.objects.select_for_update(of=("self",)).select_related("file", "job").get(pk=batch.pk)
    if locked.state not in (BatchState.READING, BatchState.CHOOSING) or (locked.job and locked.job.is_open):
        return locked
    locked.job = jobs.start(
        kind="roster.read",
        title=f"读取名册 {locked.file.name}",
        by=by,
        task=task,
        args={"batch": str(locked.pk), "sheet": sheet},
        back_url=locked.get_absolute_url(),
    )
    locked.save(update_fields=["job"])
    return locked


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Rows hold no cycles; the collector would walk all of them again and again, for half the time of the reading."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _read(
    batch: ImportBatch, sheet: int | None, waiting: tuple[BatchState, ...], progress: Progress | None
) -> ImportBatch:
    data = files.read_bytes(batch.file)
    # The stored file is the one that passed preflight: its hash was compared a moment ago.
    with Workbook(data, limits(), Checked(*batch.header["checked"])) as book:
        headers = locate(book.sheets)
        header = _chosen(headers, sheet)
        if header is None:
            return _end(batch, BatchState.CHOOSING, candidates=headers)
        return _staged(batch, book, header, waiting, progress)


def _staged(
    batch: ImportBatch, book: Workbook, header: Header, waiting: tuple[BatchState, ...], progress: Progress | None
) -> ImportBatch:
    with transaction.atomic():
        # Whoever reads the same batch waits here, and finds it read. Its row stays free meanwhile: it may be given up.
        lock_name(f"roster.read {batch.pk}")
        batch.refresh_from_db(fields=["state"])
        if batch.state not in waiting:
            return batch
        parsed = _parse(book, header, progress)
        staged = stage(batch=batch, sheet=parsed)
        locked = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        if locked.state not in waiting:
            transaction.set_rollback(True)
            return locked
        if not staged:
            problem = f"工作表「{header.sheet_name}」的表头下面没有人员。请填好后重新上传。"
            return _end(locked, BatchState.FAILED, problem=problem)
        locked.header = {**locked.header, **_described(book, header, parsed)}
        locked.sheet = header.sheet_name[:60]
        locked.state = BatchState.CHECKING
        locked.save(update_fields=["header", "sheet", "state"])
    return locked


def _place(sheets: Iterable[SheetInfo], number: int) -> int:
    return next(place for place, sheet in enumerate(sheets) if sheet.number == number)


def _chosen(headers: list[Header], sheet: int | None) -> Header | None:
    if sheet is not None:
        for header in headers:
            if header.sheet == sheet:
                return header
    return headers[0] if len(headers) == 1 else None


def _parse(book: Workbook, header: Header, progress: Progress | None) -> RosterSheet:
    info = book.sheets[_place(book.sheets, header.sheet)]
    rows = rows_of(book, header)
    if progress is not None:
        rows = _told(rows, max(info.height - header.row, 1), progress)
    day = today()
    return parse_roster(
        rows,
        header,
        today=day,
        limits=limits(),
        head=head_fields(info.head[: header.row - 1]),
        min_age=policy_on(day).policy.age_min,
        date1904=bool(book.checked and book.checked.date1904),
    )


def rows_of(book: Workbook, header: Header) -> Iterator[tuple[int, Row]]:
    """The rows of the sheet as a person sees them."""
    sheet = book.sheets[_place(book.sheets, header.sheet)]
    return filled_down(book.rows(header.sheet), sheet, columns=header.shared, where=header.personal)


def _told(rows: Iterator[tuple[int, Row]], total: int, progress: Progress) -> Iterator[tuple[int, Row]]:
    for number, row in enumerate(rows):
        if number % 2000 == 0:
            progress(min(number, total), total)
        yield row


def _hidden(book: Workbook, header: Header) -> list[int]:
    """Rows of the table that a person does not see in the spreadsheet."""
    rows = book.checked.hidden_rows if book.checked else {}
    return [row_no for row_no in (rows or {}).get(header.sheet_name, ()) if row_no > header.row]


def _described(book: Workbook, header: Header, sheet: RosterSheet) -> dict[str, Any]:
    """What the batch keeps of a sheet that has been read: where its columns are, what stood above, rows left out or
    hidden."""
    return {
        "sheet": header.sheet,
        "sheet_name": header.sheet_name,
        "row": header.row,
        "columns": dict(header.columns),
        "width": book.sheets[_place(book.sheets, header.sheet)].width,
        "date1904": bool(book.checked and book.checked.date1904),
        "head": {
            "unit": sheet.head.reporting_unit,
            "filler": sheet.head.filler,
            "phone": sheet.head.phone,
            "filled_on": sheet.head.filled_on,
        },
        "skipped": [[row_no, why] for row_no, why in sheet.skipped[:50]],
        "hidden": _hidden(book, header),
    }


def header_of(batch: ImportBatch) -> Header:
    """The header of a batch that has been read."""
    kept = batch.header
    return Header(kept["sheet"], kept["sheet_name"], kept["row"], kept["columns"], LABELS)


def _end(
    batch: ImportBatch, state: BatchState, *, problem: str = "", candidates: list[Header] | None = None
) -> ImportBatch:
    with transaction.atomic():
        locked = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        if locked.state in (BatchState.READING, BatchState.CHOOSING):
            locked.state, locked.problem = state, problem[:300]
            if candidates is not None:
                locked.header = {**locked.header, "candidates": [[one.sheet, one.sheet_name] for one in candidates]}
            locked.save(update_fields=["state", "problem", "header"])
    return locked


def discard(*, batch: ImportBatch, by: User) -> ImportBatch:
    """Gives up an import: its staged rows go, the file and what was committed before stay."""
    with transaction.atomic():
        locked = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        held_for(locked.roster_list, by)
        locked.rows.all().delete()
        if locked.state != BatchState.COMMITTED:
            locked.state = BatchState.DISCARDED
            locked.save(update_fields=["state"])
        record(by=by, action="roster.discard", obj=locked.roster_list, detail={"batch": str(locked.pk)})
    return locked
