"""XML as it is written: elements inside elements, everything in them escaped."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr


class Markup(str):
    """Text that is XML already."""

    __slots__ = ()


def el(name: str, /, *inside: str, **attributes: str) -> Markup:
    """An element. An attribute `type_` is written `type`, `xml__lang` as `xml:lang`, `max_choices` as `max-choices`."""
    said = "".join(f" {_name(key)}={quoteattr(value)}" for key, value in attributes.items())
    content = "".join(part if isinstance(part, Markup) else escape(part) for part in inside)
    return Markup(f"<{name}{said}>{content}</{name}>" if inside else f"<{name}{said}/>")


def _name(key: str) -> str:
    return key.rstrip("_").replace("__", ":").replace("_", "-")


def document(root: Markup) -> bytes:
    """A whole XML file."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{root}\n'.encode()
