"""A question as fields of a form, and back: whatever its kind, from the schema of the kind alone.

The name of a field is the way to its value: `body.options.0.text.kk`. What is typed and does not fit stays as it was
typed, so that it is kept, shown again and told as a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from lms.questions.kinds.number.rules import read_number
from lms.questions.kinds.shapes import FormData

MOST_PARTS = 40
"""Parts of one list that a form may have."""
IDS = "mctfwbrhskpdgnvxzj"
"""Ids that are given by themselves, in this order: none of the first ones stand as in the alphabet, which would give
the right order of steps away."""
IN_ORDER = "items"
"""The list whose order is the answer."""
LAST = ("marking", "explanation")
"""Fields that come after all others."""
LONG = 200
"""A text that may be longer has a field of several lines."""
Path = tuple[str | int, ...]


class Shape(StrEnum):
    """What a field holds."""

    TEXTS = "texts"
    """A text in each language."""
    LINES_EACH = "lines_each"
    """A list of words in each language, a line for each."""
    LINES = "lines"
    NUMBERS = "numbers"
    TEXT = "text"
    LONG = "long"
    HIDDEN = "hidden"
    NUMBER = "number"
    CHOICE = "choice"
    CHECK = "check"
    GROUP = "group"
    PICTURE = "picture"
    """A group of which a file may be put in the place of the picture itself."""
    PARTS = "parts"
    NAMED = "named"
    """Parts that go by names of their own: each with a field for its name."""
    KEPT = "kept"
    """What comes from the file of a picture: kept as it is, and not sent along with every save."""
    OTHER = "other"
    """Something a form has no fields for yet: kept as it is."""


GROUPS = (Shape.GROUP, Shape.PICTURE)
FROM_FILE = ("png", "width", "height")
"""Fields of a picture that its file says."""


@dataclass(frozen=True)
class Slot:
    """A field of a schema: its shape, and what that needs to know."""

    name: str
    shape: Shape
    required: bool
    models: tuple[type[BaseModel], ...] = ()
    choices: tuple[Any, ...] = ()
    default: Any = None
    least: int = 0
    most: int = MOST_PARTS


@dataclass(frozen=True)
class Node:
    """A field ready to be shown."""

    slot: Slot
    path: Path
    value: Any = None
    children: list[list[Node]] = field(default_factory=list)
    """Of a group one list of fields, of parts one for each part; of named ones the field of the name first."""

    @property
    def name(self) -> str:
        """The field's name in the form."""
        return name_of(self.path)


NAME = Slot("name", Shape.TEXT, required=True)
"""The name of a part that has one."""
WORDS = Slot("words", Shape.TEXTS, required=True)
"""What a part with a name says, where that is but a text in each language."""


def name_of(path: Path) -> str:
    """The name of the field at that place of a body."""
    return ".".join(("body", *map(str, path)))


def slots_of(model: type[BaseModel]) -> list[Slot]:
    """The fields of a schema in the order in which one writes them."""
    slots = [_slot(info.alias or name, info) for name, info in model.model_fields.items()]
    if is_picture(model):
        slots = [replace(slot, shape=Shape.KEPT) if slot.name in FROM_FILE else slot for slot in slots]
    return sorted(slots, key=lambda slot: LAST.index(slot.name) + 1 if slot.name in LAST else 0)


def is_picture(model: type[BaseModel]) -> bool:
    """Whether this is the schema of a picture: a drawing or a photograph."""
    return {"svg", "png"} <= model.model_fields.keys()


def nodes_of(model: type[BaseModel], body: Mapping[str, Any], path: Path = ()) -> list[Node]:
    """The fields of a schema with what a body says, faulty or not."""
    return [_node(slot, body.get(slot.name), (*path, slot.name)) for slot in slots_of(model)]


def read_body(
    model: type[BaseModel], form: FormData, languages: Sequence[str], before: Mapping[str, Any], path: Path = ()
) -> dict[str, Any]:
    """What the fields of a form say, fit or not. `before`: what was there, for what a form has no fields for."""
    said = {}
    for slot in slots_of(model):
        value = _read(slot, form, languages, before.get(slot.name), (*path, slot.name))
        if value is not None:
            said[slot.name] = value
    return said


def change_parts(body: dict[str, Any], model: type[BaseModel], command: str) -> None:
    """Carry out a button of the form on the body: `add:gaps`, `add:steps:number`, `remove:options.2`, `up:items.1`,
    `down:items.0`, `name:figures`. One that fits nothing changes nothing."""
    verb, _colon, rest = command.partition(":")
    where, _colon, kind = rest.partition(":")
    path = [int(step) if step.isdigit() else step for step in where.split(".")]
    if verb in ("name", "forget"):
        named = path if verb == "name" else path[:-1]
        if is_named(model, named):
            _change_named(body, path, begin=verb == "name")
        return
    if verb == "add":
        _add(body, model, path, kind)
        return
    holder, at = _find(body, path[:-1]), path[-1]
    if not isinstance(holder, list) or not isinstance(at, int) or at >= len(holder):
        return
    to = {"up": at - 1, "down": at + 1}.get(verb, at)
    if verb == "remove":
        del holder[at]
    elif 0 <= to < len(holder):
        holder[at], holder[to] = holder[to], holder[at]


def place_of(body: Mapping[str, Any], command: str) -> str:
    """Where a button of the form leaves its reader: at the part that is new or has moved, else at the list."""
    verb, _colon, rest = command.partition(":")
    where, at = rest.partition(":")[0], command.rpartition(".")[2]
    if verb in ("add", "name"):
        parts = _find(body, [int(step) if step.isdigit() else step for step in where.split(".")])
        return f"{where}.{len(parts) - 1}" if isinstance(parts, list | dict) and parts else where
    if verb in ("up", "down") and at.isdigit():
        return f"{where.rpartition('.')[0]}.{max(0, int(at) + (1 if verb == 'down' else -1))}"
    return where.rpartition(".")[0] if verb in ("remove", "forget") else where or verb


def is_named(model: type[BaseModel], path: Sequence[str | int]) -> bool:
    """Whether parts with names of their own stand at that place of a body."""
    models: tuple[type[BaseModel], ...] = (model,)
    found: Slot | None = None
    for step in path:
        if isinstance(step, str):
            slots = [slot for one in models for slot in slots_of(one) if slot.name == step]
            models, found = tuple(one for slot in slots for one in slot.models), slots[0] if slots else None
    return found is not None and found.shape is Shape.NAMED


def _change_named(body: dict[str, Any], path: list[str | int], *, begin: bool) -> None:
    """Begin one more part with a name of its own, or take away the one at a place."""
    holder = _find(body, path[:-1])
    if not isinstance(holder, dict):
        return
    if begin and isinstance(path[-1], str):
        named = holder.setdefault(path[-1], {})
        if isinstance(named, dict) and len(named) < MOST_PARTS:
            named[new_name(named)] = {}
    elif not begin and isinstance(path[-1], int) and path[-1] < len(holder):
        del holder[list(holder)[path[-1]]]


def new_name(named: Mapping[str, Any], wanted: str = "") -> str:
    """A name that no other part has: the wanted one, if it is free."""
    names = (f"{wanted or 'a'}{number or ''}" for number in range(len(named) + 1))
    return next(name for name in names if name not in named)


def _add(body: dict[str, Any], model: type[BaseModel], path: list[str | int], kind: str) -> None:
    holder = _find(body, path[:-1])
    if not isinstance(holder, dict) or not isinstance(path[-1], str):
        return
    parts = holder.setdefault(path[-1], [])
    if isinstance(parts, list) and len(parts) < MOST_PARTS:
        parts.append({"id": new_id(parts), **({"kind": kind} if kind else {})})


def _find(value: Any, path: Sequence[str | int]) -> Any:
    for step in path:
        there = step < len(value) if isinstance(value, list) and isinstance(step, int) else False
        if not there and not (isinstance(value, dict) and step in value):
            return None
        value = value[step]
    return value


def new_id(parts: Sequence[Any]) -> str:
    """An id that no other part has."""
    taken = {part.get("id") for part in parts if isinstance(part, Mapping)}
    names = (f"{letter}{number or ''}" for number in range(MOST_PARTS) for letter in IDS)
    return next(name for name in names if name not in taken)


def model_of(slot: Slot, part: object) -> type[BaseModel]:
    """The schema of one part of a list: where there are several, the one of its kind."""
    kind = part.get("kind") if isinstance(part, Mapping) else None
    return next((model for model in slot.models if kind in kinds_of(model)), slot.models[0])


def kinds_of(model: type[BaseModel]) -> tuple[Any, ...]:
    """The kinds that a part of a list of several kinds may say it is of."""
    info = model.model_fields.get("kind")
    return get_args(info.annotation) if info is not None and get_origin(info.annotation) is Literal else ()


def part_kinds(slot: Slot) -> list[Any]:
    """The kinds of part that may be added to a list of several kinds; none where there is but one."""
    return [kind for model in slot.models for kind in kinds_of(model)] if len(slot.models) > 1 else []


def _node(slot: Slot, value: Any, path: Path) -> Node:
    if slot.shape in GROUPS:
        inner = value if isinstance(value, Mapping) else {}
        return Node(slot, path, value, [nodes_of(slot.models[0], inner, path)])
    if slot.shape is Shape.PARTS:
        parts = value if isinstance(value, list) else _blank(slot)
        found = [part if isinstance(part, Mapping) else {} for part in parts]
        rows = [nodes_of(model_of(slot, part), part, (*path, at)) for at, part in enumerate(found)]
        return Node(slot, path, value, rows)
    if slot.shape is Shape.NAMED:
        named = value if isinstance(value, Mapping) else {}
        rows = [_named_row(slot, name, inner, (*path, at)) for at, (name, inner) in enumerate(named.items())]
        return Node(slot, path, value, rows)
    return Node(slot, path, slot.default if value is None else value)


def _blank(slot: Slot) -> list[dict[str, Any]]:
    """The parts that a new list begins with, as many as it must have; of several kinds one is chosen first."""
    parts: list[dict[str, Any]] = []
    for _part in range(0 if part_kinds(slot) else slot.least):
        parts.append({"id": new_id(parts)} if "id" in slot.models[0].model_fields else {})
    return parts


def _named_row(slot: Slot, name: str, value: Any, path: Path) -> list[Node]:
    inner = value if isinstance(value, Mapping) else {}
    called = Node(NAME, (*path, NAME.name), name)
    if slot.models:
        return [called, *nodes_of(slot.models[0], inner, path)]
    return [called, Node(WORDS, (*path, WORDS.name), inner)]


def _read(slot: Slot, form: FormData, languages: Sequence[str], before: Any, path: Path) -> Any:
    name = name_of(path)
    match slot.shape:
        case Shape.TEXTS | Shape.LINES_EACH:
            read: Callable[[FormData, str], Any] = _typed if slot.shape is Shape.TEXTS else _lines
            said = {one: found for one in languages if (found := read(form, f"{name}.{one}"))}
            return said if said or slot.required else None
        case Shape.CHECK:
            return bool(form.getlist(name)) if form.getlist(f"{name}.there") else before
        case Shape.GROUP | Shape.PICTURE:
            inner = read_body(slot.models[0], form, languages, before if isinstance(before, Mapping) else {}, path)
            return inner if slot.required or any(value not in (False, {}) for value in inner.values()) else None
        case Shape.PARTS:
            return _read_parts(slot, form, languages, before, path)
        case Shape.NAMED:
            return _read_named(slot, form, languages, before, path)
        case Shape.OTHER | Shape.KEPT:
            return before
    return _read_line(slot, form, name)


def _read_line(slot: Slot, form: FormData, name: str) -> Any:
    """What one field of text says; None when it is empty."""
    typed = _typed(form, name)
    match slot.shape:
        case Shape.LINES:
            return _lines(form, name) or None
        case Shape.NUMBERS:
            return [_number(word) for word in typed.replace(",", " ").split()] or None
        case Shape.NUMBER:
            return _number(typed) if typed else None
        case Shape.CHOICE:
            return next((choice for choice in slot.choices if str(choice).lower() == typed.lower()), None)
    return typed or None


def _read_parts(slot: Slot, form: FormData, languages: Sequence[str], before: Any, path: Path) -> Any:
    typed = _typed(form, f"{name_of(path)}.count")
    if not typed.isdigit():
        return before
    was = before if isinstance(before, list) else []
    parts: list[dict[str, Any]] = []
    for at in range(min(int(typed), MOST_PARTS)):
        kind = _typed(form, f"{name_of((*path, at))}.kind")
        earlier = was[at] if at < len(was) and isinstance(was[at], Mapping) else {}
        parts.append(read_body(model_of(slot, {"kind": kind}), form, languages, earlier, (*path, at)))
    for part, row in zip(parts, [model_of(slot, part) for part in parts], strict=True):
        if "id" in row.model_fields and not part.get("id"):
            part["id"] = new_id(parts)
    if slot.name == IN_ORDER:
        _mix_ids(parts)
    return parts if parts or slot.required else None


def _mix_ids(parts: list[dict[str, Any]]) -> None:
    """Give parts whose order is the answer other ids when theirs stand as in the alphabet and would tell it."""
    ids = [str(part.get("id")) for part in parts]
    if len(ids) > 1 and ids == sorted(ids):
        for place, part in enumerate(parts):
            part["id"] = new_id(parts[:place])


def _read_named(slot: Slot, form: FormData, languages: Sequence[str], before: Any, path: Path) -> Any:
    typed = _typed(form, f"{name_of(path)}.count")
    if not typed.isdigit():
        return before
    named: dict[str, Any] = {}
    for at in range(min(int(typed), MOST_PARTS)):
        place = (*path, at)
        if slot.models:
            value = read_body(slot.models[0], form, languages, {}, place)
        else:
            value = _read(WORDS, form, languages, None, (*place, WORDS.name))
        named[new_name(named, _typed(form, name_of((*place, NAME.name))))] = value
    return named or None


def _typed(form: FormData, name: str) -> str:
    return "".join(form.getlist(name)[:1]).replace("\r\n", "\n").strip()


def _lines(form: FormData, name: str) -> list[str]:
    return [line.strip() for line in _typed(form, name).split("\n") if line.strip()]


def _number(typed: str) -> int | float | str:
    """The number that was typed; what was typed when it is none."""
    number = read_number(typed)
    if number is None:
        return typed
    return int(number) if number == number.to_integral_value() else float(number)


def _slot(name: str, info: FieldInfo) -> Slot:
    required = info.is_required()
    default = None if required or info.default_factory is not None else info.default
    limits = {one: found for one in ("min_length", "max_length") if (found := _limit(info.metadata, one)) is not None}
    shape, models, choices = _shape_of(name, info.annotation, limits)
    if shape is Shape.CHECK and required:
        shape, choices = Shape.CHOICE, (True, False)
    return Slot(
        name,
        shape,
        required,
        models,
        choices,
        default,
        limits.get("min_length", 0) if required else 0,
        limits.get("max_length", MOST_PARTS),
    )


def _limit(metadata: Sequence[Any], name: str) -> int | None:
    return next((found for one in metadata if (found := getattr(one, name, None)) is not None), None)


def _shape_of(
    name: str, annotation: Any, limits: Mapping[str, int]
) -> tuple[Shape, tuple[type[BaseModel], ...], tuple[Any, ...]]:
    bare = list(_bare(annotation))
    models = tuple(one for one in bare if isinstance(one, type) and issubclass(one, BaseModel))
    if models:
        return Shape.PICTURE if is_picture(models[0]) else Shape.GROUP, models, ()
    first = bare[0]
    origin, args = get_origin(first), get_args(first)
    if origin is Literal:
        return (Shape.HIDDEN if name == "kind" else Shape.CHOICE), (), args
    if origin is list:
        return _shape_of_list(args[0])
    if origin is dict:
        return *_shape_of_dict(args[1]), ()
    if first is bool:
        return Shape.CHECK, (), ()
    if any(one in (int, float) for one in bare):
        return Shape.NUMBER, (), ()
    if first is str:
        short = name == "id" or limits.get("max_length", LONG + 1) <= LONG or name in ("form", "step")
        return (Shape.HIDDEN if name == "id" else Shape.TEXT if short else Shape.LONG), (), ()
    return Shape.OTHER, (), ()


def _shape_of_list(inner: Any) -> tuple[Shape, tuple[type[BaseModel], ...], tuple[Any, ...]]:
    bare = list(_bare(inner))
    models = tuple(one for one in bare if isinstance(one, type) and issubclass(one, BaseModel))
    if models:
        return Shape.PARTS, models, ()
    if bare[0] is str:
        return Shape.LINES, (), ()
    return (Shape.NUMBERS if bare[0] in (int, float) else Shape.OTHER), (), ()


def _shape_of_dict(inner: Any) -> tuple[Shape, tuple[type[BaseModel], ...]]:
    bare = next(_bare(inner))
    if bare is str:
        return Shape.TEXTS, ()
    if isinstance(bare, type) and issubclass(bare, BaseModel):
        return Shape.NAMED, (bare,)
    return {list: Shape.LINES_EACH, dict: Shape.NAMED}.get(get_origin(bare), Shape.OTHER), ()


def _bare(annotation: Any) -> Iterator[Any]:
    """What a type is made of, without its checks and without None."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _bare(get_args(annotation)[0])
    elif origin in (Union, UnionType):
        for part in get_args(annotation):
            if part is not NoneType:
                yield from _bare(part)
    else:
        yield annotation
