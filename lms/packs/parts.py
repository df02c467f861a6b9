"""Reading the parts that a file of a pack lists: each checked against its shape, every fault with its line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from lms.packs.faults import PackFault
from lms.packs.reading import Document, read_yaml
from lms.questions.kinds.shapes import Part
from lms.questions.rules import faults_of

Kind = TypeVar("Kind", bound=Part)


@dataclass(frozen=True)
class Ground:
    """What every check of a pack works on."""

    folder: Path
    pack: Document
    """`pack.yaml`."""
    languages: Sequence[str]
    faults: list[PackFault]
    """Grows as faults are found."""
    documents: list[Document] = field(default_factory=list)
    """Every other YAML file that was read."""

    def read(self, path: Path) -> Document | None:
        """The YAML file as plain data; None, with its faults added, when it cannot be read."""
        document = read_yaml(path, self.faults)
        if document is not None:
            self.documents.append(document)
        return document


@dataclass(frozen=True)
class Found(Generic[Kind]):
    """A part as it stands in a file, and what it says when its shape is good."""

    document: Document
    place: tuple[int, ...]
    """Where in the file it stands: (index,) in a list, () when it is the whole file."""
    raw: Mapping[str, Any]
    part: Kind | None = None

    @property
    def key(self) -> str:
        """Its id as it is written; the file's name for a part that is a file of its own."""
        return str(self.raw.get("id")) if self.place else self.document.path.stem

    def fault(self, where: Sequence[str | int], sentence: str) -> PackFault:
        """A fault at this place of the part."""
        return self.document.fault((*self.place, *where), sentence)


def read_folder(ground: Ground, name: str, what: str) -> list[Found[Any]]:
    """Every part of every YAML file in a folder of the pack; files of another kind are faults."""
    folder = ground.folder / name
    found: list[Found[Any]] = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.suffix == ".yaml":
            found += read_list(ground, path, what)
        else:
            ground.faults.append(PackFault(path, 1, f"this file is not read; {what} files end in .yaml"))
    return found


def read_list(ground: Ground, path: Path, what: str) -> list[Found[Any]]:
    """Every part that a YAML file lists, as it is written."""
    document = ground.read(path)
    if document is None:
        return []
    if not isinstance(document.data, list):
        said = f"a {what} file is a list; begin each {what} with '- id:'"
        ground.faults.append(PackFault(path, 1, said))
        return []
    found: list[Found[Any]] = []
    for index, raw in enumerate(document.data):
        if isinstance(raw, Mapping):
            found.append(Found(document, (index,), raw))
        else:
            ground.faults.append(document.fault((index,), f"this is not a {what}; it needs keys such as 'id'"))
    return found


def read_shape(ground: Ground, found: Found[Any], schema: type[Kind], what: str) -> Found[Kind]:
    """The part with what it says; without, and its faults added, when its shape is not good."""
    try:
        part = schema.model_validate(found.raw, context={"languages": ground.languages})
    except ValidationError as error:
        faults = [found.fault(fault.path, f"{what} {found.key}: {fault.sentence}") for fault in faults_of(error)]
        ground.faults.extend(faults)
        return Found(found.document, found.place, found.raw)
    return Found(found.document, found.place, found.raw, part)


def check_repeated(ground: Ground, parts: Sequence[Found[Any]], what: str) -> None:
    """A fault for each part whose id was used before."""
    first: dict[str, Found[Any]] = {}
    for found in parts:
        if not found.raw.get("id"):
            continue
        earlier = first.setdefault(found.key, found)
        if earlier is not found:
            place = f"{earlier.document.path.name}:{earlier.document.line_of((*earlier.place, 'id'))}"
            said = f"{what} {found.key}: this id is used already in {place}; make each one different"
            ground.faults.append(found.fault(("id",), said))


def parts_of(found: Sequence[Found[Kind]]) -> tuple[Kind, ...]:
    """What the good ones say."""
    return tuple(one.part for one in found if one.part is not None)
