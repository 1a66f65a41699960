"""The header of a social-insurance extract: its columns, and those of them that stand for a month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from stations.roster.workbook.header import Field, Header, HeaderMissing, locate
from stations.roster.workbook.months import read_bare_month, read_month, read_year
from stations.roster.workbook.reader import Row, SheetInfo

FIELDS: Final = (
    Field("name", "姓名", ("参保人姓名", "人员姓名", "职工姓名"), True),
    Field(
        "id_number",
        "身份证号",
        ("身份证号码", "证件号码", "证件号", "公民身份号码", "社会保障号码", "社会保障号", "社保号", "身份证"),
        True,
    ),
    Field(
        "month", "费款所属期", ("费款所属月份", "所属期", "缴费月份", "缴费年月", "参保月份", "费款所属年月", "月份")
    ),
    Field(
        "month_from",
        "起始月",
        ("起始年月", "缴费起始月", "缴费起始年月", "开始年月", "费款起始期", "起缴年月"),
    ),
    Field(
        "month_to",
        "截止月",
        ("截止年月", "缴费截止月", "缴费截止年月", "终止年月", "费款截止期", "止缴年月"),
    ),
    Field("year", "年度", ("年份", "缴费年度", "所属年度", "缴费年份", "参保年度")),
    Field("kind", "险种", ("险种类型", "险种名称", "参保险种")),
    Field("place", "参保地", ("参保地区", "参保区县", "参保地代码", "统筹区", "参保所属地")),
    Field("payer", "缴费单位", ("单位名称", "参保单位", "参保单位名称", "缴费单位名称", "单位")),
    Field("payer_code", "统一社会信用代码", ("信用代码", "缴费单位信用代码", "社会信用代码", "单位信用代码")),
    Field("status", "缴费状态", ("状态", "到账状态", "缴费标志", "实缴标志", "缴费情况")),
    Field("paid_on", "到账日期", ("到账日", "缴费日期", "到账时间", "实缴日期", "缴费时间")),
)


def locate_insurance(sheets: Sequence[SheetInfo]) -> list[tuple[Header, dict[int, int]]]:
    """The headers found, each with its month columns (column → month, or 1 … 12 where each row names its year; empty
    when every row names its months).

    Raises HeaderMissing when neither 费款所属期 nor month columns are there.
    """
    found, without = [], None
    for header in locate(sheets, FIELDS, what="参保明细"):
        months = month_columns(next(sheet for sheet in sheets if sheet.number == header.sheet), header)
        by_row = "month" in header.columns or {"month_from", "month_to"} <= set(header.columns)
        if by_row or months:
            found.append((header, {} if by_row else months))
        else:
            without = without or header
    if not found and without is not None:
        raise HeaderMissing(
            "months",
            f"工作表「{without.sheet_name}」第 {without.row} 行表头里没有「费款所属期」，也没有按月份排列的列"
            "（如 202103、2021年3月）。请补上后重新上传。",
        )
    return found


def month_columns(sheet: SheetInfo, header: Header) -> dict[int, int]:
    """Months written whole; else months 1 to 12 below a row of years, each of which reaches to the next; else months
    1 to 12 alone where a column names the year."""
    taken, months = set(header.columns.values()), {}
    for row in sheet.head[max(0, header.row - 2) : header.row]:
        for index, value in enumerate(row):
            if index not in taken and value != "" and (month := read_month(value)) is not None:
                months[index] = month
    if months:
        return months
    for above in (header.row - 2, header.row - 1):
        if 0 <= above < len(sheet.head) - 1:
            months = _below_years(sheet.head[above], sheet.head[above + 1], taken)
            if months:
                return months
    if "year" in header.columns:
        row = sheet.head[header.row - 1]
        return {
            index: month
            for index, value in enumerate(row)
            if index not in taken and (month := read_bare_month(value)) is not None
        }
    return {}


def _below_years(years: Row, row: Row, taken: set[int]) -> dict[int, int]:
    months, year = {}, None
    for index, value in enumerate(row):
        if index < len(years) and years[index] != "":
            year = read_year(years[index])
        number = read_bare_month(value) if index not in taken else None
        if year is not None and number is not None:
            months[index] = year * 100 + number
    return months
