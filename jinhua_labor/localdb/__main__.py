"""`python -m jinhua_labor.localdb start|stop|status|url`."""

import sys

from jinhua_labor.localdb.cluster import LocalDatabaseError, default_cluster


def main(arguments: list[str]) -> int:
    """0 done or running, 1 failed, 3 not running, 2 wrong usage; `url` and `start` print the address on stdout."""
    cluster = default_cluster()
    match arguments:
        case ["start"]:
            print(cluster.start())
        case ["stop"]:
            cluster.stop()
        case ["status" | "url" as wanted]:
            url = cluster.url()
            if url is None:
                print("本机数据库没有运行。启动：python -m jinhua_labor.localdb start", file=sys.stderr)
                return 3
            print(
                url if wanted == "url" else f"本机数据库正在运行：127.0.0.1:{cluster.port()}，数据目录 {cluster.data}"
            )
        case _:
            print("用法：python -m jinhua_labor.localdb start|stop|status|url", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except LocalDatabaseError as error:
        sys.exit(f"本机数据库：{error}")
