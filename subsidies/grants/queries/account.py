"""The account a grant was decided with, kept with it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from subsidies.grants.models import Grant
from subsidies.payees.models import PayeeAccount


@dataclass(frozen=True, slots=True)
class Snapshot:
    """户名, 开户银行, 账号 as confirmed. The number is for the payment sheet and a logged POST, never for a page."""

    holder: str
    bank: str
    number: str

    @property
    def tail(self) -> str:
        return self.number[-4:]

    @property
    def masked(self) -> str:
        return f"**** **** {self.tail}"


def snapshot_of(grant: Grant) -> Snapshot | None:
    """None before the account is confirmed."""
    return Snapshot(**json.loads(grant.account_snapshot)) if grant.account_snapshot else None


def as_text(account: PayeeAccount) -> str:
    """What is kept with the grant (encrypted by the column)."""
    assert account.number is not None
    return json.dumps(asdict(Snapshot(account.holder, account.bank, account.number)), ensure_ascii=False)
