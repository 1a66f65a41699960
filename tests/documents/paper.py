"""Looking at a printed PDF: its words in millimetres, its text, its fonts, its pixels."""

from __future__ import annotations

import io
import subprocess
from dataclasses import dataclass
from html import unescape
from re import findall, sub

from PIL import Image
from pypdf import PdfReader

_MM = 25.4 / 72


@dataclass(frozen=True)
class Word:
    page: int  # from 1
    left: float  # mm
    top: float
    right: float
    bottom: float
    text: str


def _run(*command: str, pdf: bytes) -> bytes:
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout


def words(pdf: bytes) -> list[Word]:
    """Every word with its page and its box in millimetres from the upper left corner of the page."""
    found = []
    html = _run("pdftotext", "-bbox", "-", "-", pdf=pdf).decode()
    for number, page in enumerate(html.split("<page ")[1:], 1):
        for left, top, right, bottom, text in findall(
            r'xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>', page
        ):
            box = [float(value) * _MM for value in (left, top, right, bottom)]
            found.append(Word(number, *box, unescape(text)))
    return found


def text(pdf: bytes, *, page: int | None = None) -> str:
    """The text in the order in which it was written, without any space."""
    pages = ("-f", str(page), "-l", str(page)) if page else ()
    return sub(r"\s", "", _run("pdftotext", "-raw", *pages, "-", "-", pdf=pdf).decode())


def pages(pdf: bytes) -> int:
    return len(PdfReader(io.BytesIO(pdf)).pages)


def image(pdf: bytes, page: int = 1, dpi: int = 200) -> Image.Image:
    """The page as people see it."""
    return Image.open(
        io.BytesIO(_run("pdftoppm", "-png", "-r", str(dpi), "-f", str(page), "-l", str(page), "-", pdf=pdf))
    ).convert("RGB")


def find(pdf: bytes, start: str, *, page: int | None = None) -> Word:
    """The first word that begins with `start`."""
    return next(w for w in words(pdf) if w.text.startswith(start) and page in (None, w.page))
