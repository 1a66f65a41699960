"""Where files lie: MEDIA_ROOT/attachments/ab/<uuid><suffix>, written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import transaction

from .content import UploadError

FOLDER = "attachments"
TEMPORARY = "tmp"
WARN_BELOW = 0.10  # of the disk: time to make room
REFUSE_BELOW = 0.05  # what is left is for the database
DAY = 86_400


def root() -> Path:
    return Path(settings.MEDIA_ROOT)


def path_of(stored_name: str) -> Path:
    """The file's place. Names are made here only; one that would leave the folder is refused."""
    path = root() / stored_name
    if not path.resolve().is_relative_to((root() / FOLDER).resolve()):
        raise ValueError(f"not a stored name: {stored_name!r}")
    return path


def free_share() -> float:
    """The free part of the disk the files lie on, 0 to 1; before the first upload, of the disk they will lie on."""
    place = next(path for path in (root(), *root().absolute().parents) if path.exists())
    usage = shutil.disk_usage(place)
    return usage.free / usage.total


class _UnlessCommitted:
    """Removes files when the transaction that wanted them is rolled back.

    Django calls it on commit and drops it on rollback (of the transaction or of the savepoint), which is when it goes.
    A process killed in between leaves the file to the sweeper.
    """

    def __init__(self, paths: list[Path]) -> None:
        self.paths = paths

    def __call__(self) -> None:
        self.paths = []

    def __del__(self) -> None:
        for path in self.paths:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def write(contents: list[tuple[bytes, str]]) -> list[str]:
    """Writes files for rows about to be made in this transaction; their stored names.

    Each is written beside, flushed to the disk and renamed. Raises UploadError when the disk is full.
    """
    written: list[Path] = []
    names = []
    try:
        (root() / TEMPORARY).mkdir(parents=True, exist_ok=True)
        if free_share() < REFUSE_BELOW:
            raise UploadError("服务器存储空间不足，暂时不能上传。请联系管理员，您的其他内容不受影响。")
        for data, suffix in contents:
            name = uuid.uuid4().hex
            stored = f"{FOLDER}/{name[:2]}/{name}{suffix}"
            _write_one(data, root() / TEMPORARY / f"{name}.part", root() / stored)
            written.append(root() / stored)
            names.append(stored)
    except OSError as error:
        for path in written:
            path.unlink(missing_ok=True)
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise UploadError("服务器存储空间不足，暂时不能上传。请联系管理员，您的其他内容不受影响。") from error
        raise
    transaction.on_commit(_UnlessCommitted(written))
    return names


def _write_one(data: bytes, temporary: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(settings.FILE_UPLOAD_PERMISSIONS)
        temporary.rename(target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        temporary.unlink(missing_ok=True)


def digest(path: Path) -> str | None:
    """SHA-256 of a file in hexadecimal, or None where there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def remove(names: list[str]) -> None:
    """Removes files once the transaction that forgot them is committed."""
    paths = [path_of(name) for name in names if name]

    def unlink() -> None:
        for path in paths:
            path.unlink(missing_ok=True)

    transaction.on_commit(unlink)


def old_files() -> Iterator[tuple[Path, str]]:
    """Files older than a day with their stored names ('' for temporary ones): what the sweeper looks at."""
    limit = time.time() - DAY
    for folder in (FOLDER, TEMPORARY):
        for path in sorted((root() / folder).rglob("*")):
            with contextlib.suppress(FileNotFoundError):
                if path.is_file() and path.stat().st_mtime < limit:
                    yield path, str(path.relative_to(root())) if folder == FOLDER else ""
