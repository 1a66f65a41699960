"""What a page shows of a secret: four characters at most (design: a person's identity number is a secret)."""

from __future__ import annotations


def mask_tail(text: str, keep: int = 4) -> str:
    """Stars and the last `keep` characters; a text too short to hide anything is stars altogether."""
    if len(text) <= keep * 2:
        return "*" * len(text)
    return "*" * (len(text) - keep) + text[-keep:]


def mask_name(name: str) -> str:
    """「测**」 for every name: how long it is stays hidden as well."""
    return f"{name[:1]}**" if name else ""


def mask_id(number: str) -> str:
    """「**************0019」, for a full identity number or just its stored last four characters."""
    return "*" * 14 + number[-4:] if len(number) in (4, 18) else mask_tail(number)


def mask_phone(number: str) -> str:
    """「138****0000」; a landline keeps its area code and its last two digits."""
    if len(number) == 11 and number[0] == "1":
        return f"{number[:3]}****{number[-4:]}"
    area, dash, local = number.partition("-")
    return f"{area}-{mask_tail(local, 2)}" if dash else mask_tail(number, 2)
