"""The interactions of QTI, each into our kind."""

from __future__ import annotations

from collections.abc import Sequence

from lms.core.web.languages import _
from lms.exchange.formats.making import Making, answers_of, build, exact, number_in, options_of, pairs_of, plain_number
from lms.exchange.formats.moodle.gaps import FIRST
from lms.exchange.formats.qti.item import Item, own_ids
from lms.exchange.formats.shapes import Raw
from lms.exchange.intake.xml import Node
from lms.exchange.naming import mixed_letters
from lms.questions.kinds.true_false.rules import WORDS

NEAR = 0.001
"""By how much a share may be rounded."""


def choice(item: Item, node: Node) -> Raw:
    """One or several right answers, or true and false."""
    choices, right = node.children("simpleChoice"), item.right(node)
    text = item.asked([node])
    options = [(item.words(one), one.get("identifier") in right) for one in choices]
    if unknown := [one for one in right if one not in [part.get("identifier") for part in choices]]:
        item.making.skip(_("It says that '%(name)s' is right, which is none of its answers.", name=unknown[0][:40]))
    if _is_true_false(choices, options):
        answer = right == ["true"]
        return build(item.making, "true-false", text, item.explanation()) | {"answer": answer}
    item.say_fixed(node)
    ids = own_ids([one.get("identifier") for one in choices])
    parts = options_of(item.making, options, ids)
    if item.declaration(node).get("cardinality") == "single":
        if any(0 < worth < max(item.mapped(node).values.values()) for worth in item.mapped(node).values.values()):
            item.making.say(_("Answers that were right in part count as wrong."))
        return build(item.making, "single", text, item.explanation(), options=parts)
    marking = _marking(item, node, right)
    return build(item.making, "multiple", text, item.explanation(), marking=marking, options=parts)


def _is_true_false(choices: Sequence[Node], options: Sequence[tuple[str, bool]]) -> bool:
    if [one.get("identifier") for one in choices] != ["true", "false"]:
        return False
    said = [text.casefold() for text, _right in options]
    return any(said == [WORDS[value][one].casefold() for value in ("true", "false")] for one in WORDS["true"])


def _marking(item: Item, node: Node, right: Sequence[str]) -> str | None:
    """`parts` when it is marked by a mapping; a mapping other than ours is said to become ours."""
    mapped = item.mapped(node)
    if item.template == "match_correct" or not mapped.values:
        return None
    share = 1 / len(right)
    rights_even = all(abs(mapped.values.get(one, 0) - share) < NEAR for one in right)
    wrongs_even = all(abs(worth + share) < NEAR for one, worth in mapped.values.items() if one not in right)
    whole = item.declaration(node).get("baseType") != "identifier" or abs(mapped.default + share) < NEAR
    if not (rights_even and wrongs_even and whole):
        item.making.say(
            _("Its answers were weighed otherwise: each right one counts alike, and a wrong one takes as much away.")
        )
    return "parts"


def order(item: Item, node: Node) -> Raw:
    """Steps to put in order."""
    choices = {one.get("identifier"): item.words(one) for one in node.children("simpleChoice")}
    right = item.right(node)
    if sorted(right) != sorted(choices):
        item.making.skip(_("It does not say the place of every step."))
    steps = [choices[one] for one in right]
    ids = own_ids(right)
    ids = ids if ids and ids != sorted(ids) else mixed_letters(steps)
    items = [{"id": key, "text": item.making.texts(step)} for key, step in zip(ids, steps, strict=True)]
    return build(item.making, "ordering", item.asked([node]), item.explanation(), items=items)


def match(item: Item, node: Node) -> Raw:
    """Pairs to match, out of two lists or out of one."""
    sets = node.children("simpleMatchSet") or [node]
    said = {one.get("identifier"): item.words(one) for part in sets for one in part.children("simpleAssociableChoice")}
    right = [pair.split() for pair in item.right(node)]
    if any(len(pair) != 2 or not set(pair) <= set(said) for pair in right):
        item.making.skip(_("A pair of it names something that is not there."))
    lefts, rights = [pair[0] for pair in right], [pair[1] for pair in right]
    if len(set(lefts)) < len(lefts) or len(set(rights)) < len(rights) or set(lefts) & set(rights):
        item.making.skip(_("Something in it belongs to more than one other; here each has one of its own."))
    for name in said:
        if name not in (*lefts, *rights):
            item.making.say(_("An answer that belongs to nothing was left out: %(text)s.", text=said[name][:60]))
    if len(sets) == 2:
        order = [one.get("identifier") for one in sets[0].children("simpleAssociableChoice")]
        right.sort(key=lambda pair: order.index(pair[0]) if pair[0] in order else len(order))
    marking = _marking(item, node, [" ".join(pair) for pair in right])
    pairs = pairs_of(item.making, [(said[left], said[of]) for left, of in right], own_ids([pair[0] for pair in right]))
    return build(item.making, "matching", item.asked([node]), item.explanation(), marking=marking, pairs=pairs)


def text_entry(item: Item, node: Node) -> Raw:
    """A number to work out, or words to write."""
    base = item.declaration(node).get("baseType")
    unit = next((one for one in item.node.all("span") if one.get("class") == "unit"), None)
    text = item.asked([node, unit] if unit else [node])
    if base in ("integer", "float"):
        raw = build(item.making, "number", text, item.explanation()) | number_of(item, node)
        return raw | ({"unit": item.making.texts(unit.words())} if unit else {})
    if base != "string":
        item.making.skip(_("It asks for something that is neither a number nor words."))
    return build(item.making, "short-text", text, item.explanation(), answers=written(item, node))


def written(item: Item, node: Node) -> dict[str, list[str]]:
    """The words that are wholly right."""
    mapped = item.mapped(node)
    most = max(mapped.values.values(), default=0)
    if any(0 < worth < most for worth in mapped.values.values()):
        item.making.say(_("Answers that counted in part do not count."))
    whole = [key for key, worth in mapped.values.items() if worth == most > 0]
    return answers_of(item.making, list(dict.fromkeys([*item.right(node), *whole])))


def number_of(item: Item, node: Node) -> Raw:
    """The number asked for, and how far from it still counts."""
    right = item.right(node)
    answer = number_in(right[0])
    if answer is None:
        item.making.skip(_("'%(text)s' is no number with a tolerance.", text=right[0][:40]))
    tolerance = _tolerance(item, node, answer)
    return {"answer": answer, **({"tolerance": tolerance} if tolerance else {})}


def _tolerance(item: Item, node: Node, answer: int | float) -> int | float:
    name = node.get("responseIdentifier")
    for equal in item.node.all("equal"):
        named = [one.get("identifier") for one in equal.children("variable")]
        mode = equal.get("toleranceMode", "exact")
        if name not in named or mode == "exact":
            continue
        sizes = [number_in(size) for size in equal.get("tolerance").split()]
        if not sizes or None in sizes:
            item.making.skip(_("'%(text)s' is no number with a tolerance.", text=equal.get("tolerance")[:40]))
        widest = max(exact(size) for size in sizes if size is not None)
        if len(set(sizes)) > 1:
            item.making.say(_("Its tolerance differed upwards and downwards; the wider one counts on both sides."))
        return plain_number(abs(exact(answer)) * widest / 100 if mode == "relative" else widest)
    return 0


def gaps(item: Item, nodes: Sequence[Node]) -> Raw:
    """A text with gaps."""
    names = own_ids([one.get("responseIdentifier").removeprefix("RESPONSE_") for one in nodes])
    names = names or [f"g{place}" for place in range(1, len(nodes) + 1)]
    places = {id(one): name for one, name in zip(nodes, names, strict=True)}
    body = item.node.find("itemBody") or item.node
    text = item.words(body, lambda node: f"{{{{{places[id(node)]}}}}}" if id(node) in places else None)
    parts = [{"id": name, **_gap(item, one)} for one, name in zip(nodes, names, strict=True)]
    if "{{" in text.partition("\n")[0]:
        item.making.say(_("A first line that says what to do was added."))
        text = f"{FIRST.get(item.making.language, FIRST['en'])}\n{text}"
    return build(item.making, "gap-text", text, item.explanation(), marking="parts", gaps=parts)


def _gap(item: Item, node: Node) -> Raw:
    if node.name == "inlineChoiceInteraction":
        right = item.right(node)
        choices = node.children("inlineChoice")
        options = [(item.words(one), one.get("identifier") in right) for one in choices]
        return {"choices": options_of(item.making, options, own_ids([one.get("identifier") for one in choices]))}
    if item.declaration(node).get("baseType") in ("integer", "float"):
        return {"number": number_of(item, node)}
    return {"answers": written(item, node)}


def refuse(making: Making, name: str) -> Raw:
    """Skip an interaction that has no kind here."""
    free = ("extendedTextInteraction", "uploadInteraction", "drawingInteraction")
    if name in free:
        making.skip(_("It asks for free text, which a person must read."))
    making.skip(_("It asks in a way that is not known here: %(kind)s.", kind=name[:60]))
