"""What the repository promises about itself: locks, scripts, README, layer contracts."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import socket
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ["requirements/run.txt", "requirements/dev.txt", "package-lock.json"]
SCRIPTS = [*sorted(p for p in (ROOT / "script").iterdir() if p.is_file() and not p.suffix), ROOT / ".ci" / "run"]


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "script" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", LOCKS)
def test_锁文件不含任何地址(name: str) -> None:
    assert "://" not in (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["run", "dev"])
def test_锁文件每个包都有校验值(name: str) -> None:
    entries = re.split(r"\n(?=[a-z0-9])", (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8"))
    assert len(entries) > 20
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("name", ["run", "dev"])
def test_每个直接依赖都已锁定(name: str) -> None:
    def key(text: str) -> str:
        return re.split(r"[\[~=<>; ]", text)[0].lower().replace("_", "-")

    wanted = [
        key(line) for line in (ROOT / "requirements" / f"{name}.in").read_text(encoding="utf-8").splitlines()
        if line and line[0] not in "#-"
    ]  # fmt: skip
    locked = {key(line) for line in (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8").splitlines()}
    assert [package for package in wanted if package not in locked] == []


def test_运行与开发两份锁定的版本一致() -> None:
    def pins(name: str) -> dict[str, str]:
        text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
        return dict(re.findall(r"^([a-z0-9._-]+)(?:\[[a-z,]+\])?==(\S+)", text, re.MULTILINE))

    run, dev = pins("run.txt"), pins("dev.txt")
    assert {name: (pin, dev.get(name)) for name, pin in run.items() if dev.get(name) != pin} == {}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda p: p.name)
def test_脚本可执行_语法正确_出错即停(script: Path) -> None:
    if script.name == "_env":  # sourced
        return
    assert os.access(script, os.X_OK)
    assert "set -euo pipefail" in script.read_text(encoding="utf-8")
    subprocess.run(["bash", "-n", script], check=True)


def test_README_提到的命令和文档都在() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\b(?:script|docs|\.ci)/[\w./-]*\w", text))
    assert {"script/server", "script/test"} <= named
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
    pages = {f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")}
    assert sorted(pages - named) == []  # a page nobody is led to


def test_每个房间都在分层约定里() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = re.findall(r"[\w.]+", " ".join(contracts[0]["layers"]))
    apart = {"jinhua_labor.localdb"}  # standard library only, a contract of its own
    rooms = {f"jinhua_labor.{p.parent.name}" for p in (ROOT / "jinhua_labor").glob("*/__init__.py")}
    assert sorted(rooms - set(layers) - apart) == []
    furnished = {
        ".".join(p.relative_to(ROOT).parent.parts)
        for top in ("jinhua_labor", "stations", "assessments")
        for p in (ROOT / top).glob("*/views.py")
    }
    assert sorted(furnished - set(next(row for row in contracts if row["name"] == "Inside a room")["containers"])) == []


def test_图标清单与页面用到的一致() -> None:
    """A template that asks for an icon nobody listed would show an empty square."""
    listed = {line for line in (ROOT / "static/img/icons.txt").read_text(encoding="utf-8").split("\n") if line}
    used = {
        name
        for page in (ROOT / "templates").rglob("*.html")
        for name in re.findall(
            r"(?:icons\.svg' %\}#|<c-icon [^>]*name=\")([a-z0-9-]+)\"", page.read_text(encoding="utf-8")
        )
    }
    assert sorted(used - listed) == []


def test_没有权限时说出缺少的包和一条命令(monkeypatch: pytest.MonkeyPatch) -> None:
    setup = load("_setup")
    monkeypatch.setattr(setup, "missing_packages", lambda **_: ["libpango-1.0-0", "fonts-noto-cjk"])
    monkeypatch.setattr(setup.os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit) as stopped:
        setup.system_packages(tests=False)
    assert "apt-get install -y --no-install-recommends libpango-1.0-0 fonts-noto-cjk" in str(stopped.value)


def test_再次设置不做任何事() -> None:
    for _ in range(2):  # the first may have something to do, after an edit
        done = subprocess.run([ROOT / "script" / "setup"], capture_output=True, text=True, check=True)
    assert done.stdout == ""


def test_端口被占用_一句话说明并退出() -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        done = subprocess.run(
            [sys.executable, ROOT / "script" / "_server.py"],
            env=os.environ | {"PORT": str(port), "HOST": "127.0.0.1"}, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert f"端口 {port} 不能用" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not shutil.which("git"), reason="没有 git")
def test_没有提交机器本地的东西() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert [name for name in tracked if name.startswith((".state/", "node_modules/")) or name.endswith(".pyc")] == []
