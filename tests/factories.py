"""Invented organisations and people for tests: obviously so, with codes of areas that do not exist."""

from __future__ import annotations

import functools
import io
import itertools
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from stdnum.cn import uscc

from jinhua_labor.accounts.enums import OrganisationKind, Role
from jinhua_labor.accounts.models import Organisation, User

PASSWORD = "测试用的一句长口令 2026"
_numbers = itertools.count(1)
NAMES = {
    OrganisationKind.CENTRE: "区就业服务中心（测试）",
    OrganisationKind.BUREAU: "区人力资源和社会保障局（测试）",
    OrganisationKind.ASSOCIATION: "区人力资源服务协会（测试）",
}


@functools.cache
def hashed(password: str = PASSWORD) -> str:
    """The Argon2 hash, computed once a run: it takes a third of a second on purpose."""
    return make_password(password)


def credit_code(number: int) -> str:
    """A code with a right check character in the area 339999, which does not exist."""
    head = f"91339999MA{number:07d}"
    return head + uscc.calc_check_digit(head)


def organisation(kind: str = OrganisationKind.OPERATOR, **fields: Any) -> Organisation:
    """A new operator, or the one office of its kind."""
    if kind != OrganisationKind.OPERATOR:
        found, _ = Organisation.objects.get_or_create(kind=kind, defaults={"name": NAMES[kind], **fields})
        return found
    number = next(_numbers)
    return Organisation.objects.create(
        kind=kind, **{"name": f"示例{number}号人力资源有限公司", "credit_code": credit_code(number), **fields}
    )


def user(role: str = Role.OPERATOR, **fields: Any) -> User:
    """A person of that role in a fitting organisation, who can sign in with `PASSWORD`."""
    kinds = {
        Role.OPERATOR: OrganisationKind.OPERATOR,
        Role.CENTRE: OrganisationKind.CENTRE,
        Role.ASSOCIATION: OrganisationKind.ASSOCIATION,
    }
    number = next(_numbers)
    if "organisation" not in fields:
        fields["organisation"] = organisation(kinds.get(Role(role), OrganisationKind.BUREAU))
    return User.objects.create(
        role=role, **{"username": f"ceshi{number}", "name": f"测试{number}", "password": hashed(), **fields}
    )


def png(size: tuple[int, int] = (40, 30), name: str = "照片.png") -> SimpleUploadedFile:
    """A small picture as a browser sends it."""
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")
