"""`lms packs check` finds every fault, and says in which file and line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lms.packs.checking import check_pack, find_packs
from tests.factories.packs import MODULE_TEXT, pack_dict, write_pack
from tests.factories.questions import question_dict, texts


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_pack(tmp_path / "small")


def said(folder: Path) -> list[str]:
    """The faults as they are printed, with paths from the pack's folder; with a fault there is no pack to publish."""
    checked = check_pack(folder)
    assert bool(checked.faults) is (checked.pack is None)
    return [str(fault).removeprefix(f"{folder}/") for fault in checked.faults]


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_good_pack_has_no_fault_and_tells_its_figures(pack: Path) -> None:
    checked = check_pack(pack)
    assert checked.faults == []
    assert checked.pack is not None
    summary = checked.pack.summary()
    assert summary["modules"] == 2
    assert summary["words"]["kk"] == summary["words"]["en"] > 40
    assert summary["questions"]["ru"]["by_topic"] == {"count": 10, "opening": 15}
    assert summary["questions"]["ru"]["by_kind"]["number"] == 2
    assert summary["questions"]["ru"]["self_check"] == 4
    assert summary["test"] == {"questions": 5, "enough": 4}


def test_the_checksum_is_of_what_is_taught(pack: Path) -> None:
    before = check_pack(pack).pack
    write_pack(pack, pack_dict(change="editorial", note=texts("A word mended")))
    after = check_pack(pack).pack
    assert before
    assert after
    assert before.checksum == after.checksum
    change(pack / "modules/count/ru.md", "Closing too early", "Closing much too early")
    other = check_pack(pack).pack
    assert other
    assert other.checksum != before.checksum


def test_line_ends_and_spaces_at_the_end_do_not_count(pack: Path) -> None:
    before = check_pack(pack).pack
    path = pack / "modules/count/ru.md"
    path.write_bytes(path.read_bytes().replace(b"\n", b"  \r\n") + b"\r\n\r\n")
    after = check_pack(pack).pack
    assert before
    assert after
    assert before.checksum == after.checksum


PACK_FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"colour": "red"}, "pack.yaml:14: the key 'colour' is not known"),
    ({"format": 2}, "pack.yaml:1: 'format' is 2"),
    ({"title": {"kk": "a", "ru": "b"}}, "pack.yaml:8: the text in en is missing"),
    ({"level": "moon"}, "pack.yaml:3: 'level' is 'moon'"),
    ({"law_date": "soon"}, "pack.yaml:5: 'law_date'"),
    ({"workshop": "yes"}, "pack.yaml:10: 'workshop'"),
    (
        {"topics": [{"id": "opening", "module": "closing", "title": texts("a")}, *pack_dict()["topics"][1:]]},
        "pack.yaml:11: there is no module 'closing'",
    ),
    ({"topics": pack_dict()["topics"] * 2}, "pack.yaml:11: the id 'opening' stands twice in topics"),
    ({"modules": pack_dict()["modules"] * 2}, "pack.yaml:12: the id 'opening' stands twice in modules"),
]


@pytest.mark.parametrize(("changes", "expected"), PACK_FAULTS)
def test_faults_of_pack_yaml(tmp_path: Path, changes: dict[str, Any], expected: str) -> None:
    folder = write_pack(tmp_path / "small", pack_dict(**changes))
    found = said(folder)
    assert any(line.startswith(expected) for line in found), found


def _test_settings(**changes: Any) -> dict[str, Any]:
    return pack_dict(test={**pack_dict()["test"], **changes})


TEST_FAULTS: list[tuple[dict[str, Any], str]] = [
    (
        {"blueprint": [{"topic": "opening", "draw": 7}]},
        "draws 7 questions on 'opening', the bank has 15; have at least 35",
    ),
    ({"blueprint": [{"topic": "moon", "draw": 1}]}, "there is no topic 'moon'"),
    ({"blueprint": [{"topic": "opening", "draw": 1}] * 2}, "topic 'opening' is drawn twice"),
    ({"minimums": [{"topics": ["count"], "right": 3}]}, "3 right answers are asked for, but only 2"),
    ({"minimums": [{"topics": ["moon"], "right": 1}]}, "topic 'moon' has no question in the test"),
    ({"pass_percent": 101}, "'pass_percent'"),
    ({"attempts": 0}, "'attempts'"),
    ({"minuts": 30}, "the key 'minuts' is not known"),
]


@pytest.mark.parametrize(("changes", "expected"), TEST_FAULTS)
def test_faults_of_the_test(tmp_path: Path, changes: dict[str, Any], expected: str) -> None:
    folder = write_pack(tmp_path / "small", _test_settings(**changes))
    found = said(folder)
    assert any(line.startswith("pack.yaml:13: ") and expected in line for line in found), found


def _self_check(*ids: str) -> dict[str, Any]:
    modules = pack_dict()["modules"]
    modules[0]["self_check"] = list(ids)
    return pack_dict(modules=modules)


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        (("opening-s1", "opening-s9"), "there is no question 'opening-s9'"),
        (("opening-s1", "opening-single"), "question 'opening-single' is for the test"),
        (("opening-s1", "opening-s1"), "question 'opening-s1' is in a self-check already"),
        (("opening-s1",), "'self_check'"),
        (("opening-s1", "count-s1"), "question 'opening-s2' is for a self-check, but no module names it"),
    ],
)
def test_a_self_check_is_two_questions_made_for_it(tmp_path: Path, ids: tuple[str, ...], expected: str) -> None:
    folder = write_pack(tmp_path / "small", _self_check(*ids))
    found = said(folder)
    assert any(expected in line for line in found), found


def _rewrite(*questions: dict[str, Any]) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        from tests.factories.packs import _plain, bank, more_questions

        rows = [_plain(question) for question in [*questions, *bank("count"), *more_questions("count")]]
        (folder / "questions/count.yaml").write_text("".join(f"- {row}\n" for row in rows), encoding="utf-8")

    return write


def _write(name: str, content: bytes) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)

    return write


def _change(name: str, old: str, new: str) -> Callable[[Path], None]:
    return lambda folder: change(folder / name, old, new)


def _remove(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def question(**changes: Any) -> dict[str, Any]:
    return question_dict("single", id="count-new", **{"topic": "count", **changes})


FILE_FAULTS: list[tuple[Callable[[Path], None], str]] = [
    (_rewrite(question(topic="moon")), "questions/count.yaml:1: question count-new: there is no topic 'moon'"),
    (_rewrite(question(source=None)), "questions/count.yaml:1: question count-new: 'source' is missing"),
    (_rewrite(question(text={"kk": "a"})), "questions/count.yaml:1: question count-new: the text in ru, en is missing"),
    (_rewrite(question(options=[])), "questions/count.yaml:1: question count-new: no option is right"),
    (
        _rewrite(question(), question()),
        "questions/count.yaml:2: question count-new: this id is used already in count.ya",
    ),
    (
        _rewrite(question(), {**question(), "id": "opening-single"}),
        "questions/opening.yaml:1: question opening-single: this id is used already in count.yaml:2",
    ),
    (_change("questions/count.yaml", "- ", "- 7\n- "), "questions/count.yaml:1: this is not a question"),
    (_write("questions/more.yaml", b"id: a\n"), "questions/more.yaml:1: a question file is a list"),
    (_write("questions/more.yml", b"[]\n"), "questions/more.yml:1: this file is not read"),
    (_write("questions/more.yaml", b"- id: a\n  id: b\n"), "questions/more.yaml:2: this is not YAML"),
    (_write("questions/more.yaml", b"- id: [a\n- b: c\n"), "questions/more.yaml:2: this is not YAML"),
    (_write("questions/more.yaml", b"- &a x\n- *a\n"), "questions/more.yaml:2: anchors and aliases"),
    (_write("questions/more.yaml", b"[" * 5000), "questions/more.yaml:1: this is nested deeper than 20"),
    (_write("questions/more.yaml", b"- id: a\n- \xff\xfe\n"), "questions/more.yaml:2: byte 0xff is not UTF-8"),
    (_write("questions/more.yaml", b"[]\n" + b"#" * 2_000_001), "questions/more.yaml:1: this file is larger than 2 MB"),
    (_write("modules/count/kk.md", b"\n\x07\n"), "modules/count/kk.md:2: the control character U+0007"),
    (_change("modules/count/kk.md", "Words", "мaй Words"), "modules/count/kk.md:13: the word 'мaй' mixes Latin and"),
    (_remove("modules/count/ru.md"), "modules/count/ru.md:1: this file is missing"),
    (_write("modules/moon/kk.md", b"x\n"), "modules/moon/kk.md:1: this file belongs to no module"),
    (_write("modules/count/fr.md", b"x\n"), "modules/count/fr.md:1: this file belongs to no module"),
    (_change("modules/count/kk.md", "**weight**", "<b>weight</b>"), "modules/count/kk.md:13: raw HTML '<b>'"),
    (_change("modules/count/kk.md", "Words", "<div>\n"), "modules/count/kk.md:13: raw HTML is not allowed"),
    (_change("modules/count/kk.md", "Words", "![x](y.png)"), "modules/count/kk.md:13: an image is a figure alone"),
    (_change("modules/count/kk.md", "Words", "[x](/y)"), "modules/count/kk.md:13: the link '/y'"),
    (_change("modules/count/kk.md", "## First", "# First"), "modules/count/kk.md:5: a heading of level 1"),
    (_change("modules/count/kk.md", "::: aim", "::: goal"), "modules/count/kk.md:1: the block 'goal' is not known"),
    (_change("modules/count/kk.md", "early.\n:::", "early."), "modules/count/kk.md:18: a block begins inside"),
    (_change("modules/count/kk.md", "- Two\n:::", "- Two"), "modules/count/kk.md:19: this block is not closed"),
    (_change("modules/count/kk.md", "Words", ":::\n"), "modules/count/kk.md:13: ':::' closes a block"),
    (_change("modules/count/kk.md", "::: mistake", "::: aim"), "modules/count/kk.md:1: '::: aim' stands 2 times"),
    (
        _change("modules/count/kk.md", "### A", "## A"),
        "modules/count/ru.md:1: headings of the second level: 1 here, 2 in",
    ),
    (_change("modules/count/en.md", "::: mistake", "::: remember"), "modules/count/en.md:1: 'mistake' blocks: 0 here"),
    (_write("modules/count/kk.md", MODULE_TEXT.replace("|", "").encode()), "modules/count/kk.md:1: there is no table"),
    (_remove("pack.yaml"), "pack.yaml:1: this file is missing"),
    (_write("pack.yaml", b"- a\n"), "pack.yaml:1: "),
]


@pytest.mark.parametrize(("spoil", "expected"), FILE_FAULTS)
def test_faults_of_the_files(pack: Path, spoil: Callable[[Path], None], expected: str) -> None:
    spoil(pack)
    found = said(pack)
    assert any(line.startswith(expected) for line in found), found


def test_an_escape_before_a_cyrillic_letter_is_no_mixed_word(pack: Path) -> None:
    _rewrite(question(text=texts("бір\nекі")))(pack)
    assert said(pack) == []


def test_a_link_out_of_the_pack_is_not_followed(pack: Path, tmp_path: Path) -> None:
    path = pack / "modules/count/kk.md"
    outside = tmp_path / "outside.md"
    outside.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    path.unlink()
    path.symlink_to(outside)
    assert said(pack) == ["modules/count/kk.md:1: this file is missing; add it"]


def test_faults_in_several_files_are_all_told_at_once(pack: Path) -> None:
    _rewrite(question(source=None))(pack)
    change(pack / "pack.yaml", '"id": "count", "module"', '"id": "count", "colour": 1, "module"')
    change(pack / "modules/opening/en.md", "Words", "<b>Words</b>")
    (pack / "modules/count/ru.md").unlink()
    assert len({line.split(":")[0] for line in said(pack)}) == 4


def test_a_pack_of_two_languages(tmp_path: Path) -> None:
    two = {"languages": ["kk", "ru"]}
    folder = write_pack(tmp_path / "small", pack_dict(**two))
    found = said(folder)
    assert any("the language en is not one of the pack's" in line for line in found)
    assert any(line.startswith("modules/count/en.md") for line in found)


def test_packs_are_found_in_a_folder_of_packs(pack: Path, tmp_path: Path) -> None:
    assert find_packs(tmp_path) == find_packs(pack) == [pack]
    assert find_packs(tmp_path / "nothing") == []
