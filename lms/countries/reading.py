"""Read a country's file: one that is shipped, or one of the operator's own."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from lms.core.errors import Refused

if TYPE_CHECKING:
    from lms.countries.schema import Country, Piece

P = TypeVar("P", bound="Piece")
FILES = Path(__file__).parent / "files"
LARGEST = 200_000
"""Bytes of a file."""
DEFAULT = "kz"


def list_shipped() -> list[str]:
    """Codes of the countries whose files come with the product."""
    return sorted(path.stem for path in FILES.glob("*.yaml"))


@lru_cache(maxsize=8)
def shipped(code: str) -> Country:
    """The country that is shipped under this code; Refused when there is none."""
    if code not in list_shipped():
        raise Refused(
            f"No country {code} comes with Cascade. Write {' or '.join(list_shipped())}, or the path of a file."
        )
    return read_country((FILES / f"{code}.yaml").read_text(encoding="utf-8"), f"{code}.yaml")


def read_country(text: str, name: str) -> Country:
    """The country that a file's text says; Refused, and every fault named, when it is none. `name`: of the file."""
    from lms.countries.schema import Country  # only here: what needs no country starts without it

    return read_yaml_part(text, name, Country, "country's file")


def read_yaml_part(text: str, name: str, kind: type[P], what: str) -> P:
    """What a file's text says, as a piece of this kind; Refused, and every fault named, when it is none. `name`: of the
    file; `what`: it should be."""
    from pydantic import ValidationError
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return kind.model_validate(YAML(typ="safe", pure=True).load(text))
    except YAMLError as error:
        raise Refused(f"{name} is no YAML: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        faults = "; ".join(f"{_where(one['loc'])}{one['msg'].removeprefix('Value error, ')}" for one in error.errors())
        raise Refused(f"{name} is no {what}. {faults}.") from error


def _where(place: tuple[int | str, ...]) -> str:
    return f"{'.'.join(map(str, place))}: " if place else ""


def find_chosen(chosen: str) -> tuple[Country, str]:
    """The country that an operator chose, and the text of the file if it is one of their own: `kz`, or a path. Refused
    with a sentence when it cannot be read."""
    if not any(sign in chosen for sign in "/\\."):
        return shipped(chosen.strip().lower()), ""
    path = Path(chosen)
    try:
        if path.stat().st_size > LARGEST:
            raise Refused(f"The country's file {path} is larger than {LARGEST // 1000} KB. Nothing has changed.")
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"The country's file {path} cannot be read: {error}. Nothing has changed.") from error
    return read_country(text, path.name), text
