"""附件1, 附件2 and an official document, beside typst setting the same text in the same fonts on as many pages.

Both sides keep fonts and stylesheets loaded, get different words each time, and write PDF/A-2.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import random
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pikepdf
import typst

from jinhua_labor.documents.forms import Annex1, Annex2Head, Annex2Row, Opinion, annex1_pdf, annex2_pdf
from jinhua_labor.documents.official import (
    OfficialDocument,
    Paragraph,
    StationLine,
    StationTable,
    day,
    mark_size,
    mark_squeeze,
    official_document_pdf,
)
from jinhua_labor.documents.typeset import balanced

from .measure import ROOT, Report, interleaved, machine, rounds_of, seconds, time_text

SOURCES = Path(__file__).parent / "typst"
REACH = 8.0
_END = dt.date(2023, 12, 31)
_chance = random.Random(2021)
# 16 × 94 characters: the commoner half of GB 2312, in its own order.
_CHARACTERS = [bytes((high, low)).decode("gb2312") for high in range(0xB0, 0xC0) for low in range(0xA1, 0xFF)]


def prose(length: int) -> str:
    """Text of that many characters that occurs nowhere else: clauses of 8 to 16 characters, here and there a figure."""
    text = ""
    while len(text) < length - 1:
        text += "".join(_chance.choices(_CHARACTERS, k=_chance.randint(8, 16)))
        text += _chance.choice(("，", "，", "。", "、", f"{_chance.randint(10, 2100)}"))
    return text[: length - 1] + "。"


class Typst:
    """A typst compiler with its fonts loaded."""

    def __init__(self) -> None:
        self._compiler = typst.Compiler(font_paths=[str(ROOT / ".state" / "fonts")])

    def pdf(self, name: str, data: object) -> bytes:
        found = self._compiler.compile(
            input=str(SOURCES / f"{name}.typ"),
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            pdf_standards=["a-2b"],
        )
        return bytes(found)


def annex1() -> Annex1:
    """附件1 filled in as people fill it in."""
    return Annex1(
        operator=f"示例{prose(7)[:6]}人力资源有限公司",
        area="贵州省示例州示例县",
        head=f"测试{prose(2)[0]}",
        head_phone=f"1300000{_chance.randint(1000, 9999)}",
        partner=f"示例县{prose(7)[:6]}劳务合作社",
        partner_head=f"测试{prose(2)[0]}",
        partner_phone=f"1300000{_chance.randint(1000, 9999)}",
        address=f"浙江省金华市金东区{prose(4)[:3]}路{_chance.randint(1, 999)}号",
        term_end=dt.date(2023, 12, 31),
        profile="\n".join(prose(130) for _ in range(2)),
        centre=Opinion(f"材料齐全，同意。{prose(12)}", f"测试{prose(2)[0]}", dt.date(2021, 4, 9)),
        bureau=Opinion(f"同意设立。{prose(12)}", f"测试{prose(2)[0]}", dt.date(2021, 4, 12)),
    )


def annex1_data(form: Annex1) -> dict[str, object]:
    data = asdict(form)
    data["term_end"], data["profile"] = day(form.term_end), form.profile.splitlines()
    for office in (data["centre"], data["bureau"]):
        office["given_on"] = day(office["given_on"])
    return data


def annex2_rows(number: int, *, long: bool) -> list[Annex2Row]:
    """Rows of different people at twenty employers; with `long` every second one has names that need two lines."""
    employers = [f"示例{prose(9)[:8] if long and at % 2 else ''}{prose(3)[:2]}机械公司" for at in range(20)]
    return [
        Annex2Row(
            f"测试{prose(3)[: 1 + at % 2]}",
            f"529999{1970 + at % 30}0101{_chance.randint(0, 999):03d}X",
            f"贵州省示例苗族侗族自治州{prose(3)[:2]}县示例镇" if long and at % 2 else f"贵州省示例州{prose(3)[:2]}县",
            employers[at % 20],
            dt.date(2021, 1, 1) + dt.timedelta(days=at % 300),
        )
        for at in range(number)
    ]


_HEAD = Annex2Head("示例人力资源有限公司", dt.date(2021, 3, 25), "测试甲", "13000000000")


def annex2_data(rows: list[Annex2Row], height: float) -> dict[str, object]:
    head = [
        "填报单位（盖章）：" + _HEAD.unit,
        "填报日期：" + day(_HEAD.filled_on),
        "填表人：测试甲",
        "联系电话：13000000000",
    ]
    cells = [
        [str(at), row.name, row.id_number, row.hukou, row.employer, day(row.entry_on)] for at, row in enumerate(rows, 1)
    ]
    return {"head": head, "rows": cells, "height": height}


def official() -> OfficialDocument:
    """Three pages of text with a table of stations; the 版记 makes a fourth."""
    rows = tuple(
        StationLine(
            f"金东区驻示例省{prose(3)[:2]}县劳务站", f"示例{prose(3)[:2]}人力资源有限公司", "贵州省示例县", _END
        )
        for _ in range(5)
    )
    body: list[Paragraph | StationTable] = [Paragraph(prose(108)), StationTable(rows)]
    for figure in "一二三四":
        body += [Paragraph(f"{figure}、有关要求", 1), Paragraph(f"（一）{prose(10)}", 2), Paragraph(prose(153))]
    return OfficialDocument(
        title=f"关于同意设立{prose(3)[:2]}等5家金东区省外劳务协作工作站的通知",
        main_to="各乡镇（街道），区直属各单位",
        blocks=tuple(body),
        doc_no=f"金东人社〔2021〕{_chance.randint(1, 99)}号",
        issued_on=dt.date(2021, 4, 12),
        note="此件公开发布",
        cc="金华市人力资源和社会保障局，金东区人民政府办公室",
        printed_on=dt.date(2021, 4, 12),
    )


def official_data(document: OfficialDocument) -> dict[str, object]:
    blocks: list[dict[str, object]] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            blocks.append({"text": block.text, "level": block.level})
        else:
            rows = [
                [str(at), row.name, row.operator, row.area, "至" + day(row.term_end)]
                for at, row in enumerate(block.rows, 1)
            ]
            blocks.append({"rows": rows})
    return {
        "mark": document.mark, "mark_size": mark_size(document.mark), "squeeze": mark_squeeze(document.mark),
        "number": document.number, "title": balanced(document.title, 19.6), "main_to": document.main_to,
        "blocks": blocks, "issuer": document.issuer, "date": document.date, "note": document.note,
        "alone": True, "cc": document.cc, "print_office": document.print_office, "printed": day(document.printed_on),
    }  # fmt: skip


def pages(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


def run(*, quick: bool) -> Report:
    """Medians of 15 (quick: 5) interleaved rounds each."""
    compiler = Typst()
    prints: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "附件1": (lambda: annex1_pdf(annex1()), lambda: compiler.pdf("annex1", annex1_data(annex1()))),
        "official document": (
            lambda: official_document_pdf(official()),
            lambda: compiler.pdf("official", official_data(official())),
        ),
        "附件2, 300 rows of one line": (
            lambda: annex2_pdf(_HEAD, annex2_rows(300, long=False)),
            lambda: compiler.pdf("annex2", annex2_data(annex2_rows(300, long=False), 7.4)),
        ),
        "附件2, 300 rows, half of two lines": (
            lambda: annex2_pdf(_HEAD, annex2_rows(300, long=True)),
            lambda: compiler.pdf("annex2", annex2_data(annex2_rows(300, long=True), 12.0)),
        ),
    }
    report = Report("Documents against typst", ("print", "portal", "typst", "ratio"))
    for name, (ours, theirs) in prints.items():
        first, second = ours(), theirs()
        sheets = pages(first), pages(second)  # type: ignore[arg-type]
        if sheets[0] != sheets[1]:
            raise SystemExit(f"{name}: {sheets[0]} pages here, {sheets[1]} by typst: not the same print")
        found = interleaved(
            {"ours": lambda ours=ours: seconds(ours), "typst": lambda theirs=theirs: seconds(theirs)},
            5 if quick else 15,
        )
        ratio = rounds_of(found, "ours", "typst")
        report.add(
            f"{name}, {sheets[0]} page{'s' if sheets[0] > 1 else ''}",
            time_text(found["ours"]), time_text(found["typst"]), f"{ratio:.1f} ×",
            reach=f"≤ {REACH:g} ×", met=ratio <= REACH,
        )  # fmt: skip
    report.notes.append(machine("weasyprint", "typst"))
    return report
