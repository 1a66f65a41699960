"""Model fields for secrets: the text encrypted at rest, and the keyed hash that finds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.core.validators import MaxLengthValidator
from django.db import models

from jinhua_labor.core.crypto import INDEX_BYTES, key_ring

if TYPE_CHECKING:
    TextField = models.Field[str | None, str | None]
else:
    TextField = models.Field  # not subscriptable at run time


class EncryptedTextField(TextField):
    """Text, stored as AES-256-GCM ciphertext in a bytea column; reading with a wrong key raises DecryptionError.

    `context` (`table.column`) is authenticated with every value. It is given once and written down, not derived, so
    that a renamed table and the history rows of pghistory, which copy the ciphertext, can still be read. The field
    cannot be searched: keep a `BlindIndexField` beside it.
    """

    description = "加密文本"
    empty_strings_allowed = False

    def __init__(self, *args: Any, context: str, **kwargs: Any) -> None:
        self.context = context
        super().__init__(*args, **kwargs)
        if self.max_length is not None:
            self.validators.append(MaxLengthValidator(self.max_length))

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "context": self.context}

    def get_internal_type(self) -> str:
        return "BinaryField"

    def to_python(self, value: Any) -> str | None:
        return value if value is None else str(value)

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return value if value is None else str(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        value = super().get_db_prep_value(value, connection, prepared)
        return value if value is None else connection.Database.Binary(key_ring().encrypt(value, self.context))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        return value if value is None else key_ring().decrypt(bytes(value), self.context)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} 已加密，不能按内容查询；请用对应的检索摘要字段")
        return super().get_lookup(lookup_name)

    def value_to_string(self, obj: Any) -> str:
        # dumpdata would otherwise write the clear text to a file nobody logs.
        raise ValueError(f"{self.name} 已加密，不能导出")


class BlindIndexField(models.BinaryField):
    """The 32 bytes of `crypto.blind_index`, exact lookups only. Make it unique by a constraint in Meta."""

    description = "检索摘要"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = INDEX_BYTES
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("max_length", None)
        return name, path, args, kwargs

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        if value is not None and len(value) != INDEX_BYTES:
            raise ValueError(f"{self.name} 须为 {INDEX_BYTES} 字节的检索摘要")
        return value

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> bytes | None:
        return value if value is None else bytes(value)
