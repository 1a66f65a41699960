"""查询码 of a complaint: 140 bits in letters and digits that are not mistaken for each other; kept as its digest."""

import hashlib
import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 28
GROUP = 4
_SAME = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code(secret: bytes | None = None) -> tuple[str, bytes]:
    """A code as it is shown, and the digest to keep: made of 18 or more bytes that nobody else knows, else fresh."""
    number = int.from_bytes((secret or secrets.token_bytes(18))[:18]) >> 4
    code = "".join(ALPHABET[number >> 5 * place & 31] for place in range(LENGTH))
    return "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP)), digest(code)


def plain(typed: str) -> str:
    """A code however it was typed: lower case, spaces, full-width, O for 0, I or L for 1."""
    signs = "".join(char for char in unicodedata.normalize("NFKC", typed).upper() if char.isalnum())
    return signs.translate(_SAME)


def digest(typed: str) -> bytes:
    """The digest of a code however it was typed."""
    return hashlib.sha256(plain(typed).encode()).digest()
