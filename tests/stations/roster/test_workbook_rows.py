"""The persons of a roster: every date spelling, every problem with its address, rows that are nobody (H8)."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stations.roster.workbook.cells import column_letter, date_message, read_date
from stations.roster.workbook.header import ROSTER_FIELDS, Header, locate
from stations.roster.workbook.limits import Limits, roster_limits
from stations.roster.workbook.preflight import WorkbookRefused
from stations.roster.workbook.problems import ASK, ERROR, WARNING, grouped
from stations.roster.workbook.reader import Workbook
from stations.roster.workbook.rows import ParsedRow, latest_birth, parse_roster
from tests.data import workbooks as wb
from tests.data.people import EMPLOYER, HEADER, HUKOU, id_number, people, person

from .build import Whole, whole

TODAY = dt.date(2021, 11, 23)
LABELS = {field.name: field.label for field in ROSTER_FIELDS}
COLUMNS = {"seq": 0, "name": 1, "id_number": 2, "hukou": 3, "employer": 4, "entry_on": 5}


def header(*extra: str, row: int = 1) -> Header:
    columns = {**COLUMNS, **{name: 6 + at for at, name in enumerate(extra)}}
    return Header(0, "附件2", row, columns, LABELS)


def parse(*rows: list[object], extra: tuple[str, ...] = ()) -> Whole:
    numbered = [(number, list(row)) for number, row in enumerate([list(HEADER), *rows], start=1)]
    return whole(parse_roster(numbered, header(*extra), today=TODAY))  # type: ignore[arg-type]


def row(**changes: object) -> list[object]:
    values: dict[str, object] = {
        "seq": 1.0,
        "name": "测试甲",
        "id_number": "529999199001010019",
        "hukou": HUKOU["52"],
        "employer": EMPLOYER,
        "entry_on": (2021, 3, 10),
    }
    return list((values | changes).values())


def only(*rows: list[object]) -> ParsedRow:
    (parsed,) = parse(*rows).rows
    return parsed


@pytest.mark.parametrize(
    ("value", "day"),
    [
        pytest.param((2024, 3, 5), "2024-03-05", id="日期单元格"),
        pytest.param("2024.3.5", "2024-03-05", id="点分"),
        pytest.param("2024.03.05", "2024-03-05", id="点分补零"),
        pytest.param("2024/3/5", "2024-03-05", id="斜线"),
        pytest.param("2024-3-5", "2024-03-05", id="横线"),
        pytest.param("2024年3月5日", "2024-03-05", id="年月日"),
        pytest.param("2024年3月5号", "2024-03-05", id="年月号"),
        pytest.param("2024 年 3 月 5 日", "2024-03-05", id="夹空格"),
        pytest.param("２０２４年３月５日", "2024-03-05", id="全角"),
        pytest.param("2024．3．5", "2024-03-05", id="全角点"),
        pytest.param("20240305", "2024-03-05", id="八位文本"),
        pytest.param(20240305.0, "2024-03-05", id="八位数值"),
        pytest.param(45356.0, "2024-03-05", id="序列号"),
        pytest.param(45356.75, "2024-03-05", id="带时间的序列号"),
        pytest.param("45356", "2024-03-05", id="序列号文本"),
        pytest.param("2024-03-05 00:00:00", "2024-03-05", id="带零点"),
        pytest.param("2024-03-05T08:30:00", "2024-03-05", id="带T时间"),
        pytest.param("2024.3.1 12:30", "2024-03-01", id="一位日后带时间"),
        pytest.param("2024/3/1 8:05:00", "2024-03-01", id="一位日后带早晨时间"),
        pytest.param("2024年3月1日12:30", "2024-03-01", id="日字后紧跟时间"),
        pytest.param("2024。3。5", "2024-03-05", id="中文句号"),
        pytest.param("2024—03—05", "2024-03-05", id="长横线"),
        pytest.param("'2024-03-05", "2024-03-05", id="前导撇号"),
        pytest.param("2024.3.5.", "2024-03-05", id="末尾多一点"),
        pytest.param("2024年2月29日", "2024-02-29", id="闰日"),
    ],
)
def test_dates_people_write(value: object, day: str) -> None:
    assert read_date(value) == dt.date.fromisoformat(day)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        pytest.param("", "date_empty", id="空"),
        pytest.param(" \u3000", "date_empty", id="只有空格"),
        pytest.param("2024.3", "date_month", id="只有年月"),
        pytest.param("2024年3月", "date_month", id="年月"),
        pytest.param(2024.3, "date_month", id="年月成了小数"),
        pytest.param("24.3.5", "date_short_year", id="两位年"),
        pytest.param("3/5/2024", "date_order", id="月日年"),
        pytest.param("2024-02-30", "date_impossible", id="二月三十日"),
        pytest.param("2023年2月29日", "date_impossible", id="平年二月二十九"),
        pytest.param("20241301", "date_impossible", id="十三月"),
        pytest.param("1899-03-05", "date_range", id="年份过早"),
        pytest.param("去年三月", "date_unreadable", id="文字"),
        pytest.param(2024.0, "date_unreadable", id="只有年"),
        pytest.param(True, "date_unreadable", id="真值"),
        pytest.param(5.22e17, "date_unreadable", id="大数"),
        pytest.param(float("nan"), "date_unreadable", id="非数"),
    ],
)
def test_dates_that_are_asked_back(value: object, code: str) -> None:
    assert read_date(value) == code
    assert date_message(code, "入职时间", value).startswith("入职时间")


def test_serials_of_the_1904_system() -> None:
    assert read_date(43894.0, date1904=True) == dt.date(2024, 3, 5)
    with Workbook(wb.date1904([person(1, entry=dt.date(2021, 3, 10))]), roster_limits()) as book:
        one = locate(book.sheets)[0]
        assert book.checked is not None
        parsed = whole(parse_roster(book.rows(0), one, today=TODAY, date1904=book.checked.date1904))
    assert parsed.rows[0].entry_on == dt.date(2021, 3, 10)


@given(st.dates(min_value=dt.date(1950, 1, 1), max_value=dt.date(2100, 12, 31)))
def test_every_spelling_means_the_same_day(day: dt.date) -> None:
    serial = (day - dt.date(1899, 12, 30)).days
    y, m, d = day.year, day.month, day.day
    spellings = [
        (y, m, d),
        f"{y}.{m}.{d}",
        f"{y}/{m:02}/{d:02}",
        f"{y}年{m}月{d}日",
        f"{day:%Y%m%d}",
        float(serial),
        str(serial),
    ]
    assert {read_date(value) for value in spellings} == {day}


@given(st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.booleans()))
def test_no_cell_makes_a_date_raise(value: object) -> None:
    assert isinstance(read_date(value), dt.date | str)


def test_a_good_row_is_understood_whole() -> None:
    parsed = only(row())
    assert parsed.good
    assert (parsed.name, parsed.id_number, parsed.province) == ("测试甲", "529999199001010019", "52")
    assert parsed.entry_on == dt.date(2021, 3, 10)
    assert parsed.person is not None
    assert (parsed.person.sex, parsed.person.birth) == ("M", dt.date(1990, 1, 1))
    assert parsed.cells(header())["entry_on"] == "2021-03-10"


@pytest.mark.parametrize(
    ("changes", "code", "column", "words"),
    [
        pytest.param({"name": ""}, "name", "B", "姓名为空", id="姓名空"),
        pytest.param({"name": "测\x07试"}, "name", "B", "控制字符", id="姓名含控制字符"),
        pytest.param({"name": "长" * 51}, "name", "B", "50", id="姓名过长"),
        pytest.param({"id_number": ""}, "empty", "C", "为空", id="身份证号空"),
        pytest.param({"id_number": "529999900101001"}, "fifteen", "C", "18 位", id="15位"),
        pytest.param({"id_number": "529999199001010010"}, "checksum", "C", "校验码", id="校验码错"),
        pytest.param({"id_number": 5.22e17}, "scientific", "C", "5.22E+17", id="成了数值"),
        pytest.param({"id_number": "5.22E+17"}, "scientific", "C", "设为文本", id="成了科学计数文本"),
        pytest.param({"id_number": 529999900101001.0}, "number", "C", "数值", id="15位数值"),
        pytest.param({"id_number": "529999199002300010"}, "birth", "C", "19900230", id="生日不存在"),
        pytest.param({"hukou": ""}, "hukou", "D", "为空", id="户籍空"),
        pytest.param({"employer": " "}, "employer", "E", "全称", id="企业空"),
        pytest.param({"entry_on": "2021.3"}, "date_month", "F", "年月", id="只有年月"),
        pytest.param({"entry_on": (2021, 11, 24)}, "entry_future", "F", "晚于今天", id="明天入职"),
        pytest.param(
            {"id_number": id_number(born=dt.date(2005, 3, 11))}, "under_age", "F", "16 周岁", id="差一天满十六"
        ),
    ],
)
def test_each_problem_has_its_address_and_its_remedy(
    changes: dict[str, object], code: str, column: str, words: str
) -> None:
    parsed = only(row(**changes))
    (problem,) = parsed.problems or []
    assert (problem.code, problem.row, problem.column, problem.severity) == (code, 2, column, ERROR)
    assert words in problem.message
    assert problem.text().startswith(f"第 2 行 {column} 列：")
    assert not parsed.good


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        pytest.param({"id_number": " ５２9999199001010019"}, "529999199001010019", id="全角与空格"),
        pytest.param({"id_number": "'82999919900101001x"}, "82999919900101001X", id="撇号与小写x"),
    ],
)
def test_spelling_of_a_number_is_put_right(changes: dict[str, object], text: str) -> None:
    parsed = only(row(**changes))
    assert (parsed.id_number, parsed.good) == (text, True)


def test_a_rounded_number_is_never_repaired() -> None:
    parsed = only(row(id_number=5.29999199001010e17))
    assert parsed.id_number is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"hukou": "示例州示例县"}, "hukou_unread", id="看不出省份"),
        pytest.param({"name": "测试甲1"}, "name_odd", id="姓名带数字"),
    ],
)
def test_warnings_do_not_hold_a_row_back(changes: dict[str, object], code: str) -> None:
    parsed = only(row(**changes))
    assert parsed.good
    assert [(problem.code, problem.severity) for problem in parsed.problems or []] == [(code, WARNING)]


@pytest.mark.parametrize("name", ["䶮𠮷", "买买提·吐尔逊", "阿卜杜热合曼•买买提", "𬱖𰻝", "欧阳测试", "Anna Test"])
def test_names_stay_as_written(name: str) -> None:
    parsed = only(row(name=f" {name} "))
    assert (parsed.name, parsed.problems) == (name, None)


def test_sixteenth_birthday_is_old_enough() -> None:
    assert only(row(id_number=id_number(born=dt.date(2005, 3, 10)))).good


@pytest.mark.parametrize(
    ("entry", "latest"),
    [
        pytest.param(dt.date(2021, 3, 10), dt.date(2005, 3, 10), id="平常的一天"),
        pytest.param(dt.date(2020, 2, 29), dt.date(2004, 2, 29), id="闰年对闰年"),
        pytest.param(dt.date(2016, 2, 29), dt.date(2000, 2, 29), id="世纪闰年"),
        pytest.param(dt.date(1916, 2, 29), dt.date(1900, 2, 28), id="那一年没有二月二十九"),
    ],
)
def test_the_last_birthday_that_is_old_enough(entry: dt.date, latest: dt.date) -> None:
    assert latest_birth(entry, 16) == latest


def test_entry_today_is_not_the_future() -> None:
    assert only(row(entry_on=(2021, 11, 23))).good


def test_all_problems_of_a_row_come_in_one_pass() -> None:
    parsed = only(row(name="", id_number="5.22E+17", hukou="", employer="", entry_on="2021.3"))
    codes = [problem.code for problem in parsed.problems or []]
    assert codes == ["name", "scientific", "hukou", "employer", "date_month"]


def test_duplicates_name_both_rows() -> None:
    sheet = parse(row(), row(seq=2.0, id_number="529999 199001010019"))
    texts = [problem.text() for problem in sheet.problems]
    assert [problem.code for problem in sheet.problems] == ["duplicate", "duplicate"]
    assert texts[0].startswith("第 2 行 C 列：与第 3 行")
    assert texts[1].startswith("第 3 行 C 列：与第 2 行")


@pytest.mark.parametrize(
    "changes", [{"entry_on": (2021, 5, 1)}, {"employer": "示例电子有限公司"}], ids=["另一时间", "另一企业"]
)
def test_same_person_with_another_date_or_employer_is_asked_about(changes: dict[str, object]) -> None:
    sheet = parse(row(), row(**changes))
    assert {(problem.code, problem.severity) for problem in sheet.problems} == {("repeat", ASK)}
    assert [parsed.severity for parsed in sheet.rows] == [ASK, ASK]


def test_one_number_in_every_row_stays_linear() -> None:
    sheet = parse(*[row(seq=float(number)) for number in range(3000)])
    assert len(sheet.rows[0].problems or []) == 20
    assert all(parsed.problems for parsed in sheet.rows)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param([""] * 6, id="空行"),
        pytest.param([" ", "\u3000", "", "", "", ""], id="只有空格"),
        pytest.param([9.0, "", "", "", "", ""], id="只有序号"),
        pytest.param(["…", "", "", "", "", ""], id="省略号"),
        pytest.param(["合计", "", "", "", "", "3人"], id="合计"),
        pytest.param(["", "合 计", "", "", "", 3.0], id="姓名列里的合计"),
        pytest.param(["合计", "", "3人", "", "", ""], id="身份证号列里的合计人数"),
        pytest.param(["", "总人数", 3.0, "", "", ""], id="总人数"),
        pytest.param(["注意：申请设立劳务协作站需已为区内企业累计输送省外劳动力50人以上。"], id="注意"),
        pytest.param(list(HEADER), id="重复的表头"),
        pytest.param(["填表人：测试庚", "", "", "", "", ""], id="落款"),
    ],
)
def test_rows_that_are_nobody_are_left_out(other: list[object]) -> None:
    sheet = parse(row(), other, row(seq=2.0, id_number=id_number(sequence=3)))
    assert [parsed.row_no for parsed in sheet.rows] == [2, 4]
    assert not sheet.problems


def test_a_half_filled_row_is_a_person_with_problems_not_nobody() -> None:
    parsed = only(["", "测试甲", "", "", "", ""])
    assert {problem.code for problem in parsed.problems or []} == {"empty", "hukou", "employer", "date_empty"}


def test_optional_columns() -> None:
    rows = [
        [*row(), "装配工", "初中", "13000000000", (2021, 9, 1)],
        [*row(id_number=id_number(sequence=3)), "", "", "123", "2021.2.1"],
    ]
    sheet = parse(*rows, extra=("post", "education", "phone", "leave_on"))
    assert sheet.rows[0].extra == {
        "post": "装配工",
        "education": "初中",
        "phone": "13000000000",
        "leave_on": dt.date(2021, 9, 1),
    }
    assert {(problem.code, problem.column, problem.severity) for problem in sheet.problems} == {
        ("phone", "I", WARNING),
        ("leave_early", "J", ERROR),
    }


def test_groups_put_errors_first_and_count() -> None:
    sheet = parse(row(name=""), row(id_number="x", hukou="某县"), row(id_number="y", hukou="某县"))
    assert [(group.code, group.count) for group in grouped(sheet.problems)] == [
        ("length", 2),
        ("name", 1),
        ("hukou_unread", 2),
    ]


def test_more_persons_than_allowed_are_refused() -> None:
    limits = Limits("名册", 1, 2, 1)
    rows = [(number, list(one)) for number, one in enumerate([HEADER, *people(3)], start=1)]
    with pytest.raises(WorkbookRefused, match="2 人"):
        whole(parse_roster(rows, header(), today=TODAY, limits=limits))  # type: ignore[arg-type]


cells = st.one_of(
    st.text(max_size=20),
    st.floats(),
    st.booleans(),
    st.just(""),
    st.sampled_from([(2021, 3, 10), "合计", "529999199001010019"]),
)


@settings(max_examples=200)
@given(st.lists(st.lists(cells, min_size=0, max_size=7), max_size=8))
def test_no_sheet_makes_the_parser_raise(rows: list[list[object]]) -> None:
    sheet = parse(*rows)
    for problem in sheet.problems:
        assert problem.message.endswith("。")
        assert problem.column


@given(st.integers(0, 16_383))
def test_column_letters_agree_with_openpyxl(index: int) -> None:
    from openpyxl.utils import get_column_letter

    assert column_letter(index) == get_column_letter(index + 1)
