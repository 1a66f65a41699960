"""Provinces by their GB/T 2260 code, and the province a 户籍 text names."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

PROVINCES: dict[str, str] = {
    "11": "北京市", "12": "天津市", "13": "河北省", "14": "山西省", "15": "内蒙古自治区",
    "21": "辽宁省", "22": "吉林省", "23": "黑龙江省",
    "31": "上海市", "32": "江苏省", "33": "浙江省", "34": "安徽省", "35": "福建省", "36": "江西省", "37": "山东省",
    "41": "河南省", "42": "湖北省", "43": "湖南省", "44": "广东省", "45": "广西壮族自治区", "46": "海南省",
    "50": "重庆市", "51": "四川省", "52": "贵州省", "53": "云南省", "54": "西藏自治区",
    "61": "陕西省", "62": "甘肃省", "63": "青海省", "64": "宁夏回族自治区", "65": "新疆维吾尔自治区",
    "71": "台湾省", "81": "香港特别行政区", "82": "澳门特别行政区",
}  # fmt: skip
MAINLAND: frozenset[str] = frozenset(PROVINCES) - {"71", "81", "82"}
# 台湾居民居住证 numbers start with 83, which is no province of its own (rules of GB 11643 for residence permits).
ID_PREFIXES: dict[str, str] = {code: code for code in PROVINCES} | {"83": "71"}

_SUFFIXES = ("特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市")


def _short(name: str) -> str:
    for suffix in _SUFFIXES:
        if name.endswith(suffix):
            return name.removesuffix(suffix)
    return name


SHORT_NAMES: dict[str, str] = {code: _short(name) for code, name in PROVINCES.items()}
_BY_SHORT = {short: code for code, short in SHORT_NAMES.items()}
# 新疆生产建设兵团 is counted with Xinjiang: GB/T 2260 gives it no code of its own.
_CORPS = ("新疆生产建设兵团", "生产建设兵团", "新疆兵团", "兵团")
# Written before a province in hukou texts; anything else before it means that the text starts elsewhere.
_LEADING = ("中华人民共和国", "中国")
# A short name followed by these is another place or thing: 吉林市 lies in 吉林省 (right), 海南州, 河南县 in 青海.
_NOT_A_PROVINCE = {"海南州", "海南藏族自治州", "河南县", "河南蒙古族自治县", "云南驿"}


@lru_cache(maxsize=65_536)
def province_of_text(text: str) -> str | None:
    """The two-digit code of the province a 户籍 text starts with (贵州省示例州 → 52, 新疆兵团 → 65), else None.

    Only names are read, with or without 省, 市, 自治区; abbreviations such as 黔 and county names alone are not
    guessed: an unread text becomes E04 for a person to settle.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    for word in _LEADING:
        plain = plain.removeprefix(word)
    if plain.startswith(_CORPS):
        return "65"
    if any(plain.startswith(other) for other in _NOT_A_PROVINCE):
        return None
    return _BY_SHORT.get(plain[:2]) or _BY_SHORT.get(plain[:3])
