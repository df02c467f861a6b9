"""HTML as a tree, and the tree as HTML or as XHTML, which is what electronic books are made of."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import tinyhtml5

Tree = ET.Element
XHTML = "http://www.w3.org/1999/xhtml"


def read_page(html: str) -> Tree:
    """The `html` element of a whole page."""
    root: Tree = tinyhtml5.parse(html, namespace_html_elements=False)
    return root


def read_fragment(html: str) -> Tree:
    """A `body` element that holds the fragment."""
    body = read_page(f"<!doctype html><html><head></head><body>{html}</body></html>").find("body")
    assert body is not None  # noqa: S101 - the parser makes one
    return body


def write_fragment(body: Tree) -> str:
    """What is inside an element, as HTML."""
    whole = ET.tostring(body, encoding="unicode", method="html")
    return whole[whole.index(">") + 1 : whole.rindex("</")]


def write_xhtml(root: Tree) -> bytes:
    """A whole page as an XHTML file."""
    root.set("xmlns", XHTML)
    said: bytes = ET.tostring(root, encoding="utf-8", method="xml")
    return b'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n' + said[said.index(b"<html") :] + b"\n"
