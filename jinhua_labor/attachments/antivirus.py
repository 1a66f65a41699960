"""A scan by clamd over its socket, where `CLAMD_SOCKET` is set; what it cannot tell counts as unknown, not as clean."""

from __future__ import annotations

import socket
import struct
from enum import Enum

from django.conf import settings

CHUNK = 64 * 1024
TIMEOUT = 20


class Verdict(Enum):
    CLEAN = "clean"
    INFECTED = "infected"
    UNKNOWN = "unknown"


def scan(data: bytes) -> Verdict:
    """CLEAN where no scanner is set up; else clamd's verdict, UNKNOWN when it is down, slow or unclear."""
    if not settings.CLAMD_SOCKET:
        return Verdict.CLEAN
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(TIMEOUT)
            connection.connect(settings.CLAMD_SOCKET)
            connection.sendall(b"zINSTREAM\0")
            for start in range(0, len(data), CHUNK):
                chunk = data[start : start + CHUNK]
                connection.sendall(struct.pack("!I", len(chunk)) + chunk)
            connection.sendall(struct.pack("!I", 0))
            answer = b""
            while not answer.endswith(b"\0") and len(answer) < 4096:
                part = connection.recv(4096)
                if not part:
                    break
                answer += part
    except OSError:
        return Verdict.UNKNOWN
    if answer == b"stream: OK\0":
        return Verdict.CLEAN
    if answer.endswith(b" FOUND\0"):
        return Verdict.INFECTED
    return Verdict.UNKNOWN
