"""Opening stored files: by role and row, with the hash checked before a byte goes out."""

from __future__ import annotations

import io
from pathlib import Path

from django.conf import settings

from . import storage
from .enums import FileState
from .models import Attachment


class FileMissing(Exception):  # noqa: N818  a state to show, not a fault to log as one
    """The file is gone or is not the one that was stored."""


def open_path(attachment: Attachment, *, preview: bool = False) -> Path:
    """The place of the file (or of its preview copy). Raises FileMissing when it is gone, changed or not served."""
    name, expected = attachment.stored_name, attachment.sha256
    if preview:
        name, expected = attachment.preview_name, attachment.preview_sha256
    path = storage.path_of(name) if name else Path()
    if attachment.state != FileState.OK or not name or storage.digest(path) != expected:
        raise FileMissing
    return path


def read_bytes(attachment: Attachment) -> bytes:
    """The whole file, for what the portal itself does with it (importing a roster). Raises FileMissing."""
    return open_path(attachment).read_bytes()


def stream(attachment: Attachment) -> io.BufferedReader:
    """The file opened for reading; the caller closes it. Raises FileMissing."""
    return open_path(attachment).open("rb")


def limits_text(kinds: tuple[str, ...] = ("pdf", "jpeg", "png")) -> str:
    """What may be uploaded, to be told before: 「PDF、JPG 图片、PNG 图片，每个不超过 20 MB」."""
    from .content import MAX_PAGES, WORDS_ALL

    size = settings.UPLOAD_MAX_BYTES // 1024 // 1024
    pages = f"，PDF 不超过 {MAX_PAGES} 页" if "pdf" in kinds else ""
    return f"{'、'.join(WORDS_ALL[kind] for kind in kinds)}，每个不超过 {size} MB{pages}"
