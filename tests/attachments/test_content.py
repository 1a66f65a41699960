"""Uploads are known by their content, made harmless, or refused with the way out (H5, H6, H9)."""

from __future__ import annotations

import io

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFile

from jinhua_labor.attachments.content import UploadError, check
from jinhua_labor.attachments.names import clean_name

from . import files

KINDS = ("pdf", "jpeg", "png")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(b"", "空的", id="空文件"),
        pytest.param(files.HEIC, "兼容性最佳", id="HEIC手机照片"),
        pytest.param(files.SVG, "不是可接受的格式", id="SVG"),
        pytest.param(files.SVG + files.image("PNG"), "不是可接受的格式", id="SVG冒充PNG"),
        pytest.param(files.HTML_PDF, "不是可接受的格式", id="HTML与PDF合体"),
        pytest.param(files.GIF_JS, "不是可接受的格式", id="GIF与脚本合体"),
        pytest.param(files.EXE, "不是可接受的格式", id="可执行文件"),
        pytest.param(b"%PDF-1.7\n" + b"\0" * 50, "已损坏", id="只有PDF头"),
        pytest.param(files.pdf()[:60], "已损坏", id="截断的PDF"),
        pytest.param(files.pdf(pages=201), "201 页", id="201页"),
        pytest.param(files.pdf(encryption=pikepdf.Encryption(owner="o", user="u")), "密码", id="有打开密码的PDF"),
        pytest.param(files.pdf(encryption=pikepdf.Encryption(owner="o", user="")), "密码", id="只有权限密码的PDF"),
        pytest.param(files.pdf(files.signed_active), "电子签名", id="已签名又带脚本"),
        pytest.param(files.flood(), "像素", id="三万乘三万像素"),
        pytest.param(files.image()[:200], "不完整", id="截断的JPEG"),
        pytest.param(files.image("PNG")[:60], "不完整", id="截断的PNG"),
        pytest.param(b"\xff\xd8\xff" + b"\0" * 500, "不完整", id="只有JPEG头"),
        pytest.param(files.image("TIFF", mode="I;16"), "不是可接受的格式", id="16位TIFF"),
        pytest.param(files.image("WEBP"), "不是可接受的格式", id="WEBP"),
        pytest.param(files.image("BMP"), "不是可接受的格式", id="BMP"),
    ],
)
def test_refused_with_the_reason(data: bytes, words: str) -> None:
    with pytest.raises(UploadError) as refused:
        check(data, kinds=KINDS)
    assert words in refused.value.message


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(files.open_action, id="打开即运行脚本"),
        pytest.param(files.names_script, id="文档级脚本"),
        pytest.param(files.page_action, id="翻页脚本"),
        pytest.param(files.link("/JavaScript", JS=pikepdf.String("app.alert(1)")), id="链接脚本"),
        pytest.param(files.link("/Launch", F=pikepdf.String("cmd.exe")), id="启动程序"),
        pytest.param(files.link("/URI", URI=pikepdf.String("javascript:app.alert(1)")), id="脚本网址"),
        pytest.param(files.link("/SubmitForm", F=pikepdf.String("http://evil.example")), id="外送表单"),
        pytest.param(files.link("/GoToR", F=pikepdf.String("\\\\evil\\share")), id="打开外部文件"),
        pytest.param(files.embedded, id="内嵌文件"),
        pytest.param(files.xfa, id="XFA表单"),
        pytest.param(files.deep_script, id="藏在后续动作里的脚本"),
    ],
)
def test_active_pdf_is_made_harmless(build: files.Build) -> None:
    dirty = files.pdf(build)
    checked = check(dirty, kinds=KINDS)
    assert checked.stored == checked.preview
    with pikepdf.open(io.BytesIO(checked.stored)) as clean:
        assert len(clean.pages) == 1
        plain = io.BytesIO()
        clean.save(plain, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    for word in (b"/JS", b"JavaScript", b"/Launch", b"evil", b"MZ", b"/XFA", b"/OpenAction", b"/AA", b"alert"):
        assert word not in plain.getvalue(), word


def test_plain_links_stay() -> None:
    checked = check(files.pdf(files.link("/URI", URI=pikepdf.String("https://example.invalid/"))), kinds=KINDS)
    with pikepdf.open(io.BytesIO(checked.stored)) as clean:
        assert str(clean.pages[0].obj["/Annots"][0]["/A"]["/URI"]) == "https://example.invalid/"


def test_signed_pdf_is_kept_as_it_came() -> None:
    data = files.pdf(files.signed)
    checked = check(data, kinds=KINDS)
    assert checked.stored == data
    assert checked.preview != data


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("share", [0.3, 0.7, 0.98])
def test_half_a_picture_is_refused_even_beside_weasyprint(
    monkeypatch: pytest.MonkeyPatch, kind: str, share: float
) -> None:
    """Printing sets this switch of Pillow for the whole process; uploads must not become laxer by it."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    noise = Image.effect_noise((200, 200), 80).convert("RGB")
    out = io.BytesIO()
    noise.save(out, kind)
    whole = out.getvalue()
    assert check(whole, kinds=KINDS).width == 200
    with pytest.raises(UploadError, match="不完整"):
        check(whole[: int(len(whole) * share)], kinds=KINDS)


def test_two_hundred_pages_are_fine() -> None:
    assert check(files.pdf(pages=200), kinds=KINDS).pages == 200


def test_photo_is_turned_and_tells_nothing() -> None:
    checked = check(files.photo_with_position(), kinds=KINDS)
    assert (checked.width, checked.height) == (40, 60), "turned upright"
    assert b"SECRET-MAKER" not in checked.stored
    with Image.open(io.BytesIO(checked.stored)) as picture:
        assert not picture.getexif()


def test_what_hangs_behind_a_picture_is_cut_off() -> None:
    for kind in ("JPEG", "PNG"):
        checked = check(files.image(kind) + b"<script>alert(1)</script>", kinds=KINDS)
        assert b"script" not in checked.stored


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        pytest.param("JPEG", "CMYK", id="CMYK照片"),
        pytest.param("JPEG", "L", id="灰度照片"),
        pytest.param("PNG", "RGBA", id="透明PNG"),
        pytest.param("PNG", "P", id="调色板PNG"),
        pytest.param("PNG", "I;16", id="16位PNG"),
        pytest.param("PNG", "1", id="黑白PNG"),
    ],
)
def test_odd_pictures_become_ordinary(kind: str, mode: str) -> None:
    checked = check(files.image(kind, mode=mode), kinds=KINDS)
    with Image.open(io.BytesIO(checked.stored)) as picture:
        picture.load()
        assert picture.mode in {"RGB", "RGBA", "L", "P", "1"}


def test_kinds_are_those_asked_for() -> None:
    with pytest.raises(UploadError, match="实际是 PNG 图片，请上传 PDF"):
        check(files.image("PNG"), kinds=("pdf",))


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        pytest.param("合同.pdf", "合同.pdf", id="普通"),
        pytest.param("../../etc/passwd", "passwd.pdf", id="上级目录"),
        pytest.param("..\\..\\boot.ini", "boot.ini.pdf", id="反斜杠"),
        pytest.param("a\x00b.pdf", "ab.pdf", id="NUL"),
        pytest.param("a\u202efdp.exe", "afdp.exe.pdf", id="倒写字符"),
        pytest.param("CON", "_CON.pdf", id="设备名"),
        pytest.param("con.pdf", "_con.pdf", id="设备名带扩展名"),
        pytest.param(".htaccess", "htaccess.pdf", id="点开头"),
        pytest.param("报告. . .", "报告.pdf", id="点结尾"),
        pytest.param("", "未命名.pdf", id="空名"),
        pytest.param("...", "未命名.pdf", id="只有点"),
        pytest.param("a;rm -rf $HOME`x`.pdf", "a_rm -rf _HOME_x.pdf", id="命令"),
        pytest.param("照片.JPG", "照片.pdf", id="扩展名随内容"),
        pytest.param("👍合影.png", "👍合影.pdf", id="表情"),
        pytest.param('x"; filename="y.exe', "x_ filename=_y.exe.pdf", id="引号"),
        pytest.param("\ud83d坏.pdf", "坏.pdf", id="半个代理字符"),
        pytest.param("𠮷䶮·买买提.pdf", "𠮷䶮·买买提.pdf", id="生僻字与间隔号"),
        pytest.param("长" * 300 + ".pdf", "长" * 96 + ".pdf", id="三百字"),
    ],
)
def test_names_are_made_harmless(sent: str, shown: str) -> None:
    assert clean_name(sent, ".pdf") == shown


@given(st.text(st.characters(codec=None), max_size=400))
def test_any_name_is_storable(name: str) -> None:
    cleaned = clean_name(name, ".png")
    cleaned.encode()
    assert len(cleaned) <= 100
    assert cleaned.endswith(".png")
    assert not set(cleaned) & set('\x00/\\"\n\r')
