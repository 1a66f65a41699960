"""Finds the table in a workbook: the sheet, the header under its title rows, the column of each field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from stations.roster.workbook.cells import column_letter, text_of
from stations.roster.workbook.reader import Row, SheetInfo

_SHARED: Final = ("hukou", "employer", "entry_on", "post", "education", "employment_form")
HEADER_WITHIN: Final = 40  # rows looked at for a header
_BRACKETS = re.compile(r"[(（\[【〔<《].*?[)）\]】〕>》]")
_DECORATION = re.compile(r"[\s*＊※:：。.、,，;；\"'“”_/\\|-]+")


class HeaderMissing(Exception):  # noqa: N818  (a finding about the file, told to the person)
    """No sheet holds the table; `message` says in Chinese what was looked for and what to do."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its name here, the notice's word, the words people also use, whether it must be there.

    Of a `loose` field (two telephones, 岗位 beside 工种) the first column is taken where there are several.
    """

    name: str
    label: str
    synonyms: tuple[str, ...] = ()
    required: bool = False
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """Where the table lies: its sheet, its header row (1-based; the lower one of two), its columns by field."""

    sheet: int
    sheet_name: str
    row: int
    columns: Mapping[str, int]
    labels: Mapping[str, str]

    @property
    def first_row(self) -> int:
        """The first sheet row under the header."""
        return self.row + 1

    @property
    def shared(self) -> set[int]:
        """Columns in which one merged cell may speak for several persons; never the name or the number."""
        return {at for name, at in self.columns.items() if name in _SHARED}

    @property
    def personal(self) -> set[int]:
        """Columns of which one is filled wherever there is a person."""
        return {at for name, at in self.columns.items() if name in ("name", "id_number")}

    def letter(self, field: str) -> str:
        """The column letter of a field; empty if the sheet has no such column."""
        index = self.columns.get(field)
        return "" if index is None else column_letter(index)


@dataclass(frozen=True, slots=True)
class HeadFields:
    """What 附件2 says above its table: 填报单位, 填报日期, 填表人, 联系电话, as written; empty where blank."""

    reporting_unit: str = ""
    filled_on: str = ""
    filler: str = ""
    phone: str = ""


ROSTER_FIELDS: Final = (
    Field("seq", "序号", ("编号", "序"), loose=True),
    Field("name", "姓名", ("务工人员姓名", "人员姓名", "员工姓名", "职工姓名", "名字"), True),
    Field(
        "id_number",
        "身份证号",
        ("身份证号码", "证件号码", "证件号", "公民身份号码", "公民身份证号码", "居民身份证号码", "身份证", "身份号码"),
        True,
    ),
    Field("hukou", "户籍", ("籍贯", "户籍地址", "户籍地", "户籍所在地", "户口所在地", "户口地址", "户籍住址"), True),
    Field(
        "employer",
        "入职企业",
        (
            "入职单位",
            "用工企业",
            "用工单位",
            "单位名称",
            "企业名称",
            "入职企业名称",
            "入职单位名称",
            "就业单位",
            "工作单位",
            "用人单位",
            "用人单位名称",
            "用工企业名称",
            "用工单位名称",
            "入职公司",
            "公司名称",
        ),
        True,
    ),
    Field(
        "entry_on",
        "入职时间",
        (
            "入职日期",
            "到岗时间",
            "到岗日期",
            "入厂时间",
            "入厂日期",
            "进厂时间",
            "进厂日期",
            "上岗时间",
            "上岗日期",
            "入职年月日",
        ),
        True,
    ),
    Field("post", "岗位", ("工种", "岗位名称", "职务", "工作岗位"), loose=True),
    Field("education", "文化程度", ("学历", "教育程度", "最高学历"), loose=True),
    Field("employment_form", "用工形式", ("用工方式", "用工类型", "用工性质")),
    Field("skill_level", "技能等级", ("职业技能等级", "技能等级职称", "职称", "技术等级", "职业资格等级"), loose=True),
    Field("cert_no", "证书号", ("证书编号", "技能证书号", "证书号码", "职业资格证书号")),
    Field("leave_on", "离职时间", ("离职日期", "离岗时间", "离岗日期")),
    Field("phone", "联系电话", ("电话", "手机", "手机号", "手机号码", "联系方式", "本人电话", "电话号码"), loose=True),
)

_HEAD_LABELS: Final = {"填报单位": "reporting_unit", "填报日期": "filled_on", "填表人": "filler", "联系电话": "phone"}
_HEAD = re.compile(r"(填报单位|填报日期|填表日期|填表人|联系电话)\s*(?:[(（]\s*盖\s*章\s*[)）])?\s*[:：]?")


def label_of(value: object) -> str:
    """A header cell for comparing: NFKC, without spaces, brackets with what they hold, stars and colons."""
    text = unicodedata.normalize("NFKC", text_of(value)) if value else ""
    return _DECORATION.sub("", _BRACKETS.sub("", text))


def _words(fields: Iterable[Field]) -> dict[str, str]:
    return {word: field.name for field in fields for word in (field.label, *field.synonyms)}


def _matched(row: Sequence[object], words: Mapping[str, str]) -> dict[int, str]:
    return {index: words[label] for index, value in enumerate(row) if value and (label := label_of(value)) in words}


def _is_required(found: Mapping[int, str], required: set[str]) -> int:
    return len(required & set(found.values()))


def locate(
    sheets: Sequence[SheetInfo],
    fields: Sequence[Field] = ROSTER_FIELDS,
    *,
    what: str = "附件2 名册",
    key: str = "id_number",
) -> list[Header]:
    """The headers found, one per matching visible sheet; more than one means: ask which. Raises HeaderMissing.

    A sheet matches when one row, or two rows of a merged header together, name the key column and all required ones.
    The sentence names columns that are missing or there twice, and a table that lies in a hidden sheet.
    """
    words, required = _words(fields), {field.name for field in fields if field.required}
    labels = {field.name: field.label for field in fields}
    complete: list[Header] = []
    hidden: list[str] = []
    doubts: list[HeaderMissing] = []
    for sheet in sheets:
        found = _best_row(sheet, words, required)
        if found is None or key not in found[1].values():
            continue
        row, columns = found[0], _settled(sheet, *found, fields, key)
        problem = _twice(sheet, row, columns, labels) or _missing(sheet, row, columns, required, labels)
        if problem is not None:
            doubts.append(problem)
        elif not sheet.visible:
            hidden.append(sheet.name)
        else:
            by_field = {name: index for index, name in columns.items()}
            complete.append(Header(sheet.number, sheet.name, row, by_field, labels))
    if complete:
        filled = [header for header in complete if _has_data(sheets, header)]
        return filled or complete[:1]
    if hidden:
        raise HeaderMissing(
            "hidden", f"只在隐藏的工作表「{hidden[0]}」里找到{what}。请取消隐藏，或把它移到可见的工作表后上传。"
        )
    if doubts:
        raise doubts[0]
    needed = "、".join(labels[field.name] for field in fields if field.required)
    raise HeaderMissing(
        "header",
        f"没有找到{what}的表头。请在前 {HEADER_WITHIN} 行内保留一行表头，写明：{needed}（可下载模板对照）。",
    )


def _best_row(sheet: SheetInfo, words: Mapping[str, str], required: set[str]) -> tuple[int, dict[int, str]] | None:
    best: tuple[int, int, dict[int, str]] | None = None
    rows = sheet.head[:HEADER_WITHIN]
    for number, row in enumerate(rows, start=1):
        found = _matched(row, words)
        if len(found) < 2:
            continue
        last, below = number, _matched(rows[number], words) if number < len(rows) else {}
        if below and not set(below.values()) & set(found.values()):
            # A merged header: 入职情况 over 入职企业 and 入职时间, its other labels one row higher.
            found, last = {**found, **below}, number + 1
        score = _is_required(found, required)
        if best is None or score > best[0]:
            best = (score, last, found)
    return (best[1], best[2]) if best and best[0] >= 2 else None


def _settled(
    sheet: SheetInfo, row: int, columns: Mapping[int, str], fields: Sequence[Field], key: str
) -> dict[int, str]:
    """One column a field where that is no guess: the one that bears the notice's own word (户籍 beside an extra 籍贯).

    Never for the key: which of two columns holds the identity numbers is for the person to say.
    """
    settled, names = dict(columns), list(columns.values())
    for field in fields:
        places = [index for index, name in columns.items() if name == field.name]
        if field.name == key or names.count(field.name) < 2:
            continue
        exact = [index for index in places if field.label in _labels_at(sheet, row, index)]
        kept = exact[0] if len(exact) == 1 else places[0] if field.loose else None
        if kept is not None:
            for index in set(places) - {kept}:
                del settled[index]
    return settled


def _labels_at(sheet: SheetInfo, row: int, index: int) -> list[str]:
    """The words over a column in the header row and, of a merged header, the row above."""
    above = sheet.head[max(0, row - 2) : row]
    return [label_of(line[index]) for line in above if index < len(line)]


def _twice(sheet: SheetInfo, row: int, columns: Mapping[int, str], labels: Mapping[str, str]) -> HeaderMissing | None:
    names = list(columns.values())
    for name in names:
        if names.count(name) > 1:
            where = "、".join(f"{column_letter(index)} 列" for index, other in columns.items() if other == name)
            return HeaderMissing(
                "twice",
                f"工作表「{sheet.name}」第 {row} 行表头里「{labels[name]}」出现在{where}。请只留一列后重新上传。",
            )
    return None


def _missing(
    sheet: SheetInfo, row: int, columns: Mapping[int, str], required: set[str], labels: Mapping[str, str]
) -> HeaderMissing | None:
    absent = [labels[name] for name in labels if name in required - set(columns.values())]
    if not absent:
        return None
    return HeaderMissing(
        "columns",
        f"工作表「{sheet.name}」第 {row} 行是表头，但缺少：{'、'.join(absent)}。请补上（可下载模板对照）后重新上传。",
    )


def _has_data(sheets: Sequence[SheetInfo], header: Header) -> bool:
    sheet = next(one for one in sheets if one.number == header.sheet)
    columns = [header.columns[name] for name in ("name", "id_number") if name in header.columns]
    below = sheet.head[header.row :]
    return sheet.height > len(sheet.head) or any(
        text_of(row[index]).strip() for row in below for index in columns if index < len(row)
    )


def head_fields(rows: Sequence[Row]) -> HeadFields:
    """What stands above the header: label and value in one cell, in neighbouring cells, or all in one line."""
    found: dict[str, str] = {}
    for row in rows:
        line = "\t".join(text for value in row if (text := text_of(value).strip()))
        labels = list(_HEAD.finditer(line))
        for number, label in enumerate(labels):
            end = labels[number + 1].start() if number + 1 < len(labels) else len(line)
            value = line[label.end() : end].strip(" \t\u3000:：_")
            name = _HEAD_LABELS[label.group(1).replace("填表日期", "填报日期")]
            if value and name not in found:
                found[name] = value.split("\t")[0].strip()[:100]
    return HeadFields(**found)
