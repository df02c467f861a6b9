"""What stands beside modules and questions: sources, figures, cases, forms, glossary; each fault, and the way back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from lms.commissions.permissions import SYSTEM
from lms.core.database.base import db
from lms.curriculum import queries
from lms.curriculum.grounds import find_source_faults
from lms.curriculum.models import Case, Figure, Form, Source, Term
from lms.packs.actions import load_pack, publish_pack
from lms.packs.checking import check_pack
from lms.packs.exporting import export_version
from lms.packs.rules import find_drift, find_uneven
from tests.factories.packs import case_dict, write_full_pack, write_list
from tests.factories.questions import question_dict, texts

Spoil = Callable[[Path], None]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_full_pack(tmp_path / "small")


def said(folder: Path) -> list[str]:
    return [str(fault).removeprefix(f"{folder}/") for fault in check_pack(folder).faults]


def change(name: str, old: str, new: str) -> Spoil:
    def spoil(folder: Path) -> None:
        for path in folder.glob(name):
            text = path.read_text(encoding="utf-8")
            assert old in text
            path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return spoil


def cases(**changes: Any) -> Spoil:
    return lambda folder: write_list(folder / "cases" / "opening.yaml", [case_dict(**changes)])


def questions(**changes: Any) -> Spoil:
    raw = question_dict("single", **{"id": "opening-new", **changes})
    return lambda folder: write_list(folder / "questions" / "more.yaml", [raw])


def remove(name: str) -> Spoil:
    return lambda folder: (folder / name).unlink()


def options(*right: bool) -> list[dict[str, Any]]:
    return [
        {"id": f"o{n}", "text": texts("Do"), "reply": texts("So"), "right": one} for n, one in enumerate(right, start=1)
    ]


def test_a_full_pack_has_no_fault_and_tells_everything(pack: Path) -> None:
    checked = check_pack(pack)
    assert (checked.faults, checked.notes) == ([], [])
    assert checked.weak == {"sources_missing": 0, "graded_on_usual_practice": 0}
    assert checked.pack is not None
    summary = checked.pack.summary()
    assert {name: summary[name] for name in ("cases", "figures", "forms", "terms", "sources", "entry")} == {
        "cases": 2, "figures": 1, "forms": 1, "terms": 1, "sources": 3, "entry": 3,
    }  # fmt: skip
    assert summary["questions"]["kk"]["entry"] == 4


FAULTS: list[tuple[Spoil, str]] = [
    (remove("sources.yaml"), "sources.yaml:1: this file is missing"),
    (change("sources.yaml", '"mark": "seen"', '"mark": "heard"'), "sources.yaml:1: source law: 'mark' is 'heard'"),
    (change("sources.yaml", '"id": "usual"', '"id": "law"'), "sources.yaml:3: source law: this id is used already"),
    (change("modules/count/ru.md", "[^law:40]", "[^moon:1]"), "modules/count/ru.md:9: there is no source 'moon'"),
    (change("modules/count/ru.md", "[^law:40]", "[^law: 40]"), "modules/count/ru.md:9: '[^law: 40]' is not a source"),
    (change("modules/count/ru.md", "[^law:40]", "[^law:41]"), "modules/count/ru.md:1: source marks in section 1: "),
    (
        change("modules/count/*.md", "Doors[^law:40] | 06:00[^usual]", "Doors | 06:00"),
        "modules/count/kk.md:5: the section 'First things' has no source mark",
    ),
    (
        change("modules/count/kk.md", "## First things", "## First[^law:40]"),
        "modules/count/kk.md:5: a source mark does",
    ),
    (
        change("modules/count/kk.md", "::: mistake", "::: sources\n- x\n:::\n\n::: mistake"),
        "modules/count/kk.md:15: the list of sources is made from the source marks",
    ),
    (
        change("modules/count/kk.md", "Words with", "Words " * 60 + "with"),
        "modules/count/ru.md:1: 25 words here, 84 in 'kk', more than 40 % longer",
    ),
    (questions(source="law:40"), "questions/more.yaml:1: question opening-new: 'source' must be a list"),
    (questions(source=[]), "questions/more.yaml:1: question opening-new: 'source' is too short"),
    (questions(source=["Act, 40"]), "questions/more.yaml:1: question opening-new: 'Act, 40' is not a source mark"),
    (questions(source=["moon"]), "questions/more.yaml:1: question opening-new: there is no source 'moon'"),
    (questions(source=["law:1", "usual"]), "questions/more.yaml:1: question opening-new: a graded question rests on"),
    (questions(use="exam"), "questions/more.yaml:1: question opening-new: 'use' is 'exam'"),
    (remove("questions/count-entry.yaml"), "pack.yaml:15: the entry draws 1 questions on 'count', the bank has 0"),
    (
        change("pack.yaml", '"count", "draw": 2}', '"count", "draw": 3}'),
        "pack.yaml:13: the test draws 3 questions on 'count', the bank has 10; have at least 15",
    ),
    (change("figures/room.svg", "<line", "<image/><line"), "figures/room.svg:6: the element 'image' is not allowed"),
    (change("figures/room.svg", "{box}", "{lid}"), "figures/room.svg:5: the label 'lid' is not among the labels"),
    (change("figures/room.svg", "{box}", "Box"), "figures/room.svg:5: the words 'Box' stand in the drawing"),
    (change("figures/room.yaml", '"labels": {', '"labels": {"x": {}, '), "figures/room.yaml:1: the label 'x' stands"),
    (change("figures/room.yaml", '"alt"', '"alto"'), "figures/room.yaml:1: figure room: 'alt' is missing"),
    (change("figures/room.yaml", '"Box|here"', '""'), "figures/room.yaml:1: figure room: the text in en is missing"),
    (remove("figures/room.yaml"), "figures/room.yaml:1: this file is missing"),
    (remove("figures/room.svg"), "modules/opening/en.md:15: there is no figure 'room'"),
    (change("modules/opening/ru.md", "![](figure:room)", "–"), "modules/opening/ru.md:1: figures: 'room' is missing"),
    (change("modules/opening/ru.md", "(module:count)", "(module:moon)"), "modules/opening/ru.md:17: the link leads to"),
    (change("modules/opening/ru.md", "(form:opening-form)", "(form:moon)"), "modules/opening/ru.md:17: the link leads"),
    (cases(module="moon"), "cases/opening.yaml:1: case moon-case: there is no module 'moon'"),
    (cases(lesson=None), "cases/opening.yaml:1: case opening-case: 'lesson' must have"),
    (cases(title={"kk": "a"}), "cases/opening.yaml:1: case opening-case: the text in ru, en is missing"),
    (cases(options=options(True, True, False)), "cases/opening.yaml:1: case opening-case: 2 options are right"),
    (cases(options=options(True, False)), "cases/opening.yaml:1: case opening-case: 'options' is too short"),
    (cases(source=["usual"]), "cases/opening.yaml:1: case opening-case: what is right rests on usual practice alone"),
    (cases(source=["moon"]), "cases/opening.yaml:1: case opening-case: there is no source 'moon'"),
    (cases(id="count-case"), "cases/opening.yaml:1: case count-case: this id is used already in count.yaml:1"),
    (remove("forms/opening-form/ru.md"), "forms/opening-form/ru.md:1: this file is missing"),
    (change("forms/opening-form/ru.md", "|---|---|", ""), "forms/opening-form/ru.md:1: there is no table; a form"),
    (
        change("pack.yaml", '"opening-form"', '"closing-form"'),
        "forms/opening-form/en.md:1: this file belongs to no form",
    ),
    (change("glossary.yaml", '"short"', '"long"'), "glossary.yaml:1: term ballot-box: 'short' is missing"),
    (change("glossary.yaml", "ballot box(?:es)?", "ballot ("), "glossary.yaml:1: term ballot-box: 'ballot (' is not a"),
]


@pytest.mark.parametrize(("spoil", "expected"), FAULTS)
def test_faults(pack: Path, spoil: Spoil, expected: str) -> None:
    spoil(pack)
    found = said(pack)
    assert any(line.startswith(expected) for line in found), found


def test_words_to_avoid_and_words_that_a_language_misses_are_noted(pack: Path) -> None:
    change("modules/count/en.md", "Words", "The urn is a ballot box, words")(pack)
    change("cases/opening.yaml", "A locked door (en)", "A locked urn")(pack)
    checked = check_pack(pack)
    assert checked.faults == []
    assert [str(note).removeprefix(f"{pack}/") for note in checked.notes] == [
        "cases/opening.yaml:1: 'urn' is a word to avoid; the glossary says 'ballot box'",
        "modules/count/en.md:13: 'urn' is a word to avoid; the glossary says 'ballot box'",
        "modules/count/kk.md:1: 'жәшік' is never said here, but in en; say the same thing in every language",
        "modules/count/ru.md:1: 'урна' is never said here, but in en; say the same thing in every language",
    ]


def test_a_figure_that_stands_nowhere_is_noted(pack: Path) -> None:
    change("modules/opening/*.md", "![](figure:room)", "–")(pack)
    assert any("figures/room.svg:1: this figure stands in no text" in str(note) for note in check_pack(pack).notes)


def test_articles_may_stand_in_one_mark_or_in_two(pack: Path) -> None:
    change("modules/count/*.md", "[^law:40]", "[^law:40,41]")(pack)
    change("modules/count/ru.md", "[^law:40,41]", "[^law:41][^law:40]")(pack)
    assert said(pack) == []


@pytest.mark.parametrize(
    ("words", "language"), [({"kk": 100, "ru": 120, "en": 140}, None), ({"kk": 100, "ru": 120, "en": 141}, "kk")]
)
def test_texts_are_of_like_length(words: dict[str, int], language: str | None) -> None:
    assert [found for found, _sentence in find_uneven(words)] == ([language] if language else [])


def test_drift_is_compared_only_between_texts_of_as_many_sections() -> None:
    from collections import Counter

    one = {"figures": Counter(["a"]), "links": Counter[str]()}
    assert find_drift({"kk": one, "ru": {**one, "more": Counter(["x"])}}, "kk") == []
    assert find_drift({"kk": one, "ru": {**one, "figures": Counter(["b"])}}, "kk") == [
        ("ru", "figures: 'a' is missing, 'b' is not in 'kk'; both languages must be built alike")
    ]


def test_usual_practice_may_stand_where_nothing_is_graded() -> None:
    sources = {"law": "seen", "usual": "known"}
    assert find_source_faults({"source": ["usual"]}, sources, graded=False) == []
    assert len(find_source_faults({"source": ["law:1", "usual"]}, sources, graded=True)) == 1


@pytest.mark.usefixtures("db_session")
class TestPublished:
    def test_everything_is_kept_with_the_version(self, pack: Path) -> None:
        version = publish_pack(pack=load_pack(pack), by=SYSTEM).version
        assert [source.code for source in queries.list_sources(version.id)] == ["law", "arithmetic", "usual"]
        assert queries.list_sources(version.id)[0].dated is not None
        assert [figure.code for figure in queries.list_figures(version.id)] == ["room"]
        assert [case.code for case in queries.list_cases(version.id, "count")] == ["count-case"]
        assert [form.code for form in queries.list_forms(version.id)] == ["opening-form"]
        assert queries.list_terms(version.id)[0].terms["en"] == "ballot box"
        assert version.entry == {"blueprint": [{"topic": "opening", "draw": 2}, {"topic": "count", "draw": 1}]}

    def test_the_way_there_and_back_is_exact(self, pack: Path, tmp_path: Path) -> None:
        version = publish_pack(pack=load_pack(pack), by=SYSTEM).version
        out = export_version(version, tmp_path / "out")
        assert {path.name for path in out.iterdir()} == {path.name for path in pack.iterdir()}
        again = check_pack(out).pack
        assert again is not None
        assert again.checksum == version.checksum
        assert not publish_pack(pack=again, by=SYSTEM).is_new

    @pytest.mark.parametrize(
        "name", ["glossary.yaml", "figures/room.svg", "cases/count.yaml", "forms/opening-form/kk.md"]
    )
    def test_a_change_of_any_part_makes_a_new_version(self, pack: Path, name: str) -> None:
        first = publish_pack(pack=load_pack(pack), by=SYSTEM).version
        old, new = ('"40"', '"41"') if name.endswith(".svg") else ("a", "e")
        change(name, old, new)(pack) if name.endswith(".svg") else change(name, "(kk)", "(kk!)")(pack)
        second = publish_pack(pack=load_pack(pack), by=SYSTEM)
        assert second.is_new
        assert second.version.checksum != first.checksum

    @pytest.mark.parametrize("model", [Source, Figure, Case, Form, Term])
    def test_nothing_of_it_ever_changes(self, pack: Path, model: Any) -> None:
        publish_pack(pack=load_pack(pack), by=SYSTEM)
        for statement in (update(model).values(code="x"), delete(model)):
            with pytest.raises((IntegrityError, DatabaseError), match="never change"), db.session.begin_nested():
                db.session.execute(statement)


def test_the_command_tells_figures_and_notes(pack: Path, app: Any) -> None:
    from lms.cli import main

    lms = app.test_cli_runner()
    change("modules/count/en.md", "Words", "The urn, words")(pack)
    words = lms.invoke(main, ["packs", "check", str(pack)])
    assert words.exit_code == 0, words.output
    assert "sources 3, figures 1, cases 2, forms 1, terms 1." in words.stdout
    assert "sources missing 0; graded questions resting on usual practice 0." in words.stdout
    assert "'urn' is a word to avoid" in words.stdout
    data = json.loads(lms.invoke(main, ["packs", "check", str(pack), "--json"]).stdout)
    assert (data["packs"][0]["sources_missing"], len(data["notes"]), data["faults"]) == (0, 1, [])
