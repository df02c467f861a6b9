"""QTI 2.x and 3.0, interaction by interaction."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from lms.exchange.errors import UnreadableFile
from lms.exchange.formats.shapes import Read, Status
from lms.exchange.taking_in import read_questions

SPACE = "http://www.imsglobal.org/xsd/imsqti_v2p1"
CHOICES = "".join(f'<simpleChoice identifier="{one}">{one}</simpleChoice>' for one in "ABC")


def declared(values: str, cardinality: str = "single", base: str = "identifier", more: str = "") -> str:
    right = "".join(f"<value>{value}</value>" for value in values.split("|"))
    return (
        f'<responseDeclaration identifier="R" cardinality="{cardinality}" baseType="{base}">'
        f"<correctResponse>{right}</correctResponse>{more}</responseDeclaration>"
    )


def item(declaration: str, body: str, more: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<assessmentItem xmlns="{SPACE}" identifier="item-1" title="Title">\n'
        f"{declaration}<itemBody><p>Look.</p>{body}</itemBody>{more}</assessmentItem>"
    )


def ask(name: str, inside: str, **attributes: str) -> str:
    said = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f'<{name} responseIdentifier="R" shuffle="true"{said}><prompt>Which?</prompt>{inside}</{name}>'


def read(content: str | bytes) -> list[Read]:
    return read_questions(content.encode() if isinstance(content, str) else content, language="en").items


def one(content: str | bytes) -> Any:
    (found,) = read(content)
    assert found.question is not None, found.sentences
    return found.question


def package(files: dict[str, str | bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


SINGLE = item(declared("B"), ask("choiceInteraction", CHOICES, maxChoices="1"))


def test_one_right_answer() -> None:
    raw = one(SINGLE)
    assert (raw["id"], raw["kind"], raw["text"]["en"]) == ("item-1", "single", "Look.\nWhich?")
    assert [option.get("right") for option in raw["options"]] == [None, True, None]


def test_the_same_in_3() -> None:
    text = (
        '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="item-1" title="T">'
        '<qti-response-declaration identifier="R" cardinality="single" base-type="identifier">'
        "<qti-correct-response><qti-value>B</qti-value></qti-correct-response></qti-response-declaration>"
        '<qti-item-body><p>Look.</p><qti-choice-interaction response-identifier="R" max-choices="1" shuffle="true">'
        '<qti-prompt>Which?</qti-prompt><qti-simple-choice identifier="A">A</qti-simple-choice>'
        '<qti-simple-choice identifier="B">B</qti-simple-choice><qti-simple-choice identifier="C">C</qti-simple-choice>'
        "</qti-choice-interaction></qti-item-body></qti-assessment-item>"
    )
    assert one(text) == one(SINGLE)


def test_several_right_answers_with_a_mapping() -> None:
    mapping = (
        '<mapping defaultValue="-0.5"><mapEntry mapKey="A" mappedValue="0.5"/>'
        '<mapEntry mapKey="B" mappedValue="0.5"/></mapping>'
    )
    body = ask("choiceInteraction", CHOICES, maxChoices="0")
    (found,) = read(item(declared("A|B", "multiple", more=mapping), body))
    assert found.question is not None
    assert (found.question["marking"], found.sentences) == ("parts", [])
    uneven = mapping.replace('mapKey="A" mappedValue="0.5"', 'mapKey="A" mappedValue="2"')
    (found,) = read(item(declared("A|B", "multiple", more=uneven), body))
    assert found.status is Status.CHANGED


def test_order_pairs_and_numbers() -> None:
    raw = one(item(declared("C|A|B", "ordered"), ask("orderInteraction", CHOICES)))
    assert [step["text"]["en"] for step in raw["items"]] == ["C", "A", "B"]
    side = "".join(
        f'<simpleAssociableChoice identifier="{{}}{n}" matchMax="1">{{}}{n}</simpleAssociableChoice>' for n in "123"
    )
    sets = "".join(f"<simpleMatchSet>{side.format(*[name] * 6)}</simpleMatchSet>" for name in ("l", "r"))
    raw = one(item(declared("l1 r2|l2 r3|l3 r1", "multiple", "directedPair"), ask("matchInteraction", sets)))
    assert [(pair["left"]["en"], pair["right"]["en"]) for pair in raw["pairs"]] == [
        ("l1", "r2"),
        ("l2", "r3"),
        ("l3", "r1"),
    ]
    field = '<p><textEntryInteraction responseIdentifier="R"/></p>'
    equal = (
        '<responseProcessing><responseCondition><responseIf><equal toleranceMode="relative" tolerance="10">'
        '<variable identifier="R"/><correct identifier="R"/></equal></responseIf></responseCondition>'
        "</responseProcessing>"
    )
    raw = one(item(declared("50", base="float"), field, equal))
    assert (raw["kind"], raw["answer"], raw["tolerance"]) == ("number", 50, 5)
    raw = one(item(declared("York", base="string"), field))
    assert (raw["kind"], raw["answers"]) == ("short-text", {"en": ["York"]})


def test_gaps_in_a_text() -> None:
    body = (
        '<p>The <inlineChoiceInteraction responseIdentifier="R"><inlineChoice identifier="A">chair</inlineChoice>'
        '<inlineChoice identifier="B">guest</inlineChoice></inlineChoiceInteraction> signs.</p>'
    )
    raw = one(item(declared("A"), body))
    assert raw["text"]["en"] == "Look.\nThe {{g1}} signs."
    assert [part["text"]["en"] for part in raw["gaps"][0]["choices"]] == ["chair", "guest"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (item(declared("A"), "<p>Nothing.</p>"), "asks nothing"),
        (item("", ask("choiceInteraction", CHOICES)), "does not declare"),
        (
            item(declared("A").replace("<value>A</value>", ""), ask("choiceInteraction", CHOICES)),
            "which answer is right",
        ),
        (item(declared("Z"), ask("choiceInteraction", CHOICES)), "none of its answers"),
        (item(declared("x", base="string"), ask("extendedTextInteraction", "")), "free text"),
        (item(declared("A"), ask("hottextInteraction", "")), "not known here: hottextInteraction"),
        (item(declared("A"), ask("choiceInteraction", CHOICES) * 2), "2 things at once"),
        (item(declared("A|B", "ordered"), ask("orderInteraction", CHOICES)), "place of every step"),
        (item(declared("A B|A C", "multiple", "pair"), ask("associateInteraction", CHOICES)), "not there"),
        (item(declared("A"), ask("hotspotInteraction", "")), "no picture"),
        (item(declared("A"), ask("hotspotInteraction", '<object data="a.png"/>')), "not in the file: a.png"),
    ],
)
def test_skipped_with_a_reason(content: str, sentence: str) -> None:
    (found,) = read(content)
    assert (found.status, found.line) == (Status.SKIPPED, 2)
    assert sentence in found.sentences[0]


def test_a_package_accounts_for_every_item() -> None:
    manifest = (
        "<manifest><resources>"
        '<resource type="imsqti_item_xmlv2p1" href="b.xml"/><resource type="imsqti_item_xmlv2p1" href="gone.xml"/>'
        "</resources></manifest>"
    )
    files: dict[str, str | bytes] = {"imsmanifest.xml": manifest, "a.xml": SINGLE, "b.xml": SINGLE, "notes.txt": "x"}
    files["broken.xml"] = SINGLE.replace("</itemBody>", "")
    items = read(package(files))
    assert [(found.file, found.status.value) for found in items] == [
        ("b.xml", "imported"),
        ("gone.xml", "skipped"),
        ("a.xml", "imported"),
        ("broken.xml", "skipped"),
    ]
    assert [found.question["id"] for found in items if found.question] == ["item-1", "item-1-2"]
    assert "Line 3: this is not XML" in items[3].sentences[0]


def test_a_package_without_items_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="holds no question"):
        read(package({"imsmanifest.xml": "<manifest/>", "a.xml": "<x/>"}))
