"""Papers drawn on the spot: one-page PDFs and photographs that say that they are invented."""

from __future__ import annotations

import io
import shutil
import subprocess
from functools import cache

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFont

PAGE, PHOTO = (620, 877), (960, 640)
TYPES = {"PDF": ("pdf", "application/pdf"), "JPEG": ("jpg", "image/jpeg")}


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    if match := shutil.which("fc-match"):
        asked = subprocess.run(
            [match, "-f", "%{file}", "Noto Sans CJK SC"], capture_output=True, text=True, check=False
        )
        try:
            return ImageFont.truetype(asked.stdout.strip(), size)
        except OSError:
            pass
    return ImageFont.load_default(size)


def _lines(text: str, width: int) -> list[str]:
    return [text[start : start + width] for start in range(0, len(text), width)]


@cache
def _draw(kind: str, title: str, text: str) -> bytes:
    size = PAGE if kind == "PDF" else PHOTO
    image = Image.new("L", size, 255 if kind == "PDF" else 214)
    draw = ImageDraw.Draw(image)
    draw.rectangle((20, 20, size[0] - 20, size[1] - 20), outline=120, width=2)
    draw.text((50, 60), title, font=_font(30), fill=20)
    for number, line in enumerate(_lines(text, 24)):
        draw.text((50, 130 + number * 36), line, font=_font(20), fill=40)
    draw.text((50, size[1] - 70), "演示件，内容虚构", font=_font(20), fill=110)
    out = io.BytesIO()
    image.save(out, kind, quality=60, resolution=75)
    return out.getvalue()


def paper(title: str, text: str = "", *, kind: str = "PDF") -> SimpleUploadedFile:
    """A one-page PDF or (`kind` JPEG) a photograph, as a browser would send it."""
    ending, content_type = TYPES[kind]
    return SimpleUploadedFile(f"{title}.{ending}", _draw(kind, title, text), content_type)
