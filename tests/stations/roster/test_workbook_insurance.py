"""Insurance extracts: a row a month or a column a month, words for what was paid, months covered."""

from __future__ import annotations

import datetime as dt

import pytest

from stations.roster.workbook.header import HeaderMissing
from stations.roster.workbook.insurance import (
    PENSION,
    InsuranceSheet,
    parse_insurance,
    read_kind,
    read_place,
)
from stations.roster.workbook.insurance_header import locate_insurance
from stations.roster.workbook.limits import INSURANCE
from stations.roster.workbook.months import read_month, read_months
from stations.roster.workbook.reader import Workbook
from tests.data import workbooks as wb
from tests.data.people import id_number

TODAY = dt.date(2021, 11, 23)
A, B = id_number(sequence=1), id_number(sequence=3)
LONG = ("姓名", "身份证号", "费款所属期", "险种", "参保地", "缴费单位", "统一社会信用代码", "缴费状态", "到账日期")
FIRM, CODE = "示例机械制造有限公司", "91339999MA0000023X"


def read(rows: list[tuple[object, ...]], **options: str) -> InsuranceSheet:
    with Workbook(wb.xlsx({"明细": rows}), INSURANCE) as book:
        ((header, months),) = locate_insurance(book.sheets)
        return parse_insurance(book.rows(header.sheet), header, months, today=TODAY, limits=INSURANCE, **options)


def line(
    number: str = A, month: object = 202103, status: object = "实缴", paid: object = "2021-03-22"
) -> tuple[object, ...]:
    return ("测试甲", number, month, "企业职工基本养老保险", "330703", FIRM, CODE, status, paid)


def test_one_row_a_month() -> None:
    sheet = read([LONG, line(), line(month="2021年4月", paid=dt.date(2021, 4, 20)), line(B, status="欠缴", paid=None)])
    assert [(row.id_number, row.month, row.status, row.paid_on) for row in sheet.rows] == [
        (A, 202103, "实缴", dt.date(2021, 3, 22)),
        (A, 202104, "实缴", dt.date(2021, 4, 20)),
        (B, 202103, "欠缴", None),
    ]
    first = sheet.rows[0]
    assert (first.kind, first.place, first.payer, first.payer_code) == (PENSION, "330703", FIRM, CODE)
    assert sheet.covered == (202103, 202104)
    assert sheet.problems == []


def test_one_column_a_month() -> None:
    head = ("姓名", "身份证号", "参保地", "单位名称", "信用代码", 202103, "2021年4月", "2021-05", "2021.06")
    rows = [
        ("参保缴费情况",),
        head,
        ("测试甲", A, "金东区", FIRM, CODE, "√", "实缴", 586.4, "补缴"),
        ("测试乙", B, "金华市本级", FIRM, CODE, "", "欠缴", 0, dt.date(2021, 7, 2)),
        ("合计", "", "", "", "", 1, 1, 1, 1),
    ]
    sheet = read(rows)
    found = [(row.id_number, row.month, row.status, row.paid_on, row.place) for row in sheet.rows]
    assert found == [
        (A, 202103, "实缴", None, "330703"),
        (A, 202104, "实缴", None, "330703"),
        (A, 202105, "实缴", None, "330703"),
        (A, 202106, "补缴", None, "330703"),
        (B, 202104, "欠缴", None, "330799"),
        (B, 202106, "实缴", dt.date(2021, 7, 2), "330799"),
    ]
    assert sheet.covered == (202103, 202106)


def test_a_column_a_month_below_a_row_of_years() -> None:
    years = ("", "", "", "2020年", "", "2021年", "", "")
    head = ("姓名", "身份证号", "单位名称", "11月", "12月", "1月", "02月", 3)
    sheet = read([("参保缴费情况",), years, head, ("测试甲", A, FIRM, "√", "", "实缴", "欠缴", 586.4)])
    assert [(row.month, row.status) for row in sheet.rows] == [
        (202011, "实缴"),
        (202101, "实缴"),
        (202102, "欠缴"),
        (202103, "实缴"),
    ]
    assert sheet.covered == (202011, 202103)


def test_months_below_the_row_that_names_the_columns() -> None:
    head = ("姓名", "身份证号", "单位名称", "2021年度", "", "")
    sheet = read([head, ("", "", "", "1月", "2月", "3月"), ("测试甲", A, FIRM, "√", "√", "")])
    assert [row.month for row in sheet.rows] == [202101, 202102]


def test_a_row_a_year_with_twelve_columns() -> None:
    head = ("姓名", "身份证号", "年度", *(f"{number}月" for number in range(1, 13)))
    rows = [
        ("测试甲", A, 2020, *[""] * 11, "√"),
        ("测试甲", A, "2021年", "√", "√", *[""] * 10),
        ("测试乙", B, "去年", "√", *[""] * 11),
    ]
    sheet = read([head, *rows], default_place="330703")
    assert [(row.id_number, row.month) for row in sheet.rows] == [(A, 202012), (A, 202101), (A, 202102)]
    assert [(problem.code, problem.row) for problem in sheet.problems] == [("month", 4)]
    assert sheet.covered == (202012, 202102)


def test_a_row_a_span() -> None:
    head = ("姓名", "身份证号", "缴费起始年月", "缴费截止年月", "缴费状态")
    sheet = read(
        [head, ("测试甲", A, 202103, "2021年5月", "实缴"), ("测试乙", B, 202105, 202103, "实缴")],
        default_place="330703",
    )
    assert [row.month for row in sheet.rows] == [202103, 202104, 202105]
    assert [(problem.code, problem.row) for problem in sheet.problems] == [("month", 3)]


@pytest.mark.parametrize(
    ("cell", "months"),
    [
        pytest.param("202103-202105", [202103, 202104, 202105], id="短横"),
        pytest.param("2021年12月至2022年1月", [202112, 202201], id="至"),
        pytest.param("202103、202105", [202103, 202105], id="顿号"),
        pytest.param("2021.03~2021.04，202107", [202103, 202104, 202107], id="区间加单月"),
        pytest.param("2021-03", [202103], id="一个月"),
        pytest.param("202105-202103", None, id="先后颠倒"),
        pytest.param("190001-209912", None, id="太长"),
        pytest.param("202103-", None, id="没写完"),
    ],
)
def test_several_months_in_one_cell(cell: str, months: list[int] | None) -> None:
    assert read_months(cell) == months


def test_one_day_for_several_months_is_that_of_the_last() -> None:
    sheet = read([LONG, line(month="202103-202104", paid="2021-04-20")])
    assert [(row.month, row.paid_on) for row in sheet.rows] == [(202103, None), (202104, dt.date(2021, 4, 20))]


def test_a_person_without_any_month_was_asked_for_all_the_same() -> None:
    sheet = read([("姓名", "身份证号", 202103, 202104), ("测试甲", A, "", "")], default_place="330703")
    assert (sheet.rows, sheet.persons, sheet.covered) == ([], {A}, (202103, 202104))


def test_missing_columns_take_the_defaults_given() -> None:
    sheet = read([("姓名", "社会保障号码", "所属期"), ("测试甲", A, 202103)], default_place="330703")
    assert (sheet.rows[0].kind, sheet.rows[0].place, sheet.rows[0].status) == (PENSION, "330703", "实缴")


@pytest.mark.parametrize(
    ("row", "code"),
    [
        pytest.param(line("529999199001010010"), "checksum", id="校验码错"),
        pytest.param(line(month="三月"), "month", id="月份不明"),
        pytest.param(line(status="已登记"), "status", id="状态不明"),
        pytest.param(line(status=""), "status", id="状态空"),
    ],
)
def test_lines_that_cannot_be_used_say_why(row: tuple[object, ...], code: str) -> None:
    sheet = read([LONG, row])
    assert sheet.rows == []
    assert [(problem.code, problem.row) for problem in sheet.problems] == [(code, 2)]


def test_contradicting_lines_name_both_and_the_first_holds() -> None:
    sheet = read([LONG, line(), line(status="欠缴", paid=None), line()])
    assert [row.status for row in sheet.rows] == ["实缴"]
    (problem,) = sheet.problems
    assert (problem.code, problem.row) == ("contradiction", 3)
    assert "第 2 行" in problem.message


def test_an_extract_without_months_is_refused() -> None:
    with pytest.raises(HeaderMissing, match="费款所属期"):
        read([("姓名", "身份证号", "险种"), ("测试甲", A, "养老")])


@pytest.mark.parametrize(
    ("value", "month"),
    [
        (202103.0, 202103),
        ("202103", 202103),
        ("2021年3月", 202103),
        ("2021年03月份", 202103),
        ("2021-03", 202103),
        ("2021.3", 202103),
        ("2021/03/01", 202103),
        ("20210301", 202103),
        (2021.03, 202103),
        (2021.11, 202111),
        ((2021, 3, 1), 202103),
        (2021.1, None),
        ("202113", None),
        ("3月", None),
        ("", None),
        (1.0, None),
    ],
    ids=str,
)
def test_months(value: object, month: int | None) -> None:
    assert read_month(value) == month


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("养老保险", PENSION),
        ("企业职工基本养老保险", PENSION),
        ("企业养老", PENSION),
        ("城乡居民基本养老保险", "城乡居民基本养老保险"),
        ("机关事业单位养老保险", "机关事业单位养老保险"),
        ("灵活就业养老", "灵活就业养老"),
        ("工伤保险", "工伤保险"),
    ],
)
def test_kinds(text: str, kind: str) -> None:
    assert read_kind(text) == kind


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("330703", "330703"),
        ("330703 金东区", "330703"),
        ("金华市金东区", "330703"),
        ("市本级", "330799"),
        ("示例市", ""),
    ],
)
def test_places(text: str, place: str) -> None:
    assert read_place(text) == place
