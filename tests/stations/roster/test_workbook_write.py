"""Workbooks that leave: nothing becomes a formula (H3), the template reads back, the copy keeps its rows."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stations.roster.workbook.annotate import write_annotated
from stations.roster.workbook.header import Header, head_fields, locate
from stations.roster.workbook.limits import roster_limits
from stations.roster.workbook.preflight import preflight
from stations.roster.workbook.reader import Row, Workbook
from stations.roster.workbook.rows import parse_roster
from stations.roster.workbook.template import NOTE, write_template
from stations.roster.workbook.writer import Sheet, Value, write_workbook
from tests.data import workbooks as wb
from tests.data.people import HEADER, person

from .build import Whole, whole

LIMITS = roster_limits()
TODAY = dt.date(2021, 11, 23)
DAY = dt.datetime(2021, 3, 10)  # noqa: DTZ001  (a sheet has no zone)


def exported(rows: list[list[Value]], titles: tuple[str, ...] = ("甲",)) -> openpyxl.Workbook:
    out = io.BytesIO()
    assert write_workbook(out, [Sheet("表", titles, rows)]) == len(rows)
    return openpyxl.load_workbook(io.BytesIO(out.getvalue()))


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        '=HYPERLINK("http://x")',
        "+1",
        "-1",
        "@SUM(1)",
        "\t=1",
        "=cmd|'/c calc'!A1",
        "http://x.example",
        "00123",
        "529999199001010019",
    ],
)
def test_strings_are_text_and_never_formulas(text: str) -> None:
    cell = exported([[text]])["表"]["A2"]
    assert (cell.data_type, cell.value) == ("s", text)
    assert cell.number_format == "@"
    assert cell.hyperlink is None
    assert bool(cell.quotePrefix) is text.startswith(("=", "+", "-", "@", "\t"))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_any_text_can_be_written_and_read_back(text: str) -> None:
    cell = exported([[text]])["表"]["A2"]
    assert cell.data_type == "s" or cell.value is None


def test_numbers_and_dates_keep_their_kind_and_titles_stay_in_view() -> None:
    sheet = exported([[1, dt.date(2021, 3, 10), 40000.5]], ("一", "二", "三"))["表"]
    assert [sheet.cell(2, at).value for at in (1, 2, 3)] == [1, DAY, 40000.5]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:C2"


def test_names_of_sheets_are_made_fit() -> None:
    out = io.BytesIO()
    write_workbook(out, [Sheet("名/册:[1]" + "长" * 40, ("甲",), [])])
    assert openpyxl.load_workbook(io.BytesIO(out.getvalue())).sheetnames == ["名 册  1 " + "长" * 24]


def read(data: bytes) -> tuple[Header, list[tuple[int, Row]], Whole]:
    with Workbook(data, LIMITS) as book:
        (header,) = locate(book.sheets)
        rows = list(book.rows(header.sheet))
    return (
        header,
        rows,
        whole(parse_roster(rows, header, today=TODAY, head=head_fields([row for _, row in rows[: header.row]]))),
    )


def template() -> bytes:
    out = io.BytesIO()
    write_template(out, LIMITS)
    return out.getvalue()


def test_template_has_the_notices_columns_and_text_formats() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template()))
    sheet = book["附件2"]
    assert [cell.value for cell in sheet[4]] == list(HEADER)
    assert sheet["A3"].value == NOTE
    assert {sheet[f"{letter}5"].number_format for letter in "BCDE"} == {"@"}
    assert sheet.column_dimensions["C"].number_format == "@"
    assert sheet["F5"].number_format == "yyyy-mm-dd"
    assert "填写说明" in book.sheetnames


def test_empty_template_comes_back_as_a_roster_of_nobody() -> None:
    assert preflight(template(), LIMITS).kind == "xlsx"
    _, _, sheet = read(template())
    assert sheet.rows == []


def test_filled_template_comes_back_with_its_persons_and_head() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template()))
    sheet = book["附件2"]
    sheet["A2"], sheet["D2"] = "填报单位（盖章）：示例人力资源有限公司", "填报日期：2021年4月12日"
    for number in range(1, 61):  # more than the fifty bordered rows
        for at, value in enumerate(person(number), start=1):
            sheet.cell(4 + number, at, value)
    out = io.BytesIO()
    book.save(out)
    _, _, parsed = read(out.getvalue())
    assert len(parsed.rows) == 60
    assert not parsed.problems
    assert (parsed.head.reporting_unit, parsed.head.filled_on) == ("示例人力资源有限公司", "2021年4月12日")


def test_annotated_copy_keeps_the_days_of_the_1904_system() -> None:
    day = dt.date(2021, 3, 10)
    serial = (day - dt.date(1904, 1, 1)).days
    with Workbook(wb.date1904([person(1, entry=day), person(2, entry=serial)]), roster_limits()) as book:
        header, rows, out = locate(book.sheets)[0], list(book.rows(0)), io.BytesIO()
    write_annotated(out, rows, header, [], date1904=True)
    with Workbook(out.getvalue(), roster_limits()) as copy:
        assert copy.checked is not None
        again = whole(parse_roster(copy.rows(0), header, today=TODAY, date1904=copy.checked.date1904))
    assert [row.entry_on for row in again.rows] == [day, day]


def annotated(data: bytes) -> tuple[bytes, Whole]:
    header, rows, sheet = read(data)
    out = io.BytesIO()
    write_annotated(out, rows, header, sheet.problems)
    return out.getvalue(), sheet


def test_annotated_copy_keeps_columns_and_row_numbers_and_shows_the_problems() -> None:
    wrong = [person(1), [2, "测试乙", 5.22e17, "某县", "=1+1", "2021.3"], person(3)]
    data, sheet = annotated(wb.roster(wrong, header=(*HEADER, "备注"), below=[("合计", None, None, None, None, 3)]))
    copy = openpyxl.load_workbook(io.BytesIO(data))["附件2"]
    assert [cell.value for cell in copy[3]][:8] == [*HEADER, "备注", "问题"]
    assert copy["B4"].value == sheet.rows[0].name
    assert copy["F4"].value == DAY
    assert (copy["C5"].data_type, copy["C5"].value) == ("s", "5.22E+17")
    assert copy["E5"].data_type != "f"
    assert "设为文本" in copy["C5"].comment.text
    assert copy["C5"].fill.fgColor.rgb.endswith("FFC7CE")
    assert copy["D5"].fill.fgColor.rgb.endswith("FFEB9C")
    assert "科学计数" in copy["H5"].value
    assert "只有年月" in copy["H5"].value
    assert copy["H4"].value is None
    assert copy["C4"].comment is None
    assert copy["A7"].value == "合计"


def test_annotated_copy_can_be_corrected_and_uploaded_again() -> None:
    data, sheet = annotated(wb.roster([person(1), [2, "测试乙", "5.22E+17", "贵州省", "示例公司", "2021.3"]]))
    assert len(sheet.problems) == 2
    book = openpyxl.load_workbook(io.BytesIO(data))
    book["附件2"]["C5"], book["附件2"]["F5"] = person(2)[2], "2021-03-10"
    out = io.BytesIO()
    book.save(out)
    _, _, again = read(out.getvalue())
    assert [row.row_no for row in again.rows] == [4, 5]
    assert not again.problems


def test_annotated_copy_of_an_old_workbook_is_an_xlsx_with_the_same_rows() -> None:
    data, _ = annotated(wb.xls([(wb.TITLE,), (), HEADER, person(1), [2, "", "", "", "", ""], person(3)]))
    copy = openpyxl.load_workbook(io.BytesIO(data))["附件2"]
    assert [copy.cell(row, 2).value for row in (4, 6)] == [person(1)[1], person(3)[1]]


def test_a_second_round_of_problems_replaces_the_first_column() -> None:
    first, _ = annotated(wb.roster([[1, "测试甲", "5.22E+17", "贵州省", "示例公司", "2021.3"]]))
    second, _ = annotated(first)
    copy = openpyxl.load_workbook(io.BytesIO(second))["附件2"]
    assert [cell.value for cell in copy[3]] == [*HEADER, "问题"]
