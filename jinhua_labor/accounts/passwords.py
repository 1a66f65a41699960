"""What a password may not be, beyond too short and too common."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError

MAX_LENGTH = 128  # Argon2 takes any length, an attacker's megabyte included
CONTEXT_WORDS = (
    *("jindong", "jinhua", "laowu", "laodong", "renshe", "jiuye", "gongzuozhan", "zhejiang", "admin", "password"),
    *("金东", "金华", "劳务", "协作", "工作站", "人社", "就业", "密码"),
    # Django's list of common passwords is short of what is common here, and nearly all of it is below 12 characters.
    *("woaini", "woaiwojia", "iloveyou", "5201314", "1314520", "1314", "p@ssw0rd", "147258369", "159357"),
)
# Straight along the digits, the alphabet or a row of keys, either way; four in a row are no secret.
_ROWS = ("0123456789012345678901234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_STEP = 4
_STRAIGHT = frozenset(
    row[at : at + _STEP] for line in _ROWS for row in (line, line[::-1]) for at in range(len(row) - 3)
)
_FEW = 5  # different characters
# What is left of a password after its guessable words; the length rule then counts this rest.
_WORDS = re.compile("|".join(map(re.escape, CONTEXT_WORDS)), re.IGNORECASE)
_RUNS = re.compile(r"(.)\1{3,}")


def without_rows(password: str) -> str:
    """The password without its runs of four and more neighbouring characters: 「zhang123456」 is 「zhang」."""
    lower = password.lower()
    drop = {
        at + step
        for at in range(len(lower) - _STEP + 1)
        if lower[at : at + _STEP] in _STRAIGHT
        for step in range(_STEP)
    }
    return "".join(char for at, char in enumerate(password) if at not in drop)


class LengthValidator(MinimumLengthValidator):
    """Django's rule in our words: its own sentence has no Chinese translation and came out in English."""

    def get_error_message(self) -> str:
        return f"密码太短，至少 {self.min_length} 位。"

    def get_help_text(self) -> str:
        return f"至少 {self.min_length} 位。"


class ContextWordsValidator:
    """Refuses passwords that consist mainly of words of this place and work, of neighbouring keys or of repetition."""

    def __init__(self, min_rest: int = 8) -> None:
        self.min_rest = min_rest

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) > MAX_LENGTH:
            raise ValidationError(f"密码最长 {MAX_LENGTH} 位。", code="password_too_long")
        if _WORDS.search(password) and len(_WORDS.sub("", password)) < self.min_rest:
            raise ValidationError(
                "密码主要由本平台、本地区的常用词组成，容易被猜到，请换一个。", code="password_context"
            )
        rest = without_rows(_WORDS.sub("", password))
        if rest != password and len(rest) < self.min_rest:
            raise ValidationError(
                "密码主要由常用词或 123456、abcd、qwer 一类顺序字符组成，容易被猜到，请换一个。", code="password_rows"
            )
        if len(_RUNS.sub("", password)) < self.min_rest or len(set(password)) < _FEW:
            raise ValidationError("密码里重复的字符过多，请换一个。", code="password_repeats")

    def get_help_text(self) -> str:
        return f"不要以金东、劳务、jindong 等常用词或 123456、qwer 等顺序字符为主；最长 {MAX_LENGTH} 位。"
