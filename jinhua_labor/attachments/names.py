"""File names as people send them, made harmless for showing; on disk a file is known by its uuid only."""

from __future__ import annotations

import re
import unicodedata

MAX_LENGTH = 100
FALLBACK = "未命名"
# Separators of paths and what Windows or a shell would read as something else.
_UNSAFE = re.compile(r'[\\/:*?"<>|;`$%]+')
_DEVICES = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_SUFFIXES = re.compile(r"\.(pdf|jpe?g|png|xlsx?|docx|ods)$", re.IGNORECASE)


def clean_name(name: str, suffix: str) -> str:
    """A name to show and to download under: no path, no control or direction characters, at most 100 characters.

    The suffix follows the content, not the sender: `合同.jpg` holding a PDF becomes `合同.pdf`.
    """
    kept = "".join(
        char for char in unicodedata.normalize("NFC", name) if unicodedata.category(char) not in {"Cc", "Cf", "Cs"}
    )
    last = re.split(r"[\\/]", kept)[-1]
    stem = _SUFFIXES.sub("", _UNSAFE.sub("_", last)).strip(" ._")
    if not stem:
        stem = FALLBACK
    if _DEVICES.match(stem):
        stem = f"_{stem}"
    return f"{stem[: MAX_LENGTH - len(suffix)]}{suffix}"
