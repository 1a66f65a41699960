"""The notice as issued, and the same with some parameters read otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from jinhua_labor.policy.load import FOLDER, read
from jinhua_labor.policy.types import Policy


@pytest.fixture(scope="session")
def policy() -> Policy:
    return read(FOLDER / "2021-14.toml")


@pytest.fixture
def read_as(policy: Policy) -> Callable[..., Policy]:
    return lambda **switches: replace(policy, **switches)
