"""Arithmetic as the writer of a question types it, "(a - b) * 100 / c": read with care, reckoned in decimals."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from decimal import ROUND_FLOOR, Context, Decimal, DecimalException

LONGEST = 300
"""Characters in one formula."""

DEEPEST = 40
"""Brackets and signs inside one another."""

LARGEST = Decimal(10) ** 18
"""No figure on the way may be larger than this."""

_RECKONING = Context(prec=50)
_WRITTEN = re.compile(r"[A-Za-z0-9_.+\-*/() ]*")
_TORN = re.compile(r"(?<![A-Za-z_0-9])[0-9.]+[A-Za-z_]")
_KNOWN = (
    *(ast.Name, ast.Load, ast.Constant, ast.BinOp, ast.UnaryOp),
    *(ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.UAdd, ast.USub),
)


def evaluate(text: str, names: Mapping[str, Decimal | int]) -> Decimal:
    """What the formula comes to, with a value for each name in it (quotients to 50 digits; `//` rounds down);
    ValueError with a sentence when it has a fault, a name has no value, something is divided by nought, or a figure on
    the way is larger than LARGEST."""
    tree = _read(text)
    try:
        return _value(tree, names)
    except DecimalException as error:
        raise ValueError(f"the formula '{text}' divides by nought or leaves what can be reckoned") from error


def names_in(text: str) -> list[str]:
    """The names in the formula, each once, in the order they first stand; ValueError when it has a fault."""
    named = [node for node in ast.walk(_read(text)) if isinstance(node, ast.Name)]
    return list(dict.fromkeys(node.id for node in sorted(named, key=lambda node: node.col_offset)))


def _read(text: str) -> ast.expr:
    """The formula as a tree of nothing but numbers, names and the reckoning this file knows."""
    if not isinstance(text, str) or not text.strip():
        raise ValueError("the formula is empty; write one, as in 'a - b'")
    if len(text) > LONGEST:
        raise ValueError(f"the formula has {len(text)} characters; it may have {LONGEST}")
    if not _WRITTEN.fullmatch(text) or _TORN.search(text):
        raise ValueError(f"the formula '{text}' may hold only numbers, names, + - * / // and brackets")
    if _depth(text) > DEEPEST:
        raise ValueError(f"the formula '{text}' has too many brackets inside one another; write it more simply")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        raise ValueError(f"the formula '{text}' cannot be read; write it as in '(a - b) * 2'") from error
    if not all(map(_is_known, ast.walk(tree))):
        raise ValueError(f"the formula '{text}' may hold only numbers, names, + - * / // and brackets")
    return tree


def _depth(text: str) -> int:
    """How deep brackets and signs lie inside one another at most, told without reading them as a tree."""
    deepest = depth = signs = 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        signs = signs + 1 if letter in "+-" else signs if letter == " " else 0
        deepest = max(deepest, depth + signs)
    return deepest


def _is_known(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return type(node.value) in (int, float)
    return isinstance(node, _KNOWN)


def _value(node: ast.expr, names: Mapping[str, Decimal | int]) -> Decimal:
    match node:
        case ast.Constant(value=number):
            return _bounded(Decimal(str(number)))
        case ast.Name(id=name):
            if name not in names:
                raise ValueError(f"the formula has no value for '{name}'")
            return _bounded(Decimal(names[name]))
        case ast.UnaryOp(op=sign, operand=operand):
            value = _value(operand, names)
            return -value if isinstance(sign, ast.USub) else value
        case ast.BinOp(left=left, op=op, right=right):
            return _bounded(_reckon(op, _value(left, names), _value(right, names)))
    raise ValueError("the formula holds something that cannot be reckoned")  # pragma: no cover


def _reckon(op: ast.operator, left: Decimal, right: Decimal) -> Decimal:
    match op:
        case ast.Add():
            return _RECKONING.add(left, right)
        case ast.Sub():
            return _RECKONING.subtract(left, right)
        case ast.Mult():
            return _RECKONING.multiply(left, right)
    quotient = _RECKONING.divide(left, right)
    return quotient if isinstance(op, ast.Div) else quotient.to_integral_value(rounding=ROUND_FLOOR)


def _bounded(value: Decimal) -> Decimal:
    if not value.is_finite() or abs(value) > LARGEST:
        raise ValueError("a figure of the formula is larger than a million million million")
    return value
