"""Reading in the limited child: row numbers, date systems, every format, and a child that dies."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import openpyxl
import pytest

from stations.roster.workbook.header import locate
from stations.roster.workbook.limits import MIB, Limits, roster_limits
from stations.roster.workbook.preflight import Checked, WorkbookRefused
from stations.roster.workbook.reader import Workbook, filled_down
from tests.data import workbooks as wb
from tests.data.people import EMPLOYER, HEADER, people, person

LIMITS = roster_limits()
ROWS = [(wb.TITLE,), (), HEADER, *people(2)]


@pytest.mark.parametrize(
    "build", [lambda: wb.xlsx({"附件2": ROWS}), lambda: wb.xls(ROWS), lambda: wb.ods(ROWS)], ids=["xlsx", "xls", "ods"]
)
def test_every_format_gives_the_same_rows(build: object) -> None:
    with Workbook(build(), LIMITS) as book:  # type: ignore[operator]
        rows = dict(book.rows(0))
    assert rows[1][0] == wb.TITLE
    assert not any(rows[2])
    assert tuple(rows[3]) == HEADER
    assert rows[4][2] == "529999197501020011"
    assert rows[4][5] == (2021, 3, 10)
    assert len(rows) == 5


def test_row_and_column_numbers_are_the_sheets_own_when_the_table_starts_lower_right() -> None:
    def change(book: openpyxl.Workbook) -> None:
        book.worksheets[0]["C7"] = "姓名"
        book.worksheets[0]["D9"] = dt.datetime(2024, 3, 5, 8, 30)  # noqa: DTZ001  (a sheet has no zone)

    with Workbook(wb.xlsx({"表": []}, change=change), LIMITS) as book:
        rows = dict(book.rows(0))
        assert rows[7][2] == "姓名"
        assert rows[9][3] == (2024, 3, 5)
        assert [number for number, _ in book.rows(0)] == list(range(1, 10))
        assert book.sheets[0].head[6][2] == "姓名"


def test_more_rows_than_a_chunk_arrive_in_order(tmp_path: Path) -> None:
    path = tmp_path / "名册.xlsx"
    path.write_bytes(wb.roster(list(people(4500))))
    with Workbook(path, LIMITS) as book:
        seen = [row[0] for number, row in book.rows(0) if number >= 4]
    assert seen == list(range(1, 4501))


def test_hidden_sheets_are_told_apart_and_a_sheet_can_be_read_twice() -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["隐藏"].sheet_state = "hidden"

    with Workbook(wb.xlsx({"附件2": ROWS, "隐藏": [["x"]], "空": []}, change=change), LIMITS) as book:
        assert [(sheet.name, sheet.visible) for sheet in book.sheets] == [
            ("附件2", True),
            ("隐藏", False),
            ("空", True),
        ]
        assert list(book.rows(1)) == list(book.rows(1)) == [(1, ["x"])]
        assert list(book.rows(2)) == []


def test_numbers_formulas_and_errors_arrive_as_their_values() -> None:
    with Workbook(wb.xlsx({"表": [[5.22e17, True, "=1+1", "'文本", None, 45717]]}), LIMITS) as book:
        assert next(book.rows(0)) == (1, [5.22e17, True, "", "'文本", "", 45717.0])


def test_a_file_that_eats_the_childs_memory_ends_as_a_refusal_not_as_a_crash() -> None:
    far = wb.with_sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    with pytest.raises(WorkbookRefused) as caught:
        Workbook(far, LIMITS, checked=Checked("xlsx"))  # as if preflight had missed it
    assert caught.value.code in ("died", "memory")
    assert "文件过大或格式异常" in caught.value.message


def test_a_child_over_its_time_is_ended() -> None:
    slow = Limits("名册", 5 * MIB, 20_000, 64 * MIB, wall_seconds=0)
    with pytest.raises(WorkbookRefused) as caught:
        Workbook(wb.roster(), slow)
    assert caught.value.code == "time"


def test_broken_contents_are_refused_with_words() -> None:
    data = wb.altered(wb.roster(), {"xl/workbook.xml": b"<workbook"})
    with pytest.raises(WorkbookRefused) as caught:
        Workbook(data, LIMITS)
    assert caught.value.code == "unreadable"


def test_closing_leaves_no_process_behind() -> None:
    book = Workbook(wb.roster(), LIMITS)
    child = book._child
    assert child is not None
    book.close()
    assert child.returncode is not None
    with pytest.raises(ProcessLookupError):
        os.kill(child.pid, 0)
    with pytest.raises(ValueError, match="closed"):
        next(book.chunks(0))


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_a_cell_merged_downwards_speaks_for_the_persons_beside_it(kind: str) -> None:
    rows = [HEADER, *people(3), [4, "", "", "", "", ""]]
    for row in rows[2:4]:
        row[4] = None  # type: ignore[index]
    if kind == "xlsx":
        data = wb.xlsx({"附件2": rows}, change=lambda book: book.worksheets[0].merge_cells("E2:E9"))
    else:
        data = wb.xls(rows, merged=(1, 8, 4))
    with Workbook(data, LIMITS) as book:
        header = locate(book.sheets)[0]
        sheet = book.sheets[0]
        found = list(filled_down(book.rows(0), sheet, columns=header.shared, where=header.personal))
    assert [row[4] for _, row in found] == ["入职企业", EMPLOYER, EMPLOYER, EMPLOYER, ""]


def test_merged_names_and_numbers_are_never_copied() -> None:
    rows = [HEADER, person(1), [2, None, None, *person(2)[3:]]]
    data = wb.xlsx({"附件2": rows}, change=lambda book: book.worksheets[0].merge_cells("C2:C3"))
    with Workbook(data, LIMITS) as book:
        header = locate(book.sheets)[0]
        found = list(filled_down(book.rows(0), book.sheets[0], columns=header.shared, where=header.personal))
    assert found[2][1][2] == ""
