"""What `script/lock` does: pins with hashes for Python 3.11 to 3.13, without the address of any registry."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def python_locks(*extra: str) -> None:
    for name in ("run", "dev"):
        files = (f"requirements/{name}.in", "-o", f"requirements/{name}.txt")
        whole = ("--quiet", "--universal", "--python-version", "3.11", "--generate-hashes")
        bare = ("--no-emit-index-url", "--no-emit-find-links", "--no-header")
        subprocess.run(["uv", "pip", "compile", *whole, *bare, *extra, *files], cwd=ROOT, check=True)


def npm_lock() -> None:
    # .npmrc leaves the addresses of the packages out; those of their sponsors go here.
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund")
    subprocess.run(["npm", "install", "--package-lock-only", *quiet], cwd=ROOT, check=True)
    path = ROOT / "package-lock.json"
    lock = json.loads(path.read_text(encoding="utf-8"))
    for package in lock["packages"].values():
        package.pop("funding", None)
        package.pop("resolved", None)
    path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    python_locks(*sys.argv[1:])
    npm_lock()
