"""The year's ledger as a book: cover, contents with right page numbers, numbered pages, codes, papers bound in."""

from __future__ import annotations

import datetime as dt
import io
import re

import pikepdf
import pytest
from PIL import Image

from jinhua_labor.documents.annex2 import Annex2Head, annex2_pdf
from jinhua_labor.documents.ledger import LedgerCover, LedgerPaper, LedgerSection, ledger_book
from tests.documents.paper import text

COVER = LedgerCover(
    "示例州示例县劳务协作工作站",
    "JD-2021-001",
    "示例人力资源有限公司",
    "贵州省示例州示例县",
    1,
    dt.date(2021, 4, 1),
    dt.date(2022, 3, 31),
    dt.date(2022, 4, 2),
)
COLUMNS = (("序号", 14), ("用工企业", 110), ("人数", 50))


def section(number: str, rows: int = 2, **more: object) -> LedgerSection:
    lines = [(str(n), f"示例{n}号机械制造有限公司", "3") for n in range(1, rows + 1)]
    return LedgerSection(f"{number}、示例台账", f"https://portal.test/{number}", COLUMNS, lines, **more)  # type: ignore[arg-type]


def other_paper() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as paper:
        for size in ((842, 1191), (300, 200)):
            paper.add_blank_page(page_size=size)
        paper.save(out)
    return out.getvalue()


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (600, 400), "gray").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture(scope="module")
def book() -> tuple[bytes, int]:
    papers = (LedgerPaper("安全生产制度", other_paper), LedgerPaper("照片", picture, "jpeg"))
    listed = LedgerPaper("附件2", lambda: annex2_pdf(Annex2Head(), [], numbered=False), own=True)
    return ledger_book(
        COVER, [section("一", papers=papers), section("二", rows=900), section("三", rows=0, papers=(listed,))]
    )


def test_封面_目录_页码连续(book: tuple[bytes, int]) -> None:
    content, pages = book
    first = text(content, page=1)
    assert "工作台账" in first
    assert "2021年4月1日至2022年3月31日" in first
    assert "第1页" not in first
    for number in (1, 2, pages // 2, pages - 1):
        assert f"第{number}页" in text(content, page=number + 1)


def test_目录所写的页码就是那一页(book: tuple[bytes, int]) -> None:
    content = book[0]
    listed = text(content, page=2)
    assert listed.startswith("目录")
    for number in "一二三":
        found = re.search(rf"{number}、示例台账(\d+)", listed)
        assert found is not None
        page = text(content, page=int(found[1]) + 1)
        assert page.startswith(f"{number}、示例台账")
        assert f"第{found[1]}页" in page
    with pikepdf.open(io.BytesIO(content)) as opened, opened.open_outline() as outline:
        assert [item.title for item in outline.root] == ["一、示例台账", "二、示例台账", "三、示例台账"]


def test_长表的行都在_表头每页重复(book: tuple[bytes, int]) -> None:
    texts = text(book[0])
    assert all(f"示例{n}号机械" in texts for n in (1, 400, 401, 900))
    assert "本年度没有登记" in texts
    assert texts.count("填报人（签名）") == 3


def test_别的纸张缩进A4_每页有二维码(book: tuple[bytes, int]) -> None:
    with pikepdf.open(io.BytesIO(book[0])) as opened:
        sizes = {tuple(round(float(side)) for side in page.mediabox[2:]) for page in opened.pages}
        assert sizes == {(595, 842)}
        assert len(opened.pages[3].Resources.XObject) >= 2  # the paper and the foot laid over it


def test_二维码读得回地址() -> None:
    from jinhua_labor.documents import qr

    code = qr.code("https://portal.test/ledger/x/1/#L3")
    assert isinstance(code["size"], int)
    assert str(code["path"]).startswith("M0 0h7v1h-7z")
