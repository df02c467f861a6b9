"""Module texts: how they become HTML, and what is found in them."""

from __future__ import annotations

import re

import pytest

from lms.commissions.rules import Level
from lms.curriculum.outline import read_outline
from lms.curriculum.rendering import Picture, Surroundings, block_names, render
from lms.curriculum.rules import Change, levels_that_must, touches_learning
from lms.curriculum.settings import TestSettings
from lms.questions.marks import in_order
from tests.factories.packs import MODULE_TEXT

LABELS = {name: f"<{name}>" for name in block_names()}


def html(text: str, **values: str) -> str:
    return render(text, LABELS, **values)


def test_blocks_become_labelled_sections() -> None:
    page = html("::: aim\nOpen the doors.\n:::\n")
    assert page.startswith(
        '<section class="block block-aim">\n<p class="block-label">&lt;aim&gt;</p>\n<p>Open the doors.</p>'
    )
    assert page.rstrip().endswith("</section>")


def test_headings_have_the_same_ids_in_every_language_and_may_be_told_apart() -> None:
    assert re.findall(r'id="([^"]+)"', html("## Бір\n\n### Екі\n\n## Үш\n")) == ["section-1", "section-2", "section-3"]
    assert 'id="count-section-1"' in html("## One\n", id_prefix="count-")
    assert [heading.id for heading in read_outline("## One\n\n## Two\n").headings] == ["section-1", "section-2"]


def test_tables_stand_in_a_frame_with_labelled_cells() -> None:
    page = html("| What | When | Who |\n|---|---:|---|\n| **Doors** | 06:00 | All |\n")
    assert '<div class="table-wrap" role="group" tabindex="0" aria-label="&lt;table&gt;">' in page
    assert '<table class="stack">' in page
    assert '<th scope="col" class="r">When</th>' in page or '<th class="r" scope="col">When</th>' in page
    assert '<td data-label="What"><strong>Doors</strong></td>' in page
    assert "style=" not in page


def test_a_narrow_table_stays_a_table() -> None:
    assert 'class="stack"' not in html("| a | b |\n|---|---|\n| 1 | 2 |\n")


ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "![x](https://example.com/x.png)",
    "::: aim onclick=alert(1)\nx\n:::",
    "| <svg/onload=alert(1)> |\n|---|\n| x |",
    "## <b onmouseover=alert(1)>x</b>",
    '[x](https://example.com/"onclick=alert(1))',
    '<section class="block"><iframe src="https://example.com"></iframe></section>',
    "<style>*{display:none}</style>",
    "[x](vbscript:alert(1))",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_nothing_in_a_text_can_act(text: str) -> None:
    page = html(text)
    assert not re.search(r"<(?!/?(?:p|a|h2|section|div|table|thead|tbody|tr|th|td|code|br)\b)", page), page
    for tag in re.findall(r"<[^>]*>", page):
        assert not re.search(r"\son\w+=|javascript:|data:|vbscript:", tag), page


AROUND = Surroundings(
    say_source=lambda code, articles: f"<{code}> {', '.join(articles)}",
    pictures={"room": Picture("/f/room.svg", 360, 200, 'a "b" <c>', "<Room>")},
    find_address=lambda kind, code: f"/{kind}/{code}" if code == "count" else "",
)


def test_marks_become_numbers_by_source_and_a_list_at_the_end() -> None:
    page = render("One.[^law:40] Two.[^law:9,41][^usual] Three[^law:20-1].\n", LABELS, AROUND, id_prefix="m-")
    numbers = re.findall(r'href="#(m-source-[a-z]+)" aria-label="([^"]*)"[^>]*>(\d+)<', page)
    law, usual = ("m-source-law", "&lt;source&gt; 1", "1"), ("m-source-usual", "&lt;source&gt; 2", "2")
    assert numbers == [law, law, usual, law]
    assert page.count("<sup>") == 3
    assert '<li id="m-source-law">&lt;law&gt; 9, 20-1, 40, 41</li>' in page
    assert page.index('m-source-law">&lt;') < page.index('m-source-usual">&lt;')


def test_a_figure_stands_alone_and_any_other_image_is_words() -> None:
    page = render(
        "![](figure:room)\n\nx ![y](figure:room) ![z](https://a.b/c.png)\n\n![](figure:moon)\n", LABELS, AROUND
    )
    assert page.count("<img") == 1
    assert '<img src="/f/room.svg" alt="a &quot;b&quot; &lt;c&gt;" width="360" height="200" loading="lazy">' in page
    assert "<figcaption>&lt;Room&gt;</figcaption>" in page
    assert "<p>x y z</p>" in page


def test_links_lead_where_the_reader_can_go() -> None:
    page = render("[a](module:count) [b](form:moon) [c](https://a.b)\n", LABELS, AROUND)
    assert 'href="/module/count"' in page
    assert '<a rel="noopener noreferrer">b</a>' in page
    assert "form:moon" not in page
    assert 'href="https://a.b"' in page


def test_a_list_of_sources_from_before_the_marks_is_still_shown() -> None:
    page = html("Words.\n\n::: sources\n- Act\n:::\n")
    assert '<section class="block block-sources">' in page
    assert page.count("block-sources") == 1


@pytest.mark.parametrize("text", ["[^law: 40]", "[^Law]", "[^]", "[^law:]", "[^law:4 0]", "[^-]"])
def test_what_is_no_mark_is_told(text: str) -> None:
    outline = read_outline(f"Words.{text}\n")
    assert [fault.sentence for fault in outline.faults] == [
        f"'{text}' is not a source mark; write it as in [^law:20,41]"
    ]
    assert outline.marks == []


@pytest.mark.parametrize("text", ["`[^law]`", "\\[^law]", "[^", "[law]", "^law"])
def test_what_only_looks_like_a_mark_is_text(text: str) -> None:
    outline = read_outline(f"Words {text}\n")
    assert (outline.faults, outline.marks) == ([], [])


def test_articles_are_counted_as_one_counts() -> None:
    assert in_order({"41", "9", "20-1", "20"}) == ["9", "20", "20-1", "41"]


def test_labels_are_text_too() -> None:
    assert "<script" not in render("::: aim\nx\n:::\n", {"aim": "<script>alert(1)</script>"})


def test_an_outline_counts_what_a_text_is_made_of() -> None:
    outline = read_outline(MODULE_TEXT)
    assert outline.faults == []
    assert outline.tables == 1
    assert outline.blocks == {"aim": 1, "mistake": 1, "checklist": 1}
    assert [(heading.level, heading.words) for heading in outline.headings] == [(2, "First things"), (3, "A detail")]
    assert outline.shape["headings of the second level"] == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [("", 0), ("Бір, екі — үш!", 3), ("**a** b-c d'e 06:00", 5), ("| x | y |\n|---|---|\n| 1 | 2 |", 4)],
)
def test_words_are_counted_without_marks(text: str, words: int) -> None:
    assert read_outline(text).words == words


def test_a_fence_inside_code_is_no_block() -> None:
    outline = read_outline("```\n::: nothing\n```\n")
    assert outline.faults == []
    assert outline.drawings == 1


def test_what_a_paper_asks_for_is_rounded_up() -> None:
    settings = TestSettings.model_validate(
        {
            "minutes": 30,
            "pass_percent": 80,
            "attempts": 3,
            "hours_between": 24,
            "blueprint": [{"topic": "a", "draw": 4}, {"topic": "b", "draw": 3}],
        }
    )
    assert (settings.size, settings.enough) == (7, 6)


def test_who_must_take_a_course() -> None:
    assert levels_that_must(Level.PEC) == (Level.PEC, Level.TEC, Level.CONSTITUENCY)
    assert levels_that_must(Level.TEC) == (Level.TEC, Level.CONSTITUENCY)
    assert touches_learning(Change.MATERIAL)
    assert not touches_learning(Change.EDITORIAL)
