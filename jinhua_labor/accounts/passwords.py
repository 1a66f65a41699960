"""What a password may not be, beyond too short and too common."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError

MAX_LENGTH = 128  # Argon2 takes any length, an attacker's megabyte included
CONTEXT_WORDS = (
    *("jindong", "jinhua", "laowu", "laodong", "renshe", "jiuye", "gongzuozhan", "zhejiang", "admin", "password"),
    *("金东", "金华", "劳务", "协作", "工作站", "人社", "就业", "密码"),
)
# What is left of a password after its guessable words; the length rule then counts this rest.
_WORDS = re.compile("|".join(map(re.escape, CONTEXT_WORDS)), re.IGNORECASE)
_RUNS = re.compile(r"(.)\1{3,}")


class ContextWordsValidator:
    """Refuses passwords that consist mainly of words of this place and work, or of one repeated character."""

    def __init__(self, min_rest: int = 8) -> None:
        self.min_rest = min_rest

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) > MAX_LENGTH:
            raise ValidationError(f"密码最长 {MAX_LENGTH} 位。", code="password_too_long")
        if _WORDS.search(password) and len(_WORDS.sub("", password)) < self.min_rest:
            raise ValidationError(
                "密码主要由本平台、本地区的常用词组成，容易被猜到，请换一个。", code="password_context"
            )
        if len(_RUNS.sub("", password)) < self.min_rest:
            raise ValidationError("密码里同一字符连续重复过多，请换一个。", code="password_repeats")

    def get_help_text(self) -> str:
        return f"不要以金东、劳务、jindong 等常用词为主；最长 {MAX_LENGTH} 位。"
