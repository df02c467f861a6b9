"""Figures: what may stand in one, how labels get into it, and the address that serves it."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from lms.core.figures import draw, find_figure_faults, labels_in, size_of
from lms.curriculum.models import CourseVersion
from tests.factories.commissions import make_country
from tests.factories.curriculum import make_full_course
from tests.factories.packs import SVG

ADDRESS = "/en/figures/small/1/en/room.svg"
LINE = '<line x1="10" y1="100" x2="300" y2="100" stroke="#1d2733" marker-end="url(#room-tip)"/>'


def test_a_good_figure_has_no_fault() -> None:
    assert find_figure_faults(SVG, "room", ["box"]) == []
    assert labels_in(SVG) == {"box"}
    assert size_of(SVG) == (360, 200)


BAD = [
    ('<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG, "a doctype, an entity"),
    ('<!DOCTYPE svg SYSTEM "file:///etc/passwd">' + SVG, "a doctype, an entity"),
    ('<?xml-stylesheet href="https://x"?>' + SVG, "a doctype, an entity"),
    (SVG.replace("{box}", "&nbsp;"), "this is not XML"),
    (SVG.replace("</svg>", ""), "this is not XML"),
    ("<svg/>", "the element 'svg' is not SVG"),
    (SVG.replace(LINE, "<script>x()</script>"), "the element 'script' is not allowed"),
    (SVG.replace(LINE, "<style>*{}</style>"), "the element 'style' is not allowed"),
    (SVG.replace(LINE, '<image href="https://x/y.png"/>'), "the element 'image' is not allowed"),
    (SVG.replace(LINE, '<use href="#room-tip"/>'), "the element 'use' is not allowed"),
    (SVG.replace(LINE, "<foreignObject/>"), "the element 'foreignObject' is not allowed"),
    (SVG.replace(LINE, '<a href="javascript:x()"/>'), "the element 'a' is not allowed"),
    (SVG.replace(LINE, '<animate attributeName="x"/>'), "the element 'animate' is not allowed"),
    (SVG.replace(LINE, '<h:p xmlns:h="http://www.w3.org/1999/xhtml"/>'), "the element 'p' is not SVG"),
    (SVG.replace("<line", '<line onclick="x()"'), "the attribute 'onclick' of 'line'"),
    (SVG.replace("<line", '<line style="fill:url(https://x)"'), "the attribute 'style' of 'line'"),
    (
        SVG.replace("<line", '<line xmlns:x="http://www.w3.org/1999/xlink" x:href="#a"'),
        "the attribute 'href' of 'line'",
    ),
    (SVG.replace('stroke="#1d2733"', 'stroke="url(https://x)"'), "'url(https://x)' is not allowed for 'stroke'"),
    (SVG.replace('fill="#1d2733"', 'fill="red"'), "'red' is not allowed for 'fill'"),
    (SVG.replace("url(#room-tip)", "url(#room-top)"), "there is no marker 'room-top'"),
    (SVG.replace("room-tip", "tip"), "the id 'tip' must begin with 'room'"),
    (SVG.replace("<line", '<line id="room-line"'), "'line' has an id"),
    (SVG.replace('font-size="14"', 'font-size="11"'), "letters of size 11 are too small"),
    (SVG.replace("0 0 360 200", "0 0 400 200"), "viewBox must be"),
    (SVG.replace("0 0 360 200", "0 0 360 461"), "viewBox must be"),
    (SVG.replace('viewBox="', 'width="360" viewBox="'), "svg has no width and height"),
    (SVG.replace('fill="#ffffff"', 'fill="#000000"'), "the first thing drawn must be"),
    (SVG.replace(LINE, "<g>{box}</g>"), "words stand in 'g'"),
    (SVG.replace(LINE, "<g>" * 20 + "</g>" * 20), "more than 1000 elements, or more than 12 inside each other"),
    (SVG.replace(LINE, LINE * 1001), "more than 1000 elements"),
    (SVG + " " * 200_001, "this figure has more than 200000 characters"),
]


@pytest.mark.parametrize(("svg", "expected"), BAD)
def test_what_could_act_or_cannot_be_read_is_refused(svg: str, expected: str) -> None:
    found = find_figure_faults(svg, "room", ["box"])
    assert any(fault.sentence.startswith(expected) for fault in found), found


def test_labels_are_text_whatever_they_say_and_break_into_lines() -> None:
    drawn = draw(SVG, {"box": '<script>x()</script> & "a" | second'})
    assert "<script" not in drawn
    assert '<tspan x="180">&lt;script&gt;x()&lt;/script&gt; &amp; "a"</tspan>' in drawn
    assert '<tspan x="180" dy="1.2em">second</tspan>' in drawn
    assert find_figure_faults(drawn.replace(' width="360" height="200" font', " font"), "room", [])  # words, font
    assert 'width="360" height="200" font-family="PT Sans' in drawn


@pytest.fixture
def version(app: object) -> CourseVersion:
    make_country()
    return make_full_course()


@pytest.mark.usefixtures("version")
class TestAddress:
    def test_anyone_gets_the_picture_for_good_and_it_cannot_act(self, client: FlaskClient) -> None:
        answer = client.get(ADDRESS)
        assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
        assert answer.cache_control.public
        assert answer.cache_control.immutable
        assert answer.cache_control.max_age == 31536000
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in answer.headers
        assert "Box</tspan>" in answer.text

    def test_the_language_is_that_of_the_address(self, client: FlaskClient) -> None:
        assert "Урна</tspan>" in client.get("/kk/figures/small/1/ru/room.svg").text

    @pytest.mark.parametrize(
        "address",
        ["/en/figures/small/1/en/moon.svg", "/en/figures/small/2/en/room.svg", "/en/figures/small/1/fr/room.svg"],
    )
    def test_what_is_not_there_is_not_found(self, client: FlaskClient, address: str) -> None:
        assert client.get(address).status_code == 404


def test_no_pattern_takes_long_over_a_strange_value() -> None:
    for value in ("1" * 5000 + "x", " " * 5000 + "x", "translate(1 " * 500, "1 1, " * 2000 + "!"):
        svg = SVG.replace("<line", f'<line transform="{value}" points="{value}" d="{value}"')
        assert any("is not allowed" in fault.sentence for fault in find_figure_faults(svg, "room", ["box"]))
        assert not re.search(r"translate\(1 translate", draw(SVG, {"box": value})[:100])
