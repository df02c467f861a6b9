"""Read QTI 2.1, 2.2 and 3.0: single items and packages."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from urllib.parse import unquote

from lms.core.web.languages import _
from lms.exchange.errors import UnreadableFile
from lms.exchange.formats.making import Making, apart, skipped, take
from lms.exchange.formats.qti import kinds, pictures
from lms.exchange.formats.qti.item import Item, id_of
from lms.exchange.formats.qti.versions import as_in_2
from lms.exchange.formats.shapes import Raw, Read, Reading
from lms.exchange.intake.archive import is_archive, unpack
from lms.exchange.intake.decoding import decode
from lms.exchange.intake.xml import Node, read_xml

READERS: Mapping[str, Callable[[Item, Node], Raw]] = MappingProxyType(
    {
        "choiceInteraction": kinds.choice,
        "orderInteraction": kinds.order,
        "matchInteraction": kinds.match,
        "associateInteraction": kinds.match,
        "textEntryInteraction": kinds.text_entry,
        "hotspotInteraction": pictures.hotspot,
    }
)
INLINE = ("inlineChoiceInteraction", "textEntryInteraction")
MANIFEST = "imsmanifest.xml"
OTHERS = (".gift", ".txt", ".yaml", ".yml")
"""How files of other formats end."""
_ITEM = re.compile(rb"<(?:[\w.-]+:)?(?:assessmentItem|qti-assessment-item)(?=[\s>/])")
_QUIET = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>", re.DOTALL)


def read(content: bytes, language: str) -> Reading:
    """All items of a package, or the one item of a file."""
    if not is_archive(content):
        root, decoded = read_xml(content)
        return Reading([_read(_item_of(root), "", {}, language)], decoded.notes)
    files = unpack(content)
    notes: list[str] = []
    items = apart(list(_items(files, language, notes)))
    if not items and any(name.lower().endswith(OTHERS) for name in files):
        raise UnreadableFile(
            _(
                "This archive holds files of another format. Unpack it and bring them in one by one, each in its "
                "language."
            )
        )
    if not items:
        raise UnreadableFile(_("This package holds no question: no file of it is an item of QTI 2.1, 2.2 or 3.0."))
    return Reading(items, notes)


def count(content: bytes) -> int:
    """How many items there are: how many files hold one, and how many are named in the manifest and missing."""
    if not is_archive(content):
        return len(_ITEM.findall(_QUIET.sub(b"", decode(content).text.encode())))
    files = unpack(content)
    held = {name for name, inside in files.items() if _holds_item(name, inside)}
    return len(held | {name for name in _named(files) if name not in files or name in held})


def _holds_item(name: str, content: bytes) -> bool:
    if not name.lower().endswith((".xml", ".qti")) or name.rpartition("/")[2] == MANIFEST:
        return False
    try:
        plain = content if b"\x00" not in content[:200] else decode(content).text.encode()
    except UnreadableFile:
        return False
    return _ITEM.search(plain) is not None


def _named(files: Mapping[str, bytes]) -> list[str]:
    """The files that a manifest names as items, in its order."""
    path = next((name for name in sorted(files, key=len) if name.rpartition("/")[2] == MANIFEST), None)
    if path is None:
        return []
    root, _decoded = read_xml(files[path])
    found = [
        posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(node.get("href"))))
        for node in root.all("resource")
        if "item" in node.get("type") and node.get("href")
    ]
    return list(dict.fromkeys(found))


def _items(files: Mapping[str, bytes], language: str, notes: list[str]) -> Iterator[Read]:
    held = [name for name, inside in files.items() if _holds_item(name, inside)]
    for name in dict.fromkeys([*_named(files), *sorted(held)]):
        making = Making(1, language, name=name.rpartition("/")[2], file=name)
        if name not in files:
            yield skipped(making, _("The package names it, but the file is not there."))
        elif name in held:
            yield _file(making, files, notes)


def _file(making: Making, files: Mapping[str, bytes], notes: list[str]) -> Read:
    """The item of one file of a package; a file that cannot be read costs that item only."""
    try:
        root, decoded = read_xml(files[making.file])
        notes += [f"{making.file}: {note}" for note in decoded.notes]
        return _read(_item_of(root), making.file, files, making.language)
    except UnreadableFile as refusal:
        return skipped(making, refusal.sentence)


def _item_of(root: Node) -> Node:
    root = as_in_2(root)
    if root.name == "questestinterop":
        raise UnreadableFile(_("This is QTI 1.2. Save the questions as QTI 2.1 or newer, or as Moodle XML."))
    if root.name != "assessmentItem":
        raise UnreadableFile(
            _("Line %(line)s: this is no item of QTI; it begins with %(name)s.", line=root.line, name=root.name[:40])
        )
    return root


def _read(node: Node, file: str, files: Mapping[str, bytes], language: str) -> Read:
    making = Making(node.line, language, node.get("title"), key=id_of(node.get("identifier")), file=file)
    return take(making, lambda own: _question(Item(node, own, files)))


def _question(item: Item) -> Raw:
    body = item.node.find("itemBody")
    asked = [one for one in body.walk() if one.name.endswith("Interaction")] if body else []
    asked = [one for one in asked if one.name != "endAttemptInteraction"]
    if not asked:
        item.making.skip(_("It asks nothing: there is no answer part."))
    names = {one.name for one in asked}
    in_text = len(asked) > 1 or asked[0].name == INLINE[0] or _is_gap(asked[0])
    if names <= set(INLINE) and in_text:
        return kinds.gaps(item, asked)
    if len(asked) > 1:
        item.making.skip(_("It asks %(n)s things at once; here a question asks one.", n=len(asked)))
    if asked[0].name not in READERS:
        return kinds.refuse(item.making, asked[0].name)
    return READERS[asked[0].name](item, asked[0])


def _is_gap(node: Node) -> bool:
    """Whether a single field to write in was a gap of ours."""
    return node.get("responseIdentifier").startswith("RESPONSE_")
