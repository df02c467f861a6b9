"""News that travels upward between rooms, in the same transaction. `lms.wiring` says who hears it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Handler = Callable[[Any], None]
_handlers: dict[type, tuple[Handler, ...]] = {}


def subscribe(subscriptions: dict[type, tuple[Handler, ...]]) -> None:
    """Set the whole table of who hears what (called once, by `lms.wiring`)."""
    _handlers.clear()
    _handlers.update(subscriptions)


def publish(event: object) -> None:
    """Tell every subscribed handler of `event`, in order, at once; an error in one undoes the whole transaction."""
    for handler in _handlers.get(type(event), ()):
        handler(event)
