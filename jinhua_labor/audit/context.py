"""From where the present act comes: address and request id, known to every service without being passed along."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request comes from; both empty for what the portal does by itself."""

    ip: str | None = None
    request_id: str = ""


NOWHERE = Origin()
current_origin: ContextVar[Origin] = ContextVar("portal_origin", default=NOWHERE)
