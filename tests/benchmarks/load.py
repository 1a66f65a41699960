"""A small load generator with four connections kept open.

`python -m tests.benchmarks.load port address cookie requests` prints {"rate": requests a second}.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time

CONNECTIONS = 4


def ask(connection: socket.socket, request: bytes) -> None:
    """One request and its whole answer."""
    connection.sendall(request)
    answer = b""
    while b"\r\n\r\n" not in answer:
        part = connection.recv(1 << 18)
        if not part:
            raise SystemExit("the server closed the connection")
        answer += part
    head, _, body = answer.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise SystemExit(head.decode(errors="replace")[:300])
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    missing = length - len(body)
    while missing > 0:
        missing -= len(connection.recv(min(missing, 1 << 18)))


def main(port: int, address: str, cookie: str, requests: int) -> float:
    """Requests a second; a tenth as many first, to warm up."""
    request = (
        f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nAccept: text/html\r\n"
        "Connection: keep-alive\r\n\r\n"
    ).encode()

    def work(number: int) -> None:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for _ in range(number):
                ask(connection, request)

    def together(number: int) -> float:
        threads = [threading.Thread(target=work, args=(number // CONNECTIONS,)) for _ in range(CONNECTIONS)]
        start = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return number / (time.perf_counter() - start)

    together(max(CONNECTIONS, requests // 10))
    return together(requests)


if __name__ == "__main__":
    print(json.dumps({"rate": main(int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]))}))
