"""What `check` says about the settings of this room."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from .enums import Role


@register(Tags.security)
def second_factor_roles(**_: Any) -> list[CheckMessage]:
    """A misspelt role would leave its people without the second factor, and nobody would notice."""
    unknown = [role for role in settings.SECOND_FACTOR_ROLES if role not in Role.values or role == Role.SYSTEM]
    if not unknown:
        return []
    names = "、".join(f"{role.value}（{role.label}）" for role in Role if role != Role.SYSTEM)
    return [
        Error(
            f"SECOND_FACTOR_ROLES 中没有这样的角色：{'、'.join(unknown)}。",
            hint=f"可用：{names}；多个用逗号分隔。",
            id="portal.E004",
        )
    ]
