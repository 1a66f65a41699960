"""What holds for every print."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor

import pikepdf
import pytest
from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError

from jinhua_labor.documents import fonts, render
from jinhua_labor.documents.forms import Annex1, annex1_pdf


@pytest.mark.parametrize("url", ["http://localhost/a.png", "file:///etc/passwd", "data:image/png;base64,AAAA"])
def test_nothing_is_fetched(url):
    page = HTML(string=f'<img src="{url}">', url_fetcher=render._fetcher())
    with pytest.raises(FatalURLFetchingError, match="不得引用外部资源"):
        page.render(font_config=render._font_config())


def test_title_and_language_are_told():
    with pikepdf.open(io.BytesIO(annex1_pdf(Annex1(operator="示例人力资源有限公司")))) as pdf:
        assert str(pdf.docinfo["/Title"]) == "金东区劳务协作工作站设立申请表（示例人力资源有限公司）"
        assert str(pdf.Root.Lang) == "zh-CN"


def test_every_font_is_embedded_and_every_glyph_has_its_character():
    with pikepdf.open(io.BytesIO(annex1_pdf(Annex1(head="测试𠮷")))) as pdf:
        fonts = [font for page in pdf.pages for font in page.Resources.Font.values()]
        assert fonts
        for font in fonts:
            assert "/ToUnicode" in font
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert "/FontFile3" in descriptor or "/FontFile2" in descriptor


def test_几个线程同时打印_进程还在() -> None:
    """One layout of Pango answers for the whole process: unguarded, two prints at once abort it."""
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(fonts.missing_glyphs, [f"工作站补贴审批表{number}" * 200 for number in range(200)]))
    assert set(found) == {""}
