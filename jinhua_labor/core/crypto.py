"""Encryption of secret columns and the keyed hashes by which they are found.

Stored form: algorithm byte · length of the key id · key id · nonce (12) · ciphertext with tag. The algorithm byte
leaves room for SM4, the key id for rotation. The context (`table.column`) is authenticated with the text, so a
ciphertext moved to another column does not open.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

AES_256_GCM = 1
NONCE_BYTES = 12
INDEX_BYTES = 32
_BLOCK: Final = 64  # bytes of a block of SHA-256


class DecryptionError(Exception):
    """The stored bytes cannot be opened: unknown key or algorithm, wrong context, or a changed byte."""


class KeyRing:
    """Keys by their id. The first encrypts, all of them decrypt."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        """Raises ValueError for an empty ring, a key that is not 32 bytes, or an id that is not short ASCII."""
        if not keys:
            raise ValueError("密钥环为空：请设置 FIELD_KEYS")
        for kid, key in keys.items():
            if not (kid.isascii() and 1 <= len(kid) <= 32):
                raise ValueError("密钥编号须为 1～32 个 ASCII 字符")
            if len(key) != 32:
                raise ValueError(f"密钥 {kid} 须为 32 字节")
        self.primary = next(iter(keys))
        self._ciphers = {kid.encode(): AESGCM(key) for kid, key in keys.items()}
        name = self.primary.encode()
        self._prefix = bytes((AES_256_GCM, len(name))) + name
        self._cipher = self._ciphers[name]

    def encrypt(self, text: str, context: str) -> bytes:
        """The stored form of `text` for the column `context`."""
        nonce = os.urandom(NONCE_BYTES)
        return self._prefix + nonce + self._cipher.encrypt(nonce, text.encode(), context.encode())

    def encrypt_many(self, texts: Sequence[str], context: str) -> list[bytes]:
        """The stored forms of many texts of one column, with all nonces drawn in one block."""
        nonces = os.urandom(NONCE_BYTES * len(texts))
        prefix, seal, aad, drawn = self._prefix, self._cipher.encrypt, context.encode(), []
        for start, text in zip(range(0, len(nonces), NONCE_BYTES), texts, strict=True):
            nonce = nonces[start : start + NONCE_BYTES]
            drawn.append(prefix + nonce + seal(nonce, text.encode(), aad))
        return drawn

    def decrypt(self, stored: bytes, context: str) -> str:
        """The text behind `stored`. Raises DecryptionError; never hands back ciphertext."""
        if len(stored) < 2 or stored[0] != AES_256_GCM:
            raise DecryptionError("密文格式无法识别")
        at = 2 + stored[1]
        cipher = self._ciphers.get(stored[2:at])
        if cipher is None:
            raise DecryptionError(f"没有编号为 {stored[2:at].decode('ascii', 'replace')} 的密钥，请检查 FIELD_KEYS")
        nonce = stored[at : at + NONCE_BYTES]
        try:
            return cipher.decrypt(nonce, stored[at + NONCE_BYTES :], context.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise DecryptionError(f"{context} 的密文无法解开：密钥不符或内容被改动") from error

    def decrypt_many(self, stored: Iterable[bytes], context: str) -> list[str]:
        """The texts behind many values of one column, in order. Raises DecryptionError at the first that stays shut."""
        return [self.decrypt(value, context) for value in stored]

    def key_id(self, stored: bytes) -> str:
        """The id of the key that sealed `stored`; what rotation asks."""
        return stored[2 : 2 + stored[1]].decode("ascii") if len(stored) > 2 else ""


@lru_cache(maxsize=8)
def _ring(keys: tuple[tuple[str, bytes], ...]) -> KeyRing:
    return KeyRing(dict(keys))


def key_ring() -> KeyRing:
    """The ring of the setting `FIELD_KEYS` (key id → 32 bytes, the first encrypts)."""
    from django.conf import settings

    return _ring(tuple(settings.FIELD_KEYS.items()))


def _canonical(text: str) -> bytes:
    # Equal persons must meet: full-width digits, a lower-case x and stray spaces are the same number.
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if not text.isalnum():
        text = "".join(text.split())
    return text.upper().encode()


@lru_cache(maxsize=32)
def _keyed(key: bytes, purpose: str) -> hmac.HMAC:
    return hmac.new(key, purpose.encode() + b"\x00", "sha256")


def _index_key() -> bytes:
    from django.conf import settings

    key: bytes = settings.INDEX_KEY
    return key


def blind_index(purpose: str, text: str, *, key: bytes | None = None) -> bytes:
    """The 32 bytes by which a secret is found: HMAC-SHA256 over purpose and NFKC-upper text without spaces.

    The same number under another `purpose` gives other bytes, so tables cannot be joined by them. `key` defaults to the
    setting `INDEX_KEY`.
    """
    keyed = _keyed(key or _index_key(), purpose).copy()
    keyed.update(_canonical(text))
    return keyed.digest()


def blind_index_many(purpose: str, texts: Iterable[str], *, key: bytes | None = None) -> list[bytes]:
    """`blind_index` of many texts under one purpose, in order: HMAC taken apart, which halves its time."""
    inner, outer = _opened(key or _index_key(), purpose)
    found = []
    for text in texts:
        first, second = inner.copy(), outer.copy()
        first.update(_canonical(text))
        second.update(first.digest())
        found.append(second.digest())
    return found


@lru_cache(maxsize=32)
def _opened(key: bytes, purpose: str) -> tuple[Any, Any]:
    """The two hashes of HMAC-SHA256 (RFC 2104) after key and purpose, to be copied for each text."""
    block = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\x00")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
    inner.update(purpose.encode() + b"\x00")
    return inner, hashlib.sha256(bytes(byte ^ 0x5C for byte in block))
