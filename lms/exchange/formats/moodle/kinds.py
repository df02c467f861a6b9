"""The types of question in Moodle XML, each into our kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lms.core.web.languages import _
from lms.exchange.formats.choosing import multiple_from, only_whole, ordering_from, single_from
from lms.exchange.formats.gift.answers import explain
from lms.exchange.formats.making import Making, answers_of, build, number_in, options_of, pairs_of, without_wildcards
from lms.exchange.formats.several import in_own_language
from lms.exchange.formats.shapes import Raw
from lms.exchange.formats.words import words_of
from lms.exchange.intake.xml import Node

FORMS = {"html": "html", "plain_text": "plain", "markdown": "markdown", "moodle_auto_format": "moodle"}

JUDGED = {
    **dict.fromkeys(("true", "верно", "да", "правда", "дұрыс", "иә"), True),
    **dict.fromkeys(("false", "неверно", "нет", "ложь", "бұрыс", "жоқ"), False),
}
"""How Moodle says true and false; old versions in the language of the site."""
STOCK = 40
"""Characters that Moodle's own "Your answer is correct." needs in any language; what is longer somebody wrote."""


@dataclass(frozen=True)
class Answer:
    """One answer: its words, what it is worth in per cent, what is said to whoever gives it, its element."""

    text: str
    weight: float
    feedback: str
    node: Node


def said(making: Making, node: Node | None) -> str:
    """The words of an element with a text inside."""
    if node is None:
        return ""
    text = node.find("text")
    words = words_of(making, text.words() if text else "", FORMS.get(node.get("format"), "html"))
    for file in node.children("file"):
        making.dropped((), [file.get("name")])
    return words.strip()


def question_text(making: Making, node: Node) -> str:
    """The words of the question; also says what every question of Moodle may have and ours has not."""
    if node.children("hint"):
        making.say(_("Its hints were left out."))
    if node.said("shuffleanswers") in ("0", "false"):
        making.say(_("Its answers had a fixed order; here they are mixed on each paper."))
    if node.find("image_base64") or node.said("image"):
        making.dropped((), [node.said("image")])
    if node.said("hidden") in ("1", "true"):
        making.say(_("It was hidden in Moodle; perhaps it is out of use."))
    return said(making, node.find("questiontext"))


def choice(making: Making, node: Node) -> Raw:
    """One or several right answers."""
    text = question_text(making, node)
    answers = list(_answers(making, node))
    single = node.find("single") is None or node.said("single").lower() not in ("false", "0", "")
    weighed = [(one.text, one.weight) for one in answers]
    why = explained(making, node, answers)
    return (single_from if single else multiple_from)(making, text, why, weighed)


def choice_set(making: Making, node: Node) -> Raw:
    """Several right answers, all or nothing."""
    text = question_text(making, node)
    answers = list(_answers(making, node))
    options = options_of(making, [(one.text, one.weight > 0) for one in answers])
    return build(making, "multiple", text, explained(making, node, answers), options=options)


def true_false(making: Making, node: Node) -> Raw:
    """A statement that is true or false."""
    text = question_text(making, node)
    answers = list(_answers(making, node))
    right = [JUDGED.get(one.text.strip().lower()) for one in answers if one.weight >= 100]
    if right not in ([True], [False]):
        making.skip(_("Neither true nor false is marked as right."))
    return build(making, "true-false", text, explained(making, node, answers)) | {"answer": right == [True]}


def short_text(making: Making, node: Node) -> Raw:
    """Words to write."""
    text = question_text(making, node)
    answers = list(_answers(making, node))
    right = without_wildcards(making, [one.text for one in answers if one.weight >= 100])
    if any(0 < one.weight < 100 for one in answers):
        making.say(_("Answers that counted in part do not count."))
    if node.said("usecase") in ("1", "true"):
        making.say(_("Capital and small letters were told apart; here they are not."))
    why = explained(making, node, answers)
    return build(making, "short-text", text, why, answers=answers_of(making, right))


def number(making: Making, node: Node) -> Raw:
    """A number to work out."""
    text = question_text(making, node)
    answers = list(_answers(making, node))
    whole = only_whole(making, [one for one in answers if one.weight >= 100])
    if len([one for one in answers if one.weight > 0]) > 1:
        making.say(_("Other numbers that counted in part do not count."))
    answer, tolerance = number_in(whole.text), number_in(whole.node.said("tolerance") or "0")
    if answer is None or tolerance is None or tolerance < 0:
        making.skip(_("'%(text)s' is no number with a tolerance.", text=whole.text[:40]))
    raw = build(making, "number", text, explained(making, node, answers)) | {"answer": answer}
    return raw | ({"tolerance": tolerance} if tolerance else {}) | _unit(making, node)


def _unit(making: Making, node: Node) -> Raw:
    units = [(unit.said("unit_name"), number_in(unit.said("multiplier") or "1")) for unit in node.all("unit")]
    plain = [name for name, multiplier in units if multiplier == 1 and name]
    if len(units) > len(plain[:1]):
        making.say(_("Only one unit stays: %(unit)s.", unit=plain[0] if plain else "-"))
    if plain and node.said("unitgradingtype") not in ("0", ""):
        making.say(_("The unit had to be written too; here it stands beside the answer."))
    return {"unit": making.texts(plain[0])} if plain else {}


def matching(making: Making, node: Node) -> Raw:
    """Pairs to match."""
    text = question_text(making, node)
    pairs: list[tuple[str, str]] = []
    for part in node.children("subquestion"):
        left, right = said(making, part), in_own_language(making, part.said("answer", "text"))
        if left:
            pairs.append((left, right))
        else:
            making.say(_("An answer that belongs to nothing was left out: %(text)s.", text=right[:60]))
    why = explained(making, node, [])
    return build(making, "matching", text, why, marking="parts", pairs=pairs_of(making, pairs))


def ordering(making: Making, node: Node) -> Raw:
    """Steps to put in order; they stand in the right order of their shares."""
    text = question_text(making, node)
    answers = sorted(_answers(making, node), key=lambda one: one.weight)
    if any(one.feedback for one in answers):
        making.say(_("What was said to single answers was left out."))
    drawn = node.said("selecttype") or node.said("logical")  # as old versions called it
    steps, why = [one.text for one in answers], explained(making, node, [])
    return ordering_from(making, text, why, steps, drawn=drawn, graded=node.said("gradingtype"))


def _answers(making: Making, node: Node) -> Iterator[Answer]:
    for part in node.children("answer"):
        weight = number_in(part.get("fraction", "0"))
        if weight is None:
            making.skip(_("An answer is worth '%(text)s', which is no number.", text=part.get("fraction")[:20]))
        yield Answer(said(making, part), float(weight), said(making, part.find("feedback")), part)


def explained(making: Making, node: Node, answers: list[Answer]) -> str:
    """The explanation: what is said to all, else to whoever is right."""
    general = said(making, node.find("generalfeedback"))
    of_right = [one.feedback for one in answers if one.weight >= 100 and one.feedback][:1]
    whole = [said(making, node.find(f"{name}feedback")) for name in ("correct", "partiallycorrect", "incorrect")]
    if len(whole[0]) > STOCK and not general and not of_right:
        of_right, whole[0] = whole[:1], ""
    if any(len(one) > STOCK for one in whole):
        making.say(_("What was said of answers as a whole was left out."))
    return explain(making, general, of_right, sum(bool(one.feedback) for one in answers) or len(of_right))
