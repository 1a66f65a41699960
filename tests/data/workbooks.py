"""Builders of workbooks as people have them, and of hostile ones; all in code, nothing copied from anywhere."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence

import openpyxl
import xlwt
from openpyxl.styles import Border, Side

from tests.data.people import HEADER, people

Rows = Iterable[Sequence[object]]
TITLE = "累计输送劳动力名册"
HEAD_LINE = "填报单位（盖章）：示例人力资源有限公司   填报日期: 2021年4月12日   填表人：测试庚   联系电话：13000000000"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def xlsx(sheets: Mapping[str, Rows], *, change: Callable[[openpyxl.Workbook], None] | None = None) -> bytes:
    """A workbook with these sheets; `change` may alter it before it is saved."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    if change:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def roster(
    rows: Rows | None = None,
    *,
    header: Sequence[object] = HEADER,
    above: Rows = ((TITLE,), (HEAD_LINE,)),
    below: Rows = (),
    change: Callable[[openpyxl.Workbook], None] | None = None,
) -> bytes:
    """附件2 as an .xlsx: lines above, header, persons, lines below."""
    persons = people(3) if rows is None else rows
    return xlsx({"附件2": [*above, header, *persons, *below]}, change=change)


def xls(rows: Rows, *, name: str = "附件2", mac: bool = False, merged: tuple[int, int, int] | None = None) -> bytes:
    """The same rows as an old .xls (OLE2, BIFF8), dates as date cells; `mac` in the 1904 system, `merged` a cell over
    (first row, last row, column), all from 0."""
    book = xlwt.Workbook(encoding="utf-8")
    book.dates_1904 = mac
    sheet = book.add_sheet(name, cell_overwrite_ok=True)
    style = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, dt.date):
                sheet.write(at, column, value, style)
            elif value is not None:
                sheet.write(at, column, value)
    if merged:
        top, bottom, column = merged
        sheet.merge(top, bottom, column, column)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(rows: Rows, *, tail: str = "", name: str = "附件2") -> bytes:
    """The same rows as an .ods as LibreOffice and WPS write it, closed by the empty rows they repeat to the bottom."""

    def cell(value: object) -> str:
        if value is None or value == "":
            return "<table:table-cell/>"
        if isinstance(value, dt.date):
            return f'<table:table-cell office:value-type="date" office:date-value="{value}"/>'
        if isinstance(value, int | float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    body = "".join(
        f"<table:table-row>{''.join(cell(value) for value in row)}"
        '<table:table-cell table:number-columns-repeated="1018"/></table:table-row>'
        for row in rows
    )
    empty = (
        '<table:table-row table:number-rows-repeated="1048500">'
        '<table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
        ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="{name}">{body}{tail}{empty}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    parts = {"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest}
    return packed({part: text.encode() for part, text in parts.items()})


def packed(parts: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts.items():
            # An .ods is known by this first part, which the format wants unpacked.
            archive.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)
    return out.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    """The parts of a zip, for altering one of them."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def altered(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The workbook with these parts added or replaced."""
    return packed({**parts_of(data), **parts})


def sheet_xml(data: str | bytes, *, dimension: str = "") -> bytes:
    """A worksheet part around raw sheetData."""
    body = data.encode() if isinstance(data, str) else data
    head = f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}">{dimension}<sheetData>'
    return head.encode() + body + b"</sheetData></worksheet>"


def with_sheet(body: str | bytes, *, dimension: str = "") -> bytes:
    """A workbook whose only sheet has this raw sheetData."""
    return altered(roster([]), {"xl/worksheets/sheet1.xml": sheet_xml(body, dimension=dimension)})


def wps_like() -> bytes:
    """Marks WPS leaves: its own application name and extension parts; a header with line breaks and stars."""
    header = ("序号", "姓 名*", "身份证号码\n（18位）", "籍贯", "用工企业名称".replace("名称", ""), "到岗时间")
    data = roster(header=header)
    app = parts_of(data)["docProps/app.xml"].replace(b"Microsoft Excel", "WPS 表格".encode())
    return altered(data, {"docProps/app.xml": app, "customXml/item1.xml": b"<s:customData xmlns:s='urn:wps'/>"})


def bordered(data_rows: int, styled_to: int) -> bytes:
    """Persons, then empty cells with borders down to `styled_to`, and one at the very last row of the sheet."""
    border = Border(*(Side(style="thin"),) * 4)

    def style(book: openpyxl.Workbook) -> None:
        sheet = book.worksheets[0]
        for row in range(data_rows + 4, styled_to + 1):
            for column in range(1, 7):
                sheet.cell(row, column).border = border
        sheet.cell(1_048_576, 6).border = border

    return roster(list(people(data_rows)), change=style)


def date1904(rows: Rows) -> bytes:
    """A workbook of the old Macintosh date system."""
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    def change(book: openpyxl.Workbook) -> None:
        book.epoch = CALENDAR_MAC_1904

    return roster(rows, change=change)


def lying_sizes(data: bytes, name: str, said: int) -> bytes:
    """The zip with another unpacked size written into both headers of one part."""
    changed = bytearray(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        local = archive.getinfo(name).header_offset
    struct.pack_into("<I", changed, local + 22, said)
    at = data.index(b"PK\x01\x02")
    while True:
        length = struct.unpack_from("<H", data, at + 28)[0]
        if data[at + 46 : at + 46 + length] == name.encode():
            struct.pack_into("<I", changed, at + 24, said)
            return bytes(changed)
        at = data.index(b"PK\x01\x02", at + 4)


def overlapping(data: bytes) -> bytes:
    """Two entries of the directory that share one part's bytes."""
    changed = bytearray(data)
    first = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", first + 4)
    changed[second + 42 : second + 46] = changed[first + 42 : first + 46]
    return bytes(changed)
