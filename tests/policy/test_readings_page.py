"""docs/policy-readings.md speaks of every switch, and names only tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DESCRIBING = {
    "jinhua_labor/policy/types.py",
    "jinhua_labor/policy/checks.py",
    "jinhua_labor/rulebook/words.py",
    "assessments/sheets/queries/whatif.py",
}
"""Modules that name every parameter without being moved by it."""
PAGE = (ROOT / "docs" / "policy-readings.md").read_text(encoding="utf-8")


def test_每个有解释口径的参数都在说明之中(policy):
    named = set(re.findall(r"`([a-z0-9_]+)`", PAGE))
    interpretive = {name for name, reading in policy.readings.items() if reading.interpretive}
    assert interpretive <= named


def test_每个编号都在说明之中(policy):
    gaps = {reading.gap for reading in policy.readings.values() if reading.gap}
    assert gaps <= set(re.findall(r"G-\d\d", PAGE))


def test_说明所列的测试都存在():
    written = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    named = set(re.findall(r"`(?:[\w./]+::)?(test_[^`.（]+)`", PAGE))
    assert named
    assert {name for name in named if f"def {name}(" not in written} == set()


def test_改了还不起作用的参数都带星号(policy):
    """A page that says how to switch a reading must not name a switch that nothing is wired to."""
    source = "\n".join(
        path.read_text(encoding="utf-8")
        for top in ("jinhua_labor", "stations", "assessments", "subsidies")
        for path in (ROOT / top).rglob("*.py")
        if path.relative_to(ROOT).as_posix() not in DESCRIBING
    )
    named = set(re.findall(r"`([a-z0-9_]+)`", PAGE)) & set(policy.readings)
    starred = set(re.findall(r"`([a-z0-9_]+)`\*", PAGE))
    assert starred == {name for name in named if not re.search(rf"\b{name}\b", source)}
