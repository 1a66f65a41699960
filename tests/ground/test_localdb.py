"""The embedded database: it survives what a machine does to it, and knows Chinese."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from jinhua_labor.localdb import Cluster, LocalDatabaseError
from jinhua_labor.localdb.__main__ import main

pytestmark = pytest.mark.slow  # starts, kills and restarts databases

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65534


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A cluster of its own below pytest's folder, which only its owner may enter: the case of a checkout in /root."""
    cluster = Cluster(tmp_path / "state" / "postgres")
    yield cluster
    cluster.stop()


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(query)
        return cursor.fetchall() if cursor.description else []


def postmaster(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().split()[0])


def test_停止后再启动_地址不变_数据还在(cluster: Cluster) -> None:
    url = cluster.start()
    rows(url, "CREATE TABLE t AS SELECT 1 AS a")
    cluster.stop()
    assert cluster.url() is None
    assert cluster.start() == url
    assert rows(url, "SELECT a FROM t") == [(1,)]


def test_启动两次是同一个(cluster: Cluster) -> None:
    with ThreadPoolExecutor(3) as threads:
        urls = set(threads.map(lambda _: Cluster(cluster.base).start(), range(3)))
    assert urls == {cluster.url()}


@pytest.mark.slow
def test_强行杀死后_已提交的都在_未提交的都不在(cluster: Cluster) -> None:
    url = cluster.start()
    rows(url, "CREATE TABLE t AS SELECT generate_series(1, 1000) AS a")
    with contextlib.closing(psycopg.connect(url)) as open_transaction:
        open_transaction.execute("INSERT INTO t VALUES (0)")
        os.kill(postmaster(cluster), signal.SIGKILL)
        again = Cluster(cluster.base).start()
        assert rows(again, "SELECT count(*), min(a) FROM t") == [(1000, 1)]


def test_只接连接不答话的服务器不算在运行(cluster: Cluster) -> None:
    """A process being killed is listed, and its port still takes connections, for a moment after the signal."""
    cluster.start()
    os.kill(postmaster(cluster), signal.SIGSTOP)
    assert cluster.url() is not None
    assert not cluster._answers()
    os.kill(postmaster(cluster), signal.SIGCONT)
    assert cluster._answers()


def test_进程号被别的程序占用_照样启动(cluster: Cluster) -> None:
    """After a restart of the machine the number in the pid file is soon somebody else's."""
    cluster.start()
    stale = (cluster.data / "postmaster.pid").read_text().splitlines()
    cluster.stop()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (cluster.data / "postmaster.pid").write_text("\n".join([str(stranger.pid), *stale[1:]]))
        assert cluster.url() is None
        assert rows(cluster.start(), "SELECT 1") == [(1,)]
        assert stranger.poll() is None
        stranger.kill()


def test_记住的端口被占用_换一个(cluster: Cluster) -> None:
    cluster.start()
    cluster.stop()
    with socket.socket() as other:
        other.bind(("127.0.0.1", int((cluster.base / "port").read_text())))
        other.listen()
        url = cluster.start()
        assert f":{other.getsockname()[1]}/" not in url
    assert rows(url, "SELECT 1") == [(1,)]


def test_三元组认得汉字(cluster: Cluster) -> None:
    """With character type C, pg_trgm drops every Chinese character and a search finds nothing."""
    url = cluster.start()
    rows(url, "CREATE EXTENSION pg_trgm")
    assert rows(url, "SELECT cardinality(show_trgm('金东')) > 0, upper('é')") == [(True, "É")]


def test_只在本机监听_口令不对进不去(cluster: Cluster) -> None:
    url = cluster.start()
    assert rows(url, "SHOW listen_addresses") == [("127.0.0.1",)]
    password = url.split(":")[2].split("@")[0]
    assert (cluster.base / "password").stat().st_mode & 0o077 == 0
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(url.replace(password, "wrong"))


def test_初始化中断过_重新来过(cluster: Cluster) -> None:
    (cluster.base / "data.new").mkdir(parents=True)
    (cluster.base / "data.new" / "PG_VERSION").write_text("18")
    assert rows(cluster.start(), "SELECT 1") == [(1,)]


def test_不改变上级目录的权限(cluster: Cluster) -> None:
    cluster.base.parent.mkdir()
    cluster.base.parent.chmod(0o700)
    before = [path.stat().st_mode for path in cluster.base.parents]
    cluster.start()
    assert [path.stat().st_mode for path in cluster.base.parents] == before


@pytest.mark.skipif(os.geteuid() != 0, reason="只有 root 能换成别的用户")
def test_普通用户也能启动() -> None:
    script = (
        "import sys; from pathlib import Path; from jinhua_labor.localdb import Cluster;"
        "cluster = Cluster(Path(sys.argv[1]) / 'postgres'); print(cluster.start()); cluster.stop()"
    )
    packages = Path(psycopg.__file__).parents[1]
    with tempfile.TemporaryDirectory(prefix="portal-") as folder:  # below /tmp itself, where everybody may enter
        os.chown(folder, NOBODY, NOBODY)
        try:
            done = subprocess.run(
                ["/usr/bin/python3", "-c", script, folder], user=NOBODY, group=NOBODY, extra_groups=[], cwd="/",
                env={"PYTHONPATH": f"{ROOT}:{packages}"}, capture_output=True, text=True, check=False,
            )  # fmt: skip
        except PermissionError:
            pytest.skip("普通用户运行不了这台机器的 Python")
        if "No module named" in done.stderr:
            pytest.skip("普通用户进不了检出目录")
        assert done.stdout.startswith("postgres://portal:"), done.stderr


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="只有 root 能换成别的用户")
@pytest.mark.parametrize("refused", [None, "unshare"], ids=["可用用户名字空间", "容器里不许用名字空间"])
def test_只有root进得去的目录里也能启动(cluster: Cluster, refused: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    reaches = Cluster._reaches
    monkeypatch.setattr(Cluster, "_reaches", lambda self, prefix, *rest: (
        prefix[0] != refused and reaches(self, prefix, *rest)
    ))  # fmt: skip
    cluster.base.parent.mkdir()
    cluster.base.parent.chmod(0o700)
    with tempfile.TemporaryDirectory(prefix="portal-") as folder:
        Path(folder).chmod(0o755)
        monkeypatch.setattr("jinhua_labor.localdb.cluster.COPIES", Path(folder) / "copies")
        assert rows(cluster.start(), "SELECT 1") == [(1,)]
        status = Path("/proc", str(postmaster(cluster)), "status").read_text(encoding="utf-8")
        assert (cluster._runs_as.prefix[0] == "unshare") == (refused is None)
        if refused:
            assert "Uid:\t0" not in status
        cluster.stop()


def test_端口和数据目录都坏了_说清原因(cluster: Cluster) -> None:
    cluster.start()
    cluster.stop()
    (cluster.data / "global" / "pg_control").unlink()
    cluster._start_attempts = 1
    with pytest.raises(LocalDatabaseError, match="pg_control"):
        cluster.start()


def test_命令行用法不对时退出码为2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["restart"]) == 2
    assert "start|stop|status|url" in capsys.readouterr().err


@pytest.mark.slow
def test_杀死后留下的僵尸进程不算在运行(cluster: Cluster) -> None:
    cluster.start()
    os.kill(postmaster(cluster), signal.SIGKILL)
    deadline = time.monotonic() + 10
    while cluster.url() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert cluster.url() is None
