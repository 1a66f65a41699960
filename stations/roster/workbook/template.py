"""The 附件2 template people download: the notice's six columns, identity numbers and telephone as text."""

from __future__ import annotations

from typing import IO, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from stations.roster.workbook.header import ROSTER_FIELDS
from stations.roster.workbook.limits import Limits
from stations.roster.workbook.writer import CENTRED, DATE_FORMAT, HEADER_FILL, HEADER_FONT, TEXT_FORMAT, THIN

TITLE: Final = "累计输送劳动力名册"
NOTE: Final = "注意：申请设立劳务协作站需已为区内企业累计输送省外劳动力50人以上。"
COLUMNS: Final = ("序号", "姓名", "身份证号", "户籍", "入职企业", "入职时间")
_WIDTHS: Final = (6, 12, 22, 32, 32, 14)
_FIRST, _LAST = 5, 54  # fifty bordered rows; more may follow, the columns are text and date to the bottom
_LETTERS: Final = "ABCDEF"
_EXAMPLE: Final = (1, "测试甲", "529999199001010019", "贵州省示例州示例县", "示例机械制造有限公司", "2021-03-10")


def write_template(out: IO[bytes], limits: Limits) -> None:
    """Writes the template as .xlsx: sheet 附件2 with title, head, note, header and fifty rows, and sheet 填写说明."""
    book = Workbook()
    sheet = book.active
    if not isinstance(sheet, Worksheet):
        raise TypeError("a new workbook starts with a worksheet")
    sheet.title = "附件2"
    _table(sheet)
    _guide(book.create_sheet("填写说明"), limits)
    book.properties.title = TITLE
    book.properties.creator = ""
    book.save(out)


def _table(sheet: Worksheet) -> None:
    for letter, width in zip(_LETTERS, _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.merge_cells("A1:F1")
    sheet["A1"] = TITLE
    sheet["A1"].font, sheet["A1"].alignment = Font(bold=True, size=18), CENTRED
    sheet.row_dimensions[1].height = 32
    for cell, text in (("A2", "填报单位（盖章）："), ("D2", "填报日期："), ("E2", "填表人："), ("F2", "联系电话：")):
        sheet[cell] = text
        sheet[cell].number_format = TEXT_FORMAT
    sheet["A3"] = NOTE
    for index, name in enumerate(COLUMNS):
        cell = sheet.cell(4, index + 1, name)
        cell.font, cell.fill, cell.border, cell.alignment = HEADER_FONT, HEADER_FILL, THIN, CENTRED
    # Whole columns, so that the 51st pasted number is text as well and a spreadsheet rounds none of its digits.
    for letter in "BCDE":
        sheet.column_dimensions[letter].number_format = TEXT_FORMAT
    sheet.column_dimensions["F"].number_format = DATE_FORMAT
    for row in range(_FIRST, _LAST + 1):
        for index, letter in enumerate(_LETTERS):
            cell = sheet.cell(row, index + 1)
            cell.border, cell.alignment = THIN, Alignment(vertical="center", wrap_text=letter in "DE")
            if letter in "BCDE":
                cell.number_format = TEXT_FORMAT
            elif letter == "F":
                cell.number_format = DATE_FORMAT
        sheet.cell(row, 1, row - _FIRST + 1)
    number = DataValidation(type="textLength", operator="equal", formula1="18", allow_blank=True, errorStyle="warning")
    number.promptTitle, number.prompt = "身份证号", "18 位公民身份号码，本列已设为文本。"
    number.errorTitle, number.error = "身份证号", "应为 18 位，请按证件核对。"
    number.showInputMessage = number.showErrorMessage = True
    number.add(f"C{_FIRST}:C1048576")
    sheet.add_data_validation(number)
    sheet.freeze_panes = f"A{_FIRST}"
    sheet.page_setup.paperSize, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = "9", 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "4:4"


def _guide(sheet: Worksheet, limits: Limits) -> None:
    optional = "、".join(field.label for field in ROSTER_FIELDS if not field.required and field.name != "seq")
    lines = (
        ("填写说明", ""),
        ("姓名", "与身份证一致；生僻字、间隔号（·）照证件原样填写。"),
        ("身份证号", "18 位，以文本填写。若显示为 5.22E+17，后几位已经丢失，须把该列设为文本后按证件重填。"),
        ("户籍", "从省名写起，到省、市、县，如「贵州省示例州示例县」。户籍以户口簿为准，身份证号前两位仅供参考。"),
        ("入职企业", "营业执照上的企业全称。"),
        ("入职时间", "年月日齐全，如 2021-03-10、2021年3月10日；只写年月的无法识别。"),
        ("可选列", f"可在右侧增加：{optional}。列的次序可以调整，按表头识别。"),
        ("份数与大小", limits.told()),
        ("不必删除", "标题行、填报单位行、空行、合计行可以保留，导入时自动略过。"),
        ("示例（虚构）", " ｜ ".join(str(value) for value in _EXAMPLE)),
    )
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 16, 90
    for number, (name, text) in enumerate(lines, start=1):
        sheet.cell(number, 1, name).font = HEADER_FONT
        cell = sheet.cell(number, 2, text)
        cell.number_format, cell.alignment = TEXT_FORMAT, Alignment(wrap_text=True, vertical="top")
