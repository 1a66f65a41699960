"""What `script/server` runs after the set-up: prepares the database, keeps web server and worker alive, stops both."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from jinhua_labor.localdb import LocalDatabaseError, default_cluster  # noqa: E402  the path is set just above

HOST = os.environ.get("HOST", "127.0.0.1")
PORT = os.environ.get("PORT", "8000")
STATIC_STAMP = ROOT / ".state" / "static.stamp"
ACCOUNTS = ROOT / ".state" / "demo_accounts.txt"


class Stop(Exception):  # noqa: N818  a request, not an error
    """Somebody asked to stop: Ctrl-C, a closed terminal, `kill`."""


def check_port() -> None:
    """Refuses a port that is no number or is taken, before anything is started."""
    if not PORT.isdigit() or not 0 < int(PORT) < 65536:
        sys.exit(f"server: PORT 应为 1 至 65535 的数字，现在是「{PORT}」。")
    try:
        family, *_, address = socket.getaddrinfo(HOST, int(PORT), type=socket.SOCK_STREAM)[0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        why = {errno.EADDRINUSE: "已被别的程序占用", errno.EACCES: "没有权限"}.get(error.errno or 0, error.strerror)
        sys.exit(f"server: {HOST} 的端口 {PORT} 不能用：{why}。请另选一个，例如：PORT=8001 script/server")


def static_digest() -> str:
    """Changes when a static file or a dependency that brings some does."""
    files = [p for folder in (ROOT / "static", ROOT / ".state" / "vendor") for p in folder.rglob("*") if p.is_file()]
    total = hashlib.sha256((ROOT / "requirements" / "run.txt").read_bytes())
    for path in sorted(files):
        stat = path.stat()
        total.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return total.hexdigest()


def prepare() -> None:
    """Migrations, cache table, static files, demo data: in one process, which starts Django once."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinhua_labor.settings")
    os.environ.setdefault("STATEMENT_TIMEOUT", "0")  # a migration may take longer than a page
    import django
    from django.core.management import call_command, get_commands

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    digest = static_digest()
    if not STATIC_STAMP.exists() or STATIC_STAMP.read_text() != digest:
        print("server: 整理页面文件", flush=True)
        call_command("collectstatic", interactive=False, verbosity=0)
        STATIC_STAMP.write_text(digest)
    if "seed_demo" in get_commands():
        call_command("seed_demo", if_empty=True)
    with ACCOUNTS.open("w", encoding="utf-8") as out:
        if "demo_accounts" in get_commands():
            call_command("demo_accounts", stdout=out)


def spawn(*command: str) -> subprocess.Popen[bytes]:
    """A child in a process group of its own, so that Ctrl-C reaches us only and we stop it in order."""
    leash = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []  # should we be killed ourselves
    return subprocess.Popen([*leash, *command], cwd=ROOT, start_new_session=True)


def web() -> subprocess.Popen[bytes]:
    # Threads rather than sync workers: a browser's idle spare connection would hold a whole worker.
    workers = ("--workers", "2", "--worker-class", "gthread", "--threads", "4", "--timeout", "60")
    lifetime = ("--max-requests", "2000", "--max-requests-jitter", "200", "--graceful-timeout", "10")
    log = ("--log-level", "warning", "--worker-tmp-dir", "/dev/shm")  # noqa: S108  gunicorn's heartbeat file
    address = f"[{HOST}]:{PORT}" if ":" in HOST else f"{HOST}:{PORT}"
    return spawn(sys.executable, "-m", "gunicorn", "-b", address, *workers, *lifetime, *log, "jinhua_labor.wsgi")


def worker() -> subprocess.Popen[bytes]:
    return spawn(sys.executable, "manage.py", "procrastinate", "worker", "--concurrency", "2")


def wait_until_served(server: subprocess.Popen[bytes]) -> None:
    """Returns when the port answers."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(HOST, HOST)  # noqa: S104  compared, not bound
    while server.poll() is None:
        with suppress(OSError), socket.create_connection((host, int(PORT)), timeout=1):
            return
        time.sleep(0.1)
    sys.exit("server: 网页服务没有启动，原因见上。")


def banner() -> None:
    """Where the portal is and who can sign in."""
    line = "─" * 78
    host = "127.0.0.1" if HOST in ("0.0.0.0", "::") else HOST  # noqa: S104  compared, not bound
    print(f"\n{line}\n  金东区省外劳务协作工作站管理服务平台\n  http://{host}:{PORT}/\n", flush=True)
    if accounts := ACCOUNTS.read_text(encoding="utf-8").splitlines():
        print("\n".join(f"  {row}" for row in accounts), end="\n\n")
    print(f"  按 Ctrl-C 停止。\n{line}\n", flush=True)


def serve() -> None:
    """Ends only by `Stop` or with the web server; a worker that ends is started again after 5 seconds."""
    running = [server := web()]
    try:
        wait_until_served(server)
        banner()
        running.append(worker())
        while server.poll() is None:
            if running[1].poll() is not None:
                print(f"server: 后台任务进程已退出（{running[1].returncode}），5 秒后重新启动。", flush=True)
                time.sleep(5)
                running[1] = worker()
            time.sleep(0.5)
        sys.exit("server: 网页服务意外退出，原因见上。")
    finally:
        stop(running)


def stop(children: list[subprocess.Popen[bytes]]) -> None:
    """Asks each group to end, and makes it after 15 seconds."""
    for child in children:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGTERM)
    deadline = time.monotonic() + 15
    for child in children:
        with suppress(subprocess.TimeoutExpired):
            child.wait(max(0.1, deadline - time.monotonic()))
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)


def main() -> None:
    def asked_to_stop(_signal: int, _frame: object) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # once is enough; a second Ctrl-C must not leave children behind
        raise Stop

    check_port()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, asked_to_stop)
    os.environ.setdefault("PORTAL_URL", f"http://{'localhost' if HOST in ('0.0.0.0', '::') else HOST}:{PORT}")  # noqa: S104
    cluster = default_cluster()
    ours = "DATABASE_URL" not in os.environ and cluster.url() is None
    try:
        if "DATABASE_URL" not in os.environ:
            os.environ["DATABASE_URL"] = cluster.start()
        # Apart, so that this process stays small and the migrations' longer time limits end with them.
        subprocess.run([sys.executable, __file__, "prepare"], cwd=ROOT, check=True)
        serve()
    except Stop:
        print("\nserver: 已停止。", flush=True)
    except subprocess.CalledProcessError:
        sys.exit("server: 准备数据库时出错，原因见上。")
    finally:
        if ours:
            cluster.stop()


if __name__ == "__main__":
    try:
        prepare() if sys.argv[1:] == ["prepare"] else main()
    except LocalDatabaseError as error:
        sys.exit(f"server: {error}")
