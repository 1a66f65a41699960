"""What may go out to the public: the personal-data scan (政府信息公开条例第15条, 个人信息保护法)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# Spaces, dots and dashes that people put between groups of digits.
_GAP = r"[\s.\-—·]?"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("身份证号", re.compile(rf"(?<!\d)[1-9](?:{_GAP}\d){{16}}{_GAP}[\dXx](?!\d)")),
    ("手机号", re.compile(rf"(?<!\d)1[3-9](?:{_GAP}\d){{9}}(?!\d)")),
    ("银行账号", re.compile(r"(?<![\d-])\d(?:[\s.]?\d){12,24}(?!\d)")),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A place in a text that looks like personal data: what it is, and the place with its digits hidden."""

    kind: str
    excerpt: str


def scan(*texts: str, allowed: frozenset[str] = frozenset()) -> tuple[Finding, ...]:
    """Identity, phone and account numbers in the texts, each place once, in the order of the texts.

    Full-width digits are read as digits. `allowed` are numbers that may stand there (the office's own phone). Credit
    codes are no personal data; they contain letters and are not found.
    """
    found: list[Finding] = []
    for text in texts:
        plain = unicodedata.normalize("NFKC", text)
        taken: list[tuple[int, int]] = []
        for kind, pattern in _PATTERNS:
            for match in pattern.finditer(plain):
                start, end = match.span()
                digits = re.sub(r"\D", "", match.group())
                if digits in allowed or any(a < end and start < b for a, b in taken):
                    continue
                taken.append((start, end))
                before, after = plain[max(0, start - 8) : start], plain[end : end + 8]
                found.append(Finding(kind, f"…{before}{'*' * (end - start - 2)}{match.group()[-2:]}{after}…"))
    return tuple(found)


def hide(text: str) -> str:
    """The text, its full-width characters folded, with every such number in stars."""
    plain = unicodedata.normalize("NFKC", text)
    for _kind, pattern in _PATTERNS:
        plain = pattern.sub(lambda found: "*" * len(found.group()), plain)
    return plain
