"""The versions of QTI: their names and namespaces. 3.0 writes the same elements as 2.x in another way."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lms.exchange.formats.markup import Markup, el
from lms.exchange.intake.xml import Node

_CAMEL = re.compile(r"(?<=[a-z0-9])([A-Z])")
_KEBAB = re.compile(r"-([a-z0-9])")


@dataclass(frozen=True)
class Version:
    """One version: its namespace, the type of its items in a package, where its templates are."""

    number: str
    space: str
    item_type: str
    templates: str
    schema: str
    package: str
    kebab: bool = False

    def el(self, name: str, /, *inside: str, **attributes: str) -> Markup:
        """An element of QTI, named as in 2.x."""
        if not self.kebab:
            return el(name, *inside, **attributes)
        named = {_kebab(key) if key != "xml__lang" else key: value for key, value in attributes.items()}
        return el(f"qti-{_kebab(name)}", *inside, **named)


_IMS = "http://www.imsglobal.org"
V21 = Version(
    "2.1",
    f"{_IMS}/xsd/imsqti_v2p1",
    "imsqti_item_xmlv2p1",
    f"{_IMS}/question/qti_v2p1/rptemplates/",
    "QTIv2.1 Package",
    f"{_IMS}/xsd/imscp_v1p1",
)
V22 = Version(
    "2.2",
    f"{_IMS}/xsd/imsqti_v2p2",
    "imsqti_item_xmlv2p2",
    f"{_IMS}/question/qti_v2p2/rptemplates/",
    "QTIv2.2 Package",
    f"{_IMS}/xsd/imscp_v1p1",
)
V30 = Version(
    "3.0",
    f"{_IMS}/xsd/imsqtiasi_v3p0",
    "imsqti_item_xmlv3p0",
    "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/",
    "QTI Package",
    f"{_IMS}/xsd/qti/qtiv3p0/imscp_v1p1",
    kebab=True,
)


def as_in_2(node: Node) -> Node:
    """The element, and all inside it, with the names that 2.x has for them."""
    for one in node.walk():
        if one.name.startswith("qti-"):
            one.name = _camel(one.name[4:])
            one.attributes = {
                key if key.startswith("data-") else _camel(key): value for key, value in one.attributes.items()
            }
    return node


def _kebab(name: str) -> str:
    return _CAMEL.sub(lambda found: f"-{found[1].lower()}", name)


def _camel(name: str) -> str:
    return _KEBAB.sub(lambda found: found[1].upper(), name)
