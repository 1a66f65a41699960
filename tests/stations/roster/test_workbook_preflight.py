"""Hostile and wrong files (H1, H2, H4, H7): each refused with its own reason, and what must not be refused."""

from __future__ import annotations

import io
import resource
import zipfile
from collections.abc import Callable

import pytest

from stations.roster.workbook.limits import INSURANCE, MIB, roster_limits
from stations.roster.workbook.preflight import Checked, WorkbookRefused, preflight
from tests.data import workbooks as wb
from tests.data.people import HEADER, people

LIMITS = roster_limits()
DTD = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
XXE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
MACRO_TYPE = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
PLAIN_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def part(name: str, content: bytes) -> bytes:
    return wb.altered(wb.roster(), {name: content})


def shared_strings(prolog: bytes) -> bytes:
    return part("xl/sharedStrings.xml", b'<?xml version="1.0"?>' + prolog + b"<sst/>")


def macro_type() -> bytes:
    types = wb.parts_of(wb.roster())["[Content_Types].xml"]
    assert PLAIN_TYPE in types
    return part("[Content_Types].xml", types.replace(PLAIN_TYPE, MACRO_TYPE))


def many_parts(count: int) -> bytes:
    return wb.altered(wb.roster(), {f"xl/media/image{number}.png": b"\x89PNG" for number in range(count)})


def encrypted_flag() -> bytes:
    data = bytearray(wb.roster())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def ole(*streams: str) -> bytes:
    names = b"".join(name.encode("utf-16-le").ljust(64, b"\x00") for name in streams)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + names


CSV = "姓名,身份证号\r\n测试甲,529999199001010019\r\n" * 50
REFUSED: list[tuple[str, str, Callable[[], bytes]]] = [
    ("空文件", "empty", lambda: b""),
    ("超过5MB", "size", lambda: bytes(5 * MIB + 1)),
    ("H1高压缩比单元", "bomb", lambda: part("xl/sharedStrings.xml", b"<sst>" + b" " * (8 * MIB) + b"</sst>")),
    ("H1总量过大", "bomb", lambda: wb.altered(wb.roster(), {f"xl/media/i{n}.png": bytes(MIB) for n in range(70)})),
    ("H1压缩包套压缩包", "archive", lambda: part("xl/media/image1.png", wb.roster())),
    ("H1压缩包套gzip", "archive", lambda: part("xl/printerSettings/p.bin", b"\x1f\x8b\x08" + bytes(40))),
    ("H1大小说小", "lying", lambda: wb.lying_sizes(wb.roster(), "xl/styles.xml", 10)),
    ("H1大小说大", "lying", lambda: wb.lying_sizes(wb.roster(), "xl/styles.xml", 500_000)),
    ("H1部件重叠", "lying", lambda: wb.overlapping(wb.roster())),
    ("H1部件过多", "entries", lambda: many_parts(301)),
    ("H2十亿笑声", "dtd", lambda: shared_strings(DTD)),
    ("H2外部实体", "dtd", lambda: shared_strings(XXE)),
    ("H2长注释之后的实体", "dtd", lambda: shared_strings(b"<!--" + bytes(range(32, 126)) * 6000 + b"-->" + DTD)),
    ("H2样式部件里的实体", "dtd", lambda: part("xl/styles.xml", DTD + b"<styleSheet/>")),
    ("H2工作表里的实体", "dtd", lambda: part("xl/worksheets/sheet1.xml", DTD + b"<worksheet/>")),
    ("H2关系部件里的实体", "dtd", lambda: part("xl/_rels/workbook.xml.rels", DTD + b"<Relationships/>")),
    ("H2换成UTF-16", "encoding", lambda: part("xl/styles.xml", DTD.decode().encode("utf-16"))),
    ("H2声明UTF-7", "encoding", lambda: part("xl/styles.xml", b'<?xml version="1.0" encoding="UTF-7"?><x/>')),
    ("H4宏", "active", lambda: part("xl/vbaProject.bin", b"x")),
    ("H4启用宏改名", "active", macro_type),
    ("H4外部链接DDE", "active", lambda: part("xl/externalLinks/externalLink1.xml", b"<ddeLink/>")),
    ("H4嵌入对象", "active", lambda: part("xl/embeddings/oleObject1.bin", b"x")),
    ("H4控件", "active", lambda: part("xl/activeX/activeX1.xml", b"<x/>")),
    ("H4外部数据连接", "active", lambda: part("xl/connections.xml", b"<x/>")),
    ("H4老格式宏", "active", lambda: ole("Workbook", "_VBA_PROJECT_CUR")),
    ("H4老格式嵌入对象", "active", lambda: ole("Workbook", "MBD0012AB34")),
    ("H4ODS宏", "active", lambda: wb.altered(wb.ods([HEADER]), {"Basic/Standard/Module1.xml": b"<x/>"})),
    ("H6上级目录", "names", lambda: part("../evil.xml", b"<x/>")),
    ("H6反斜杠", "names", lambda: part("xl\\evil.xml", b"<x/>")),
    ("H7列太靠右", "columns", lambda: wb.with_sheet('<row r="1"><c r="XFD1"><v>1</v></c></row>')),
    ("H7行太靠下", "rows", lambda: wb.with_sheet('<row r="1048576"><c r="A1048576"><v>1</v></c></row>')),
    ("H7只写单元格地址", "rows", lambda: wb.with_sheet('<row><c r="A1048576"><v>1</v></c></row>')),
    ("H7单引号地址", "columns", lambda: wb.with_sheet("<row r='1'><c r='XFD1'><v>1</v></c></row>")),
    ("H7行内无地址", "rows", lambda: wb.with_sheet('<row r="1048576"><c><v>1</v></c></row>')),
    (
        "H7命名空间前缀",
        "columns",
        lambda: part("xl/worksheets/sheet1.xml", b'<x:row r="1"><x:c r="XFD1"><x:v>1</x:v></x:c></x:row>'),
    ),
    ("H7列数一万", "columns", lambda: wb.roster([["甲"] * 10_000])),
    ("H7ODS行重复", "rows", lambda: wb.ods([HEADER], tail=_ods_rows(900_000))),
    ("H7ODS列重复", "columns", lambda: wb.ods([HEADER], tail=_ods_columns(900))),
    ("H8GBK文本改名", "text", lambda: CSV.encode("gbk")),
    ("H8UTF8文本改名", "text", lambda: ("\ufeff" + CSV).encode()),
    ("H8网页表格改名", "html", lambda: "<html><table><tr><td>姓名</td></tr></table>".encode()),
    ("XML表格2003", "xml", lambda: b'<?xml version="1.0"?><Workbook/>'),
    ("PDF改名", "pdf", lambda: b"%PDF-1.7 " + bytes(99)),
    ("图片改名", "image", lambda: b"\x89PNG\r\n\x1a\n" + bytes(99)),
    ("普通压缩包", "archive", lambda: wb.packed({"名册.txt": b"x"})),
    ("Word文档", "unknown", lambda: wb.packed({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})),
    ("二进制工作簿", "xlsb", lambda: wb.packed({"[Content_Types].xml": b"<x/>", "xl/workbook.bin": b"x"})),
    ("加密的新格式", "encrypted", lambda: ole("EncryptedPackage", "EncryptionInfo")),
    ("加密标记", "encrypted", encrypted_flag),
    ("老格式Word", "unknown", lambda: ole("WordDocument")),
    ("截断一半", "broken", lambda: wb.roster()[:2000]),
    ("随机字节", "unknown", lambda: bytes(range(256)) * 20),
]


def _ods_rows(count: int) -> str:
    return (
        f'<table:table-row table:number-rows-repeated="{count}">'
        '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
    )


def _ods_columns(count: int) -> str:
    return (
        f'<table:table-row><table:table-cell table:number-columns-repeated="{count}" office:value-type="string">'
        "<text:p>x</text:p></table:table-cell></table:table-row>"
    )


@pytest.mark.parametrize(("code", "build"), [pytest.param(code, build, id=name) for name, code, build in REFUSED])
def test_refused_with_its_reason(code: str, build: Callable[[], bytes]) -> None:
    with pytest.raises(WorkbookRefused) as caught:
        preflight(build(), LIMITS)
    assert caught.value.code == code
    assert caught.value.message.endswith("。")


def test_three_million_rows_are_refused_without_unpacking_them() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in wb.parts_of(wb.roster()).items():
            if name != "xl/worksheets/sheet1.xml":
                archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=False) as sheet:
            for _ in range(60):
                sheet.write(b"<row><c><v>1</v></c></row>" * 50_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(WorkbookRefused) as caught:
        preflight(out.getvalue(), LIMITS)
    assert caught.value.code == "bomb"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        pytest.param(wb.roster, Checked("xlsx"), id="普通名册"),
        pytest.param(wb.wps_like, Checked("xlsx"), id="WPS名册"),
        pytest.param(lambda: wb.bordered(30, 3000), Checked("xlsx"), id="空白带边框的单元格到底"),
        pytest.param(lambda: wb.xls([HEADER, *people(3)]), Checked("xls"), id="老格式"),
        pytest.param(lambda: wb.ods([HEADER, *people(3)]), Checked("ods"), id="ODS尾部重复空行"),
        pytest.param(lambda: wb.date1904(list(people(2))), Checked("xlsx", date1904=True), id="1904日期系统"),
        pytest.param(
            lambda: wb.with_sheet(
                '<row r="1"><c r="A1"><v>1</v></c></row>', dimension='<dimension ref="A1:XFD1048576"/>'
            ),
            Checked("xlsx"),
            id="只有谎报的范围",
        ),
        pytest.param(
            lambda: wb.with_sheet('<row r="1048576"><c r="A1048576" s="1"/><c r="XFD1048576" s="1"></c></row>'),
            Checked("xlsx"),
            id="最末单元格只有样式",
        ),
        pytest.param(
            lambda: wb.with_sheet('<row r="1" hidden="1"><c r="A1"><v>1</v></c></row>'),
            Checked("xlsx", hidden_rows={"附件2": [1]}),
            id="有隐藏行",
        ),
        pytest.param(
            lambda: wb.with_sheet("<row r='7' spans='1:3' hidden='true'/><row r='8' hidden='false'/>"),
            Checked("xlsx", hidden_rows={"附件2": [7]}),
            id="隐藏行的另一写法",
        ),
        pytest.param(lambda: wb.xls([HEADER, *people(2)], mac=True), Checked("xls", date1904=True), id="xls的1904系统"),
        pytest.param(lambda: wb.roster([[1, 'r="XFD1048576"', "x"]]), Checked("xlsx"), id="文字里写着地址"),
    ],
)
def test_ordinary_files_pass(build: Callable[[], bytes], expected: Checked) -> None:
    assert preflight(build(), LIMITS) == expected


def test_limits_differ_by_kind_and_follow_the_setting() -> None:
    assert (LIMITS.file_bytes, LIMITS.rows, LIMITS.unpacked_bytes) == (5 * MIB, 20_000, 64 * MIB)
    assert (INSURANCE.file_bytes, INSURANCE.rows, INSURANCE.unpacked_bytes) == (30 * MIB, 300_000, 256 * MIB)
    assert roster_limits(100_000).unpacked_bytes == 320 * MIB
    assert "20,000 行" in LIMITS.told()


def test_row_limit_is_the_settings_own() -> None:
    data = wb.with_sheet('<row r="25000"><c r="A25000"><v>1</v></c></row>')
    with pytest.raises(WorkbookRefused):
        preflight(data, LIMITS)
    assert preflight(data, roster_limits(30_000)).kind == "xlsx"
