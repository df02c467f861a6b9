"""A disk of some megabytes that can be filled: a tmpfs, or a limit on the size of every file of a process."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.faults.sizes import FULL

MEGABYTE = 1024 * 1024


@contextmanager
def mounted(megabytes: int) -> Iterator[Path]:
    """A folder on a small disk of its own. Where nothing may be mounted the test is skipped; in full it fails."""
    folder = Path(tempfile.mkdtemp(prefix="cascade-disk-"))
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        folder.rmdir()
        refused = f"no small disk can be mounted here (it needs root): {done.stderr.strip()}"
        pytest.fail(refused) if FULL else pytest.skip(refused)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """The disk is full to the last byte for the time of the block."""
    filler, space = disk / "filler", os.statvfs(disk)
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        for part in (space.f_bavail * space.f_frsize - MEGABYTE, *[4096] * 1024):
            os.posix_fallocate(file.fileno(), filler.stat().st_size, part)
    try:
        yield
    finally:
        filler.unlink()


@contextmanager
def limited(pids: list[int], largest: int) -> Iterator[None]:
    """No file of these processes grows beyond so many bytes for the time of the block."""
    before = [resource.prlimit(pid, resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY)) for pid in pids]
    try:
        yield
    finally:
        for pid, limits in zip(pids, before, strict=True):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)
