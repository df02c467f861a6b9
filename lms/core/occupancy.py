"""Who works in an installation's folder: everyone shares it, a restore has it alone.

Each process of the installation (server, worker, commands) holds a shared lock on a file there until it ends; the
kernel lets go of it however the process ends.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lms.core.errors import Refused

LOCK = "in-use.lock"
_held: dict[Path, int] = {}


def enter(instance: Path) -> None:
    """Share the folder until this process ends. Raises Refused while a restore has it."""
    with suppress(OSError):  # a folder that cannot be written to cannot be restored over either
        lock = _open(instance)
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused("A restore or a copy is at work in this installation. Try again when it is done.") from None


def wait_alone(instance: Path) -> None:
    """Have the folder alone, as soon as the others are gone; `enter` shares it again."""
    fcntl.flock(_open(instance), fcntl.LOCK_EX)


@contextmanager
def alone(instance: Path) -> Iterator[None]:
    """The folder for this process alone. Raises Refused while a server, a worker or another command runs."""
    lock = _open(instance)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        fcntl.flock(lock, fcntl.LOCK_SH)
        raise Refused(
            f"The server, its worker or another command is running on {instance}. Stop it first (Ctrl-C, or your "
            "service manager), and try again. Nothing has changed."
        ) from None
    try:
        yield
    finally:
        fcntl.flock(lock, fcntl.LOCK_SH)


def give_to_owner(path: Path, folder: Path) -> None:
    """What the machine's administrator makes in a folder belongs to the folder's owner, as whom the server runs."""
    if os.geteuid() == 0:
        owner = folder.stat()
        os.chown(path, owner.st_uid, owner.st_gid)


def _open(instance: Path) -> int:
    """This process's one handle on the folder's lock."""
    key = instance.resolve()
    if key not in _held:
        _held[key] = os.open(key / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        give_to_owner(key / LOCK, key)
    return _held[key]
