"""Finding the table (H8): under title rows, in any order, by other words, in two rows, on one of several sheets."""

from __future__ import annotations

from collections.abc import Sequence

import openpyxl
import pytest

from stations.roster.workbook.header import Header, HeaderMissing, HeadFields, head_fields, locate
from stations.roster.workbook.limits import roster_limits
from stations.roster.workbook.reader import Workbook
from tests.data import workbooks as wb
from tests.data.people import HEADER, people


def found(data: bytes) -> list[Header]:
    with Workbook(data, roster_limits()) as book:
        return locate(book.sheets)


@pytest.mark.parametrize(
    ("above", "header", "row"),
    [
        pytest.param([], HEADER, 1, id="首行即表头"),
        pytest.param([(wb.TITLE,), (wb.HEAD_LINE,)], HEADER, 3, id="标题与填报行之下"),
        pytest.param([(wb.TITLE,), (), (), (wb.HEAD_LINE,), ()], HEADER, 6, id="下移三行"),
        pytest.param([], ("姓名", "入职时间", "入职企业", "户籍", "身份证号", "序号"), 1, id="列序不同"),
        pytest.param([], ("编号", "姓 名", "证件号码", "籍贯", "用工企业", "到岗时间"), 1, id="同义词一"),
        pytest.param([], ("序号", "姓名", "身份证号码", "户籍地址", "单位名称", "入职日期"), 1, id="同义词二"),
        pytest.param([], ("序号", "姓名", "身份证号", "户籍", "用人单位", "进厂时间"), 1, id="同义词三"),
        pytest.param(
            [],
            ("序号", "姓名*", "公民身份号码（18位）", "户籍\n所在地", "入职单位：", "入职时间(年月日)"),
            1,
            id="星号括注换行",
        ),
        pytest.param(
            [],
            ("序号", "姓名", "性别", "身份证号", "民族", "户籍", "备注", "入职企业", "入职时间", "问题"),
            1,
            id="多余的列",
        ),
    ],
)
def test_header_is_found(above: Sequence[Sequence[object]], header: Sequence[object], row: int) -> None:
    (one,) = found(wb.roster([["1", "测试甲", "529999199001010019"] + ["x"] * 7], above=above, header=header))
    assert one.row == row
    assert {"name", "id_number", "hukou", "employer", "entry_on"} <= set(one.columns)
    assert header[one.columns["name"]] in ("姓名", "姓 名", "姓名*")


def test_merged_header_of_two_rows() -> None:
    def merge(book: openpyxl.Workbook) -> None:
        sheet = book.worksheets[0]
        sheet.merge_cells("E2:F2")
        for letter in "ABCD":
            sheet.merge_cells(f"{letter}2:{letter}3")

    upper, lower = (
        ("序号", "姓名", "身份证号", "户籍", "入职情况", None),
        (None, None, None, None, "入职企业", "入职时间"),
    )
    (one,) = found(wb.xlsx({"名册": [(wb.TITLE,), upper, lower, *people(2)]}, change=merge))
    assert (one.row, one.first_row) == (3, 4)
    assert one.letter("employer") == "E"
    assert one.letter("id_number") == "C"


@pytest.mark.parametrize(
    ("header", "field", "letter"),
    [
        pytest.param(
            ("序号", "姓名", "身份证号", "籍贯", "户籍", "入职企业", "入职时间"), "hukou", "E", id="户籍旁有籍贯"
        ),
        pytest.param(("编号", *HEADER), "seq", "B", id="工号与序号"),
        pytest.param((*HEADER, "工作单位"), "employer", "E", id="入职企业旁有工作单位"),
        pytest.param((*HEADER, "手机", "本人电话"), "phone", "G", id="两个电话取前一个"),
        pytest.param((*HEADER, "工种", "岗位"), "post", "H", id="岗位旁有工种"),
    ],
)
def test_an_extra_column_of_like_meaning_gives_way_to_the_notices_word(
    header: Sequence[object], field: str, letter: str
) -> None:
    (one,) = found(wb.roster([["x"] * len(header)], header=header))
    assert one.letter(field) == letter


def test_optional_columns_are_read_where_they_are() -> None:
    (one,) = found(wb.roster([[*next(people(1)), "装配工", "13000000000"]], header=(*HEADER, "工种", "手机号码")))
    assert (one.letter("post"), one.letter("phone"), one.letter("education")) == ("G", "H", "")


@pytest.mark.parametrize(
    ("build", "code", "words"),
    [
        pytest.param(lambda: wb.xlsx({"表": [["甲", "乙"], [1, 2]]}), "header", "没有找到", id="没有表头"),
        pytest.param(lambda: wb.xlsx({"表": []}), "header", "模板", id="空工作簿"),
        pytest.param(lambda: wb.roster(header=HEADER[:5]), "columns", "入职时间", id="缺入职时间"),
        pytest.param(
            lambda: wb.roster(header=("序号", "姓名", "身份证号", "", "", "")),
            "columns",
            "户籍、入职企业、入职时间",
            id="缺三列",
        ),
        pytest.param(lambda: wb.roster(header=(*HEADER, "证件号码")), "twice", "C 列、G 列", id="两列身份证号不猜"),
        pytest.param(lambda: wb.roster(header=(*HEADER, "户籍")), "twice", "D 列、G 列", id="重复的列"),
        pytest.param(
            lambda: wb.roster(header=("序号", "姓名", "身份证号", "籍贯", "户籍地址", "入职企业", "入职时间")),
            "twice",
            "D 列、E 列",
            id="两列都不是户籍二字",
        ),
    ],
)
def test_missing_or_doubtful_header_says_what_to_do(build: object, code: str, words: str) -> None:
    with pytest.raises(HeaderMissing) as caught:
        found(build())  # type: ignore[operator]
    assert caught.value.code == code
    assert words in caught.value.message


def test_the_right_sheet_is_found_by_its_header_wherever_it_stands() -> None:
    sheets = {"说明": [["请先阅读"]], "Sheet2": [HEADER, *people(2)], "空白模板": [HEADER]}
    (one,) = found(wb.xlsx(sheets))
    assert one.sheet_name == "Sheet2"


def test_several_filled_sheets_are_asked_about() -> None:
    sheets = {"一季度": [HEADER, *people(2)], "二季度": [HEADER, *people(3)]}
    assert [one.sheet_name for one in found(wb.xlsx(sheets))] == ["一季度", "二季度"]


def test_a_table_on_a_hidden_sheet_is_named() -> None:
    def hide(book: openpyxl.Workbook) -> None:
        book["名册"].sheet_state = "hidden"

    with pytest.raises(HeaderMissing, match=r"名册.*取消隐藏"):
        found(wb.xlsx({"说明": [["x"]], "名册": [HEADER, *people(2)]}, change=hide))


FULL = HeadFields("示例人力资源有限公司", "2021年4月12日", "测试庚", "13000000000")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([[wb.TITLE], [wb.HEAD_LINE]], FULL, id="同一单元格"),
        pytest.param(
            [
                [
                    "填报单位（盖章）：",
                    "示例人力资源有限公司",
                    "填报日期",
                    (2021, 4, 12),
                    "填表人：测试庚",
                    "联系电话",
                    13000000000.0,
                ]
            ],
            HeadFields("示例人力资源有限公司", "2021-04-12", "测试庚", "13000000000"),
            id="分在相邻单元格",
        ),
        pytest.param(
            [["填报单位(盖章):                 填报日期:               填表人：            联系电话："]],
            HeadFields(),
            id="空白表头行",
        ),
    ],
)
def test_head_fields(rows: list[list[object]], expected: HeadFields) -> None:
    assert head_fields(rows) == expected  # type: ignore[arg-type]
