"""What an uploaded file really is, and the harmless copy of it that is kept. Knows no database.

The kind is read from the first bytes and confirmed by parsing, never from the name or the sender's word.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from jinhua_labor.core.errors import Refused

from .pdf import MAX_PAGES, PdfRefusedError, normalise

MAX_PIXELS: Final = 40_000_000
JPEG_QUALITY: Final = 92
# Pillow refuses twice this by itself, while it reads the head; below, `_image` refuses before anything is decoded.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS

TYPES: Final = {
    "pdf": ("application/pdf", ".pdf"),
    "jpeg": ("image/jpeg", ".jpg"),
    "png": ("image/png", ".png"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
    "xls": ("application/vnd.ms-excel", ".xls"),
    "ods": ("application/vnd.oasis.opendocument.spreadsheet", ".ods"),
}
WORDS: Final = {"pdf": "PDF", "jpeg": "JPG 图片", "png": "PNG 图片", "xlsx": "Excel（.xlsx）", "docx": "Word（.docx）"}
WORDS_ALL: Final = {**WORDS, "xls": "Excel（.xls）", "ods": "ODS 表格"}
HEIC_BRANDS: Final = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif")


class UploadError(Refused):
    """The file is refused; the message is Chinese and says what to do."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that passed: `stored` is what is kept, `preview` what is shown in place (None: not shown)."""

    kind: str
    stored: bytes
    preview: bytes | None = None
    pages: int | None = None
    width: int | None = None
    height: int | None = None

    @property
    def content_type(self) -> str:
        return TYPES[self.kind][0]

    @property
    def suffix(self) -> str:
        return TYPES[self.kind][1]


def sniff(data: bytes) -> str:
    """The kind by the bytes at offset 0 (a polyglot has its marks further in), or ''."""
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "xls"
    if data.startswith(b"PK\x03\x04"):
        return _sniff_zip(data)
    return ""


def _sniff_zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:
                return "ods" if archive.read("mimetype") == TYPES["ods"][0].encode() else ""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError):
        return ""
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise UploadError("文件带有宏，不能上传。请另存为不带宏的 .xlsx 或 .docx 后再传。")
    if "[Content_Types].xml" in names:
        if "xl/workbook.xml" in names:
            return "xlsx"
        if "word/document.xml" in names:
            return "docx"
    return ""


def check(data: bytes, *, kinds: tuple[str, ...]) -> Checked:
    """The checked file. Raises UploadError with the reason and the way out.

    Workbooks and text documents are only recognised here; the room that reads one has its own, stricter gate.
    """
    if not data:
        raise UploadError("文件是空的，请重新选择。")
    if data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS:
        raise UploadError(
            "这是 HEIC 格式的手机照片，电脑大多打不开。请在手机“设置 → 相机 → 格式”中选“兼容性最佳”后重拍，"
            "或另存为 JPG 再上传。"
        )
    kind = sniff(data)
    if kind not in kinds:
        wanted = "、".join(WORDS_ALL[name] for name in kinds)
        found = f"这个文件实际是 {WORDS_ALL[kind]}" if kind else "这个文件的内容不是可接受的格式（只改扩展名没有用）"
        raise UploadError(f"{found}，请上传 {wanted}。")
    if kind == "pdf":
        try:
            pdf = normalise(data)
        except PdfRefusedError as error:
            raise UploadError(str(error)) from error
        return Checked("pdf", data if pdf.signed else pdf.clean, pdf.clean, pages=pdf.pages)
    if kind in {"jpeg", "png"}:
        return _image(data, kind)
    return Checked(kind, data)


def _image(data: bytes, kind: str) -> Checked:
    """The picture drawn anew: upright, without EXIF or position, without anything hidden behind its end."""
    if not _is_whole(data, kind):
        raise UploadError("图片不完整或已损坏，打不开。请重新拍照或扫描后再上传。")
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as image:
            if image.width * image.height > MAX_PIXELS:
                raise UploadError("图片的像素太大（超过 4000 万），请缩小后再上传。")
            same = kind == "jpeg" and image.getexif().get(0x0112, 1) == 1 and image.mode in {"RGB", "L"}
            picture: Image.Image = image if same else _plain(ImageOps.exif_transpose(image), kind)
            out = io.BytesIO()
            if kind == "png":
                picture.save(out, "PNG", exif=b"")
            elif same and image.format == "JPEG":
                picture.save(out, "JPEG", quality="keep", exif=b"")
            else:
                picture.save(out, "JPEG", quality=JPEG_QUALITY, exif=b"")
            clean = out.getvalue()
            return Checked(kind, clean, clean, width=picture.width, height=picture.height)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UploadError("图片的像素太大（超过 4000 万），请缩小后再上传。") from error
    except UploadError:
        raise
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, OverflowError) as error:
        raise UploadError("图片不完整或已损坏，打不开。请重新拍照或扫描后再上传。") from error


def _is_whole(data: bytes, kind: str) -> bool:
    """Whether the picture has its end. Pillow alone cannot be asked: WeasyPrint makes it accept truncated ones."""
    if kind == "png":
        return b"IEND" in data
    return data.rfind(b"\xff\xd9") > data.rfind(b"\xff\xda")


def _plain(image: Image.Image, kind: str) -> Image.Image:
    """A mode every browser shows: CMYK, 16-bit and the rest become RGB or grey."""
    if image.mode.startswith("I") or image.mode == "F":
        return image.point(lambda value: value / 256).convert("L")
    if kind == "png" and image.mode in {"RGB", "RGBA", "L", "LA", "P", "1"}:
        return image.copy()
    return image.convert("RGB")


__all__ = ["MAX_PAGES", "TYPES", "WORDS_ALL", "Checked", "UploadError", "check", "sniff"]
