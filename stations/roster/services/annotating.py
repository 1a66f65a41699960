"""The annotated copy of an upload: same columns and row numbers, problems as notes and in a last column."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from jinhua_labor.attachments import reading as files
from jinhua_labor.core.errors import Refused
from stations.roster.enums import StagedState
from stations.roster.workbook.annotate import write_annotated
from stations.roster.workbook.preflight import Checked, WorkbookRefused
from stations.roster.workbook.problems import Problem
from stations.roster.workbook.reader import Workbook

from .reading import header_of, limits, rows_of

if TYPE_CHECKING:
    from stations.roster.models import ImportBatch


def annotate(*, batch: ImportBatch, out: IO[bytes]) -> int:
    """Writes the copy with the problems of the rows that are still staged; how many rows carry one.

    Raises Refused for a batch that has not been read, FileMissing when the upload is gone.
    """
    if "columns" not in batch.header:
        raise Refused("这份文件还没有读入，没有可标注的内容。")
    problems = [
        Problem(code, row_no, column, field, message, severity)
        for row_no, found in batch.rows.exclude(state=StagedState.DROPPED)
        .filter(problems__isnull=False)
        .order_by("row_no")
        .values_list("row_no", "problems")
        for code, column, field, message, severity in found
    ]
    header = header_of(batch)
    data = files.read_bytes(batch.file)
    try:
        with Workbook(data, limits(), Checked(*batch.header["checked"])) as book:
            return write_annotated(
                out,
                rows_of(book, header),
                header,
                problems,
                width=batch.header.get("width", 0),
                date1904=bool(batch.header.get("date1904")),
            )
    except WorkbookRefused as refusal:
        raise Refused(refusal.message) from refusal
