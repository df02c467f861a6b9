"""Answers on a screen: the fields of a question filled in as a person would, and read again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from playwright.sync_api import Page

Field = tuple[str, str]
"""The name of a field, and what is chosen or written in it."""


def ticks(prefix: str, response: Mapping[str, Any]) -> Iterator[Field]:
    """The boxes and buttons that are ticked for this answer."""
    if "choice" in response:
        yield f"{prefix}choice", response["choice"]
    for name in ("choices", "areas", "relations"):
        for value in response.get(name, []):
            yield f"{prefix}{name}", value
    for step, answer in response.get("steps", {}).items():
        yield from ticks(f"{prefix}{step}-", answer)


def entries(prefix: str, response: Mapping[str, Any]) -> Iterator[Field]:
    """The lists and lines that are chosen from or written into for this answer."""
    for place, item in enumerate(response.get("order", []), start=1):
        yield f"{prefix}order-{item}", str(place)
    for part in ("pair", "gap", "line"):
        for name, value in response.get(f"{part}s", {}).items():
            yield f"{prefix}{part}-{name}", str(value)
    for name, said in (("value", "value"), ("text", "text"), ("wrong", "line")):
        if said in response:
            yield f"{prefix}{name}", str(response[said])
    for step, answer in response.get("steps", {}).items():
        yield from entries(f"{prefix}{step}-", answer)


def fill_in(page: Page, prefix: str, response: Mapping[str, Any]) -> None:
    """Give this answer on the screen."""
    for name, value in ticks(prefix, response):
        page.check(f"[name='{name}'][value='{value}']")
    for name, value in entries(prefix, response):
        field = page.locator(f"[name='{name}']")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
            field.blur()


def stands(page: Page, prefix: str, response: Mapping[str, Any]) -> bool:
    """Whether this answer stands on the screen."""
    ticked = all(page.is_checked(f"[name='{name}'][value='{value}']") for name, value in ticks(prefix, response))
    return ticked and all(page.input_value(f"[name='{name}']") == value for name, value in entries(prefix, response))
