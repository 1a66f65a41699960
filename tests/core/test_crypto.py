"""Secrets at rest: what opens them, what does not, and the hash that finds them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinhua_labor.core.crypto import DecryptionError, KeyRing, blind_index, blind_index_many

OLD, NEW = KeyRing({"k1": b"1" * 32}), KeyRing({"k2": b"2" * 32, "k1": b"1" * 32})
CONTEXT = "stations_person.id_number"
KEY = b"i" * 32


@given(st.text(max_size=50).filter(lambda text: not any("\ud800" <= char <= "\udfff" for char in text)))
def test_round_trip(text: str) -> None:
    stored = NEW.encrypt(text, CONTEXT)
    assert NEW.decrypt(stored, CONTEXT) == text
    assert text == "" or text.encode() not in stored or len(text) < 4


def test_same_text_never_looks_the_same() -> None:
    assert len({NEW.encrypt("529999199001010019", CONTEXT) for _ in range(50)}) == 50


def test_batch_equals_single() -> None:
    texts = [f"{n:018d}" for n in range(1000)]
    stored = NEW.encrypt_many(texts, CONTEXT)
    assert NEW.decrypt_many(stored, CONTEXT) == texts
    assert len({value[4:16] for value in stored}) == 1000, "every value has its own nonce"


def test_old_key_still_reads_after_rotation_and_new_values_use_the_first() -> None:
    assert NEW.decrypt(OLD.encrypt("测试", CONTEXT), CONTEXT) == "测试"
    assert NEW.key_id(NEW.encrypt("测试", CONTEXT)) == "k2"
    assert NEW.key_id(OLD.encrypt("测试", CONTEXT)) == "k1"


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda stored: OLD.decrypt(stored, CONTEXT), id="密钥已不在"),
        pytest.param(lambda stored: KeyRing({"k2": b"3" * 32}).decrypt(stored, CONTEXT), id="同编号另一密钥"),
        pytest.param(lambda stored: NEW.decrypt(stored, "subsidies_account.number"), id="搬到别的列"),
        pytest.param(lambda stored: NEW.decrypt(stored[:-1] + bytes((stored[-1] ^ 1,)), CONTEXT), id="改一位"),
        pytest.param(lambda stored: NEW.decrypt(stored[:10], CONTEXT), id="截断"),
        pytest.param(lambda stored: NEW.decrypt(b"\x02" + stored[1:], CONTEXT), id="未知算法"),
        pytest.param(lambda _: NEW.decrypt(b"", CONTEXT), id="空"),
    ],
)
def test_what_does_not_open_raises(damage: object) -> None:
    with pytest.raises(DecryptionError):
        damage(NEW.encrypt("529999199001010019", CONTEXT))  # type: ignore[operator]


@pytest.mark.parametrize("keys", [{}, {"k1": b"short"}, {"": b"1" * 32}, {"钥": b"1" * 32}], ids=str)
def test_bad_rings_are_refused(keys: dict[str, bytes]) -> None:
    with pytest.raises(ValueError, match="密钥"):
        KeyRing(keys)


@pytest.mark.parametrize(
    "typed",
    ["82999919900101001x", "８２999919900101001Ｘ", " 829999 19900101 001X"],
    ids=["小写x", "全角", "空格"],
)
def test_equal_persons_have_one_index(typed: str) -> None:
    assert blind_index("person", typed, key=KEY) == blind_index("person", "82999919900101001X", key=KEY)


def test_index_depends_on_purpose_key_and_text() -> None:
    values = {
        blind_index("person", "1", key=KEY),
        blind_index("account", "1", key=KEY),
        blind_index("person", "2", key=KEY),
        blind_index("person", "1", key=b"j" * 32),
    }
    assert len(values) == 4
    assert {len(value) for value in values} == {32}
    assert blind_index_many("person", ["1", "2"], key=KEY) == [blind_index("person", n, key=KEY) for n in "12"]
