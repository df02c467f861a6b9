"""Every template compiles, holds the rules of the content security policy, and says nothing outside the catalogues."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

from flask import Flask
from jinja2 import Environment

from lms.core.config import ROOT

TEMPLATES = sorted(path for path in (ROOT / "lms").glob("**/templates/**/*.html"))
LAYOUT = ROOT / "lms" / "core" / "web" / "templates" / "layout.html"
PAGES = [path for path in TEMPLATES if path == LAYOUT or "<html" not in path.read_text(encoding="utf-8")]
"""What a browser shows; whole documents of their own are set on paper, in two languages at once."""
SPOKEN = {"alt", "title", "aria-label", "placeholder", "label", "summary"}
"""Attributes that people hear or read."""
SAME_EVERYWHERE = {"PDF", "CSV", "XLSX", "QR", "Қаз", "Рус", "Eng"}
NOT_WORDS = re.compile(r"{% block width %}\w+{% endblock %}")
"""A class of the page, set as a block."""
WORD = re.compile(r"[^\W\d_]{2,}")
lexer = Environment(extensions=["jinja2.ext.do"], trim_blocks=True, lstrip_blocks=True, autoescape=True)


class Reader(HTMLParser):
    """Collects the words people would see and everything the policy forbids."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.forbidden: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in names):
            self.forbidden.append(f"<{tag}>")
        self.forbidden += [name for name in names if name == "style" or name.startswith("on")]
        self.silent += tag in ("script", "style")
        self.words += [value or "" for name, value in attrs if name in SPOKEN]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(data)


def read(path: Path) -> Reader:
    """The template as HTML, with a figure where Jinja would put something."""
    parts: list[str] = []
    source = NOT_WORDS.sub("", path.read_text(encoding="utf-8"))
    for _line, kind, value in lexer.lex(source):
        if kind == "data":
            parts.append(value)
        elif kind == "variable_begin":
            parts.append("x" if parts and parts[-1].endswith(("<", "</")) else "0")
    reader = Reader()
    reader.feed("".join(parts))
    return reader


def said_outside_catalogues(path: Path) -> list[str]:
    """Words that a reader of another language would see in English."""
    return [word for words in read(path).words for word in WORD.findall(words) if word not in SAME_EVERYWHERE]


def test_every_template_compiles(app: Flask) -> None:
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)


def test_templates_are_clean() -> None:
    command = [str(Path(sys.executable).parent / "djlint"), "lms", "--lint", "--quiet"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_pages_hold_no_inline_style_or_script() -> None:
    forbidden = {str(path.relative_to(ROOT)): found for path in PAGES if (found := read(path).forbidden)}
    assert forbidden == {}


def test_every_word_goes_through_the_catalogues() -> None:
    raw = {str(path.relative_to(ROOT)): found for path in PAGES if (found := said_outside_catalogues(path))}
    assert raw == {}


def test_the_check_finds_raw_words_and_inline_style(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("{% if x %}<p style='a' title='Hello'>{{ _('fine') }} Raw words</p>{% endif %}", encoding="utf-8")
    assert said_outside_catalogues(page) == ["Hello", "Raw", "words"]
    assert read(page).forbidden == ["style"]
