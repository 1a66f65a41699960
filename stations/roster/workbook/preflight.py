"""Refuses hostile and wrong files before anything parses them; streams, so a bomb costs neither time nor memory."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Final

from stations.roster.workbook.limits import MIB, Limits

MAX_ENTRIES: Final = 300
MAX_DIRECTORY: Final = 256 * 1024
MAX_RATIO: Final = 50  # real rosters pack about 16 : 1
RATIO_FREE: Final = MIB  # small parts may pack as well as they like
CHUNK: Final = 256 * 1024
HIDDEN_MAX: Final = 2000
SAVE_AS: Final = "请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。"

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ARCHIVES = (b"PK\x03\x04", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\x00", _OLE)
_FORBIDDEN_PARTS = (
    ("vbaproject", "宏"),
    ("vbadata", "宏"),
    ("macrosheets/", "宏"),
    ("externallinks/", "外部链接"),
    ("embeddings/", "嵌入对象"),
    ("oleobject", "嵌入对象"),
    ("activex/", "ActiveX 控件"),
    ("ctrlprops/", "表单控件"),
    ("connections.xml", "外部数据连接"),
    ("querytables/", "外部数据查询"),
    ("basic/", "宏"),
    ("scripts/", "宏"),
    ("object ", "嵌入对象"),
)
_IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".emf", ".wmf", ".tif", ".tiff", ".bin", ".vml", ".svm")
_ENCODING = re.compile(rb"""^[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_TAG = re.compile(rb"<(?:\w+:)?(c|row)\b")
_HIDDEN_ROW = re.compile(rb"""<row [^<>]*\bhidden=["'](?:1|true)["'][^<>]*""")
_ROW_NUMBER = re.compile(rb"""\sr=["'](\d{1,7})["']""")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s([^<>]*)")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s([^<>]*)")
_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*["']([^"'<>]*)["']""")
_BIFF_BOF, _BIFF_EOF, _BIFF_DATEMODE = 0x0809, 0x000A, 0x0022
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|is|f)[\s>/]")
_EMPTY_CELL = re.compile(rb"[^>]*/>|[^>]*>\s*</")
_ODS_ROWS = re.compile(rb"""<table:table-row\b[^>]*number-rows-repeated\s*=\s*["'](\d+)["'][^>]*?(/?)>""")
_ODS_CELL = re.compile(
    rb"""<table:(?:covered-)?table-cell\b([^>]*)number-columns-repeated\s*=\s*["'](\d{2,})["']([^>]*?)(/?)>"""
)


class WorkbookRefused(Exception):  # noqa: N818  (a refusal, not a failure)
    """The file is not taken; `code` for tests and logs, `message` says in Chinese why and what to do."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Checked:
    """What preflight learned: kind `xlsx`, `xls` or `ods`, the 1904 date system, and of an .xlsx the rows hidden by
    hand or by a filter, by the name of their sheet."""

    kind: str
    date1904: bool = False
    hidden_rows: Mapping[str, Sequence[int]] = field(default_factory=dict)


def preflight(data: bytes, limits: Limits) -> Checked:
    """Looks at a whole file and says what it is. Raises WorkbookRefused; never unpacks more than the limits."""
    if not data:
        raise WorkbookRefused("empty", "文件是空的，请检查后重新选择。")
    if len(data) > limits.file_bytes:
        raise WorkbookRefused(
            "size", f"文件 {len(data) / MIB:.1f} MB，超过 {limits.file_bytes // MIB} MB。请拆成几份分别上传。"
        )
    if data.startswith(b"PK\x03\x04"):
        return _zip(data, limits)
    if data.startswith(_OLE):
        return _ole(data)
    raise _not_a_workbook(data)


def _not_a_workbook(data: bytes) -> WorkbookRefused:
    head = data[:2048].lstrip(b"\xef\xbb\xbf \r\n\t")
    lowered = head.lower()
    if head.startswith(b"%PDF"):
        return WorkbookRefused("pdf", "这是 PDF，不是电子表格。请上传 .xlsx、.xls 或 .ods 名册。")
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8")):
        return WorkbookRefused("image", "这是图片，不是电子表格。请上传 .xlsx、.xls 或 .ods 名册。")
    if b"<html" in lowered or b"<table" in lowered or lowered.startswith(b"<!doctype"):
        return WorkbookRefused("html", f"这是网页表格改成的文件名，不是真正的工作簿。{SAVE_AS}")
    if head.startswith(b"<?xml"):
        return WorkbookRefused("xml", f"这是 XML 表格，不是工作簿。{SAVE_AS}")
    if head.startswith((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        return WorkbookRefused("archive", "这是压缩包，请解压后上传里面的工作簿。")
    if b"\x00" not in head and _is_text(head):
        return WorkbookRefused("text", f"这是文本（CSV）文件改成的文件名，不是真正的工作簿。{SAVE_AS}")
    return WorkbookRefused("unknown", f"无法识别的文件格式。{SAVE_AS}")


def _is_text(head: bytes) -> bool:
    for encoding in ("utf-8", "gb18030"):
        for cut in range(4):  # the 2 048th byte may cut a character in two
            try:
                head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return True
    return False


def _ole(data: bytes) -> Checked:
    def stream(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if stream("EncryptedPackage"):
        raise WorkbookRefused("encrypted", "工作簿设了打开密码。请在 Excel 或 WPS 中取消密码后重新上传。")
    if stream("_VBA_PROJECT") or stream("Macros"):
        raise WorkbookRefused("active", f"工作簿含有宏，不能接收。{SAVE_AS}")
    if re.search(rb"M\x00B\x00D\x00(?:[0-9A-F]\x00){4}", data) or stream("ObjectPool"):
        raise WorkbookRefused("active", f"工作簿含有嵌入对象，不能接收。请删除对象，{SAVE_AS}")
    if not (stream("Workbook") or stream("Book")):
        raise WorkbookRefused("unknown", f"这不是 Excel 工作簿（可能是 Word 或其他旧格式文件）。{SAVE_AS}")
    return Checked("xls", _xls_1904(data))


def _xls_1904(data: bytes) -> bool:
    """Whether the workbook globals say so: walked record by record from where its stream begins, at a sector."""
    for start in range(512, min(len(data), 64 * 1024 * 1024), 512):
        if data[start : start + 2] != b"\x09\x08" or data[start + 6 : start + 8] != b"\x05\x00":
            continue
        at = start
        while at + 6 <= len(data):
            record, size = struct.unpack_from("<HH", data, at)
            if record == _BIFF_DATEMODE and size == 2:
                return data[at + 4] == 1
            if record == _BIFF_EOF or size > 8224:  # longer than a record may be: no stream after all
                break
            at += 4 + size
    return False


# --- zip: xlsx and ods ------------------------------------------------------------------------------------------------


def _entries(data: bytes) -> list[zipfile.ZipInfo]:
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    if end < 0 or len(data) < end + 22:
        raise WorkbookRefused("broken", f"文件不完整或已损坏。{SAVE_AS}")
    count, directory = struct.unpack_from("<HI", data, end + 10)
    if count > MAX_ENTRIES or directory > MAX_DIRECTORY:
        raise WorkbookRefused("entries", f"文件内部的部件过多（超过 {MAX_ENTRIES} 个），不是普通的名册。{SAVE_AS}")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as error:
        raise WorkbookRefused("broken", f"文件不完整或已损坏。{SAVE_AS}") from error
    if len(entries) > MAX_ENTRIES or len({entry.filename.lower() for entry in entries}) != len(entries):
        raise WorkbookRefused("entries", f"文件内部的部件过多或重名，不是普通的名册。{SAVE_AS}")
    return entries


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    for entry in entries:
        name = entry.filename
        if name.startswith("/") or ".." in name.split("/") or re.search(r"[\\:\x00-\x1f]", name):
            raise WorkbookRefused("names", f"文件内部的部件名称异常，不能接收。{SAVE_AS}")
        lowered = name.lower() + (" " if name.startswith("Object") and "/" in name else "")
        for part, what in _FORBIDDEN_PARTS:
            if part in lowered:
                raise WorkbookRefused("active", f"工作簿含有{what}，不能接收。请删除后，{SAVE_AS}")
        if entry.flag_bits & 0x1:
            raise WorkbookRefused("encrypted", "工作簿设了密码。请在 Excel 或 WPS 中取消密码后重新上传。")


def _check_sizes(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    total = 0
    for entry in entries:
        total += entry.file_size
        if entry.file_size > RATIO_FREE and entry.file_size > MAX_RATIO * max(1, entry.compress_size):
            raise _bomb()
    if total > limits.unpacked_bytes:
        raise _bomb()


def _bomb() -> WorkbookRefused:
    return WorkbookRefused("bomb", f"文件解开后过大，不是普通的名册。请只保留名册一张表，{SAVE_AS}")


def _inflate(data: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part's bytes in chunks, from the compressed bytes themselves: the sizes in the headers may lie."""
    at = entry.header_offset
    if data[at : at + 4] != b"PK\x03\x04":
        raise WorkbookRefused("broken", f"文件不完整或已损坏。{SAVE_AS}")
    name, extra = struct.unpack_from("<HH", data, at + 26)
    start = at + 30 + name + extra
    packed = memoryview(data)[start : start + entry.compress_size]
    lie = WorkbookRefused("lying", f"文件内部记录的大小与实际不符，不能接收。{SAVE_AS}")
    if len(packed) != entry.compress_size:
        raise lie
    if entry.compress_type == zipfile.ZIP_STORED:
        if entry.compress_size != entry.file_size:
            raise lie
        yield bytes(packed)
        return
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise WorkbookRefused("method", f"文件用了不支持的压缩方式。{SAVE_AS}")
    inflater, left = zlib.decompressobj(-15), entry.file_size
    feed: bytes | memoryview = packed
    try:
        while not inflater.eof:
            chunk = inflater.decompress(feed, CHUNK)
            feed = inflater.unconsumed_tail
            left -= len(chunk)
            if left < 0 or (not chunk and not feed and not inflater.eof):
                raise lie
            yield chunk
    except zlib.error as error:
        raise WorkbookRefused("broken", f"文件不完整或已损坏。{SAVE_AS}") from error
    if left or inflater.unused_data:
        raise lie


def _zip(data: bytes, limits: Limits) -> Checked:
    entries = _entries(data)
    _check_names(entries)
    _check_sizes(entries, limits)
    _check_overlap(entries)
    names = {entry.filename for entry in entries}
    if "xl/workbook.bin" in names:
        raise WorkbookRefused("xlsb", f"不支持二进制工作簿（.xlsb）。{SAVE_AS}")
    ods = "content.xml" in names and "mimetype" in names
    if not ods and "[Content_Types].xml" not in names:
        raise WorkbookRefused("archive", "这是压缩包，不是工作簿。请解压后上传里面的名册。")
    if not ods and not any(name.startswith("xl/") for name in names):
        raise WorkbookRefused("unknown", f"这不是电子表格（可能是 Word 或演示文稿）。{SAVE_AS}")
    date1904 = False
    hidden: dict[str, list[int]] = {}
    book = relations = b""
    for entry in entries:
        lowered = entry.filename.lower()
        if lowered.endswith("/") or entry.file_size == 0:
            continue
        stream = _part(data, entry)
        if lowered.endswith(_IMAGES) or (ods and lowered.startswith(("thumbnails/", "pictures/"))):
            next(stream, None)  # the first chunk shows an archive in disguise; nothing reads the rest
        elif lowered.startswith("xl/worksheets/") and lowered.endswith(".xml"):
            if rows := _sheet(stream, limits):
                hidden[entry.filename] = rows
        elif ods and lowered == "content.xml":
            _ods_content(b"".join(stream), limits)
        else:
            text = b"".join(stream) if entry.file_size < CHUNK else b""
            for _ in stream:
                pass
            if lowered == "xl/_rels/workbook.xml.rels":
                relations = text
            if lowered == "xl/workbook.xml":
                book = text
                date1904 = bool(re.search(rb"""date1904\s*=\s*["'](?:1|true|on)["']""", text))
            if lowered == "[content_types].xml" and b"macroenabled" in text.lower():
                raise WorkbookRefused("active", f"这是启用宏的工作簿改名而来，不能接收。{SAVE_AS}")
    return Checked("ods" if ods else "xlsx", date1904, _by_sheet(hidden, book, relations) if hidden else {})


def _by_sheet(hidden: Mapping[str, list[int]], book: bytes, relations: bytes) -> dict[str, list[int]]:
    """Hidden rows by the name of the sheet instead of that of its part."""
    parts: dict[bytes, str] = {}
    for found in _RELATION.findall(relations):
        said = dict(_ATTRIBUTE.findall(found))
        target = said.get(b"Target", b"").decode("utf-8", "replace").lstrip("/")
        parts[said.get(b"Id", b"")] = target if target.startswith("xl/") else f"xl/{target}"
    named: dict[str, list[int]] = {}
    for found in _SHEET.findall(book):
        said = dict(_ATTRIBUTE.findall(found))
        part = parts.get(said.get(b"r:id", b""), "")
        if part in hidden:
            named[unescape(said.get(b"name", b"").decode("utf-8", "replace"))] = hidden[part]
    return named


def _check_overlap(entries: list[zipfile.ZipInfo]) -> None:
    end = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        if entry.header_offset < end:
            raise WorkbookRefused("lying", f"文件内部的部件相互重叠，不能接收。{SAVE_AS}")
        end = entry.header_offset + 30 + entry.compress_size


def _part(data: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part's chunks, refused at the first sign of an archive, a DTD or another encoding than UTF-8."""
    tail, first = b"", True
    xml = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
    for chunk in _inflate(data, entry):
        if first:
            first = False
            if chunk.startswith(_ARCHIVES):
                raise WorkbookRefused("archive", f"工作簿里藏有压缩包或其他文件，不能接收。{SAVE_AS}")
            if xml:
                _check_encoding(chunk)
        if xml:
            if b"!" in tail or b"!" in chunk:  # one letter is found ten times as fast as a word
                window = tail + chunk
                if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
                    raise WorkbookRefused("dtd", f"工作簿里含有实体定义（DTD），不能接收。{SAVE_AS}")
            tail = chunk[-16:]
        yield chunk


def _check_encoding(chunk: bytes) -> None:
    declared = _ENCODING.match(chunk.removeprefix(b"\xef\xbb\xbf")[:256])
    named = declared.group(1).lower() if declared else b"utf-8"
    if b"\x00" in chunk[:64] or chunk.startswith((b"\xff\xfe", b"\xfe\xff")) or named not in (b"utf-8", b"us-ascii"):
        raise WorkbookRefused("encoding", f"工作簿内部的文字编码异常，不能接收。{SAVE_AS}")


def _sheet(stream: Iterator[bytes], limits: Limits) -> list[int]:
    """Looks for values beyond the limits, whole rows at a time; returns the rows that are hidden."""
    far = _far_address(limits)
    hidden: list[int] = []
    rest = b""
    for chunk in stream:
        window = rest + chunk
        cut = window.rfind(b"<row ")
        if cut <= 0:  # an unusual prefix (<x:row), or one row wider than the chunk
            cut = window.rfind(b"<", 0, window.rfind(b":row ")) if b":row " in window else 0
        if cut <= 0 and len(window) > 4 * MIB:
            cut = len(window)
        _far_values(window, cut, far, limits)
        _hidden_rows(window, cut, hidden)
        rest = window[cut:]
    _far_values(rest, len(rest), far, limits)
    _hidden_rows(rest, len(rest), hidden)
    return hidden


def _hidden_rows(xml: bytes, end: int, hidden: list[int]) -> None:
    if len(hidden) >= HIDDEN_MAX or xml.find(b"hidden=", 0, end) < 0:
        return
    tags = (_ROW_NUMBER.search(found.group()) for found in _HIDDEN_ROW.finditer(xml, 0, end))
    hidden.extend(int(number.group(1)) for number in tags if number)


def _far_address(limits: Limits) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """Addresses that may lie beyond: columns after BL (64), or rows with as many digits as the last one. First how they
    begin, told after two characters for almost every cell, then the whole of them.

    Starts with the letters of the attribute, because a search that starts with a quotation mark is five times as slow.
    Odd spellings (r = "A1") slip through here and end at the child's memory limit.
    """
    digits = len(str(limits.last_row))
    begins = rb"""r=["'](?:[A-Za-z](?:[A-Za-z]|\d{%d})|\d{%d})""" % (digits, digits)
    whole = (
        rb"""r=["'](?:([B-Zb-z][M-Zm-z]|[C-Zc-z][A-Za-z]|[A-Za-z]{3})\d{1,7}|[A-Za-z]{0,2}(\d{%d,9}))["']""" % digits
    )
    return re.compile(begins), re.compile(whole)


def _far_values(xml: bytes, end: int, far: tuple[re.Pattern[bytes], re.Pattern[bytes]], limits: Limits) -> None:
    begins, whole = far
    at = 0
    while begun := begins.search(xml, at, end):
        at = begun.end()
        found = whole.match(xml, begun.start(), end)
        if found is None:
            continue
        at = found.end()
        column, row = found.groups()
        if column is None and int(row) <= limits.last_row:
            continue
        start = xml.rfind(b"<", 0, found.start())
        tag = _TAG.match(xml, start)
        if tag is None:
            continue
        if tag.group(1) == b"row":
            close = xml.find(b"row>", at, end)
            row_end = close if close > 0 else end
            filled = _VALUE.search(xml, at, row_end) is not None
            at = row_end  # its cells need no look of their own
        else:
            filled = _EMPTY_CELL.match(xml, at) is None
        if filled:
            raise _too_far(limits, rows=column is None)


def _too_far(limits: Limits, *, rows: bool) -> WorkbookRefused:
    if rows:
        return WorkbookRefused(
            "rows",
            f"{limits.label}超过 {limits.rows:,} 行（或很靠下处还有内容）。请拆成几份，或删除下方多余内容后上传。",
        )
    return WorkbookRefused("columns", f"第 {limits.columns} 列以后的单元格里还有内容。请删除右侧多余的列后上传。")


def _ods_content(xml: bytes, limits: Limits) -> None:
    """The rows and columns that repeated elements of an .ods stand for, as far as values follow them."""
    last_value = max(xml.rfind(b"office:value-type"), xml.rfind(b"<text:p"))
    rows = xml.count(b"<table:table-row")
    for found in _ODS_ROWS.finditer(xml):
        if found.start() <= last_value:
            rows += int(found.group(1)) - 1
    if rows > limits.last_row:
        raise _too_far(limits, rows=True)
    for found in _ODS_CELL.finditer(xml):
        if int(found.group(2)) <= limits.columns:
            continue
        end = xml.find(b"</table:table-row", found.end())
        if not found.group(4) or b"office:value-type" in xml[found.start() : end if end > 0 else len(xml)]:
            raise _too_far(limits, rows=False)
