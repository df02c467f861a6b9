"""Pages of the bank: the whole way without a script, and each refusal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from pydantic import BaseModel
from sqlalchemy import event, select
from werkzeug.datastructures import MultiDict

from lms.accounts.models import Account
from lms.bank import queries
from lms.bank.models import Draft, FieldCase
from lms.bank.rules import DraftState
from lms.bank.shaping import Shape, Slot, slots_of
from lms.bank.words import FIELD_WORDS, SHAPED_WORDS, choice_words
from lms.core.database.base import db
from lms.core.web.languages import speaking
from lms.curriculum.models import CourseVersion
from lms.questions.kinds.registry import KINDS
from lms.questions.models import Question, QuestionVersion
from tests.bank.test_pictures import picture
from tests.conftest import Client
from tests.factories.bank import form_of, make_case, make_draft, make_reviewed, make_writer, save
from tests.factories.commissions import Country, make_country, make_member, make_officer, sign_in_as
from tests.factories.curriculum import make_course
from tests.factories.questions import KIND_NAMES, ROOM, question_body, texts


@pytest.fixture
def country(app: object) -> Country:
    return make_country()


@pytest.fixture
def version(country: Country) -> CourseVersion:
    return make_course()


@pytest.fixture
def writer(country: Country, version: CourseVersion, client: Client) -> Account:
    """A methodologist whose browser it is."""
    account = make_writer(country)
    sign_in_as(client, account)
    return account


def newest_draft() -> Draft:
    return db.session.scalars(select(Draft).order_by(Draft.id.desc()).limit(1)).one()


def question_id(code: str) -> int:
    return db.session.scalars(select(Question.id).where(Question.code == code)).one()


def press(client: Client, draft: Draft, do: str, body: dict[str, Any], **more: Any) -> Any:
    data = form_of(draft.kind, body, **{"do": do, "revision": draft.revision, **more})
    return client.post(f"/en/bank/drafts/{draft.id}/save", data=data)


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_a_question_is_written_sent_read_and_published(
    client: Client, country: Country, writer: Account, kind: str
) -> None:
    client.post("/en/bank/drafts/new", data={"course": "small", "kind": kind})
    draft = newest_draft()
    page = client.get(f"/en/bank/drafts/{draft.id}").text
    assert 'name="body.text.kk"' in page
    assert "Before it can be sent" not in page, "nobody is blamed for what they have not begun"
    assert press(client, draft, "send", question_body(kind)).headers["Location"].endswith("/bank/drafts")
    sign_in_as(client, make_writer(country))
    assert "you may review it" in client.get("/en/bank/drafts").text
    page = client.get(f"/en/bank/drafts/{draft.id}").text
    assert question_body(kind)["text"]["kk"].splitlines()[0] in page
    assert "Because the act says so. (en)" in page
    client.post(f"/en/bank/drafts/{draft.id}/move", data={"do": "approve"})
    answer = client.post(f"/en/bank/drafts/{draft.id}/move", data={"do": "publish"}, follow_redirects=True)
    assert f"small/bank-{draft.id}" in answer.text


def test_faults_stand_beside_their_fields_and_on_top(client: Client, writer: Account) -> None:
    draft = make_draft(writer)
    body = question_body("single", text={"en": "Only English"})
    body["options"][1] = {"id": "b", "text": {"kk": "x"}, "right": False}
    answer = press(client, draft, "send", body)
    page = client.get(answer.headers["Location"]).text
    assert '<a href="#body.text">Text. Write the text also in: Қазақша, Русский.</a>' in page
    second = '<a href="#body.options.1.text">Options: number 2 · Text. Write the text also in: Русский, English.</a>'
    assert second in page
    assert '<a href="#body.options">Options. No option is marked as right: tick one.</a>' in page
    assert page.count("Write the text also in: Қазақша, Русский.") == 2
    assert newest_draft().state == DraftState.DRAFT
    assert newest_draft().body["text"] == {"en": "Only English"}


def test_parts_are_added_moved_and_removed_without_a_script(client: Client, writer: Account) -> None:
    draft = make_draft(writer)
    answer = press(client, draft, "add:options", question_body("single"))
    assert answer.headers["Location"].endswith("#body.options.3"), "the reader stands at what is new"
    assert [part["id"] for part in newest_draft().body["options"]] == ["a", "b", "c", "m"]
    answer = press(client, newest_draft(), "up:options.2", newest_draft().body)
    assert answer.headers["Location"].endswith("#body.options.1")
    press(client, newest_draft(), "remove:options.0", newest_draft().body)
    assert [part["id"] for part in newest_draft().body["options"]] == ["c", "b", "m"]


def upload(client: Client, draft: Draft, content: bytes, do: str = "picture", **changes: Any) -> Any:
    """Press a button of the form of a question with places, with a file in it."""
    body = question_body("hotspot", **changes)
    body["picture"] = {"alt": texts("A room")}
    data: MultiDict[str, Any] = MultiDict(form_of("hotspot", body, do=do, revision=draft.revision))
    data.add("body.picture.file", (BytesIO(content), "picture.png" if content else ""))
    return client.post(f"/en/bank/drafts/{draft.id}/save", data=data)


def test_a_picture_is_put_in_and_shown(client: Client, writer: Account) -> None:
    draft = make_draft(writer, "hotspot")
    answer = upload(client, draft, ROOM.replace("{box}", "Ящик").encode())
    assert answer.headers["Location"].endswith("#body.picture")
    assert newest_draft().body["picture"]["labels"] == {"w1": dict.fromkeys(("kk", "ru", "en"), "Ящик")}
    page = client.get(answer.headers["Location"]).text
    assert 'id="spots"' in page
    assert page.count("data:image/svg+xml;base64,") == 2, "in the editor and in the preview"
    upload(client, newest_draft(), picture("JPEG"), "save", text=texts("Saved with it"))
    kept = newest_draft().body
    assert (kept["picture"]["width"], kept["picture"]["height"]) == (400, 300)
    assert "svg" not in kept["picture"]
    assert kept["text"] == texts("Saved with it")
    page = client.get(f"/en/bank/drafts/{draft.id}?check=1").text
    assert kept["picture"]["png"] not in page, "it does not travel with every save"
    upload(client, newest_draft(), b"", "save")
    assert newest_draft().body["picture"] == kept["picture"], "it stays when no other is chosen"
    assert "Before it can be sent" not in client.get(f"/en/bank/drafts/{draft.id}?check=1").text


def test_two_versions_differ_by_their_pictures_in_one_line(
    client: Client, country: Country, writer: Account, version: CourseVersion
) -> None:
    number = question_id("small/opening-hotspot")
    client.post(f"/en/bank/questions/{number}/rewrite")
    upload(client, newest_draft(), picture("PNG"), "send", areas=[
        {"id": "a", "label": texts("left"), "x": 10, "y": 10, "width": 80, "height": 80},
        {"id": "b", "right": True, "label": texts("right"), "x": 200, "y": 10, "width": 80, "height": 80},
    ])  # fmt: skip
    kept = newest_draft().body["picture"]["png"]
    sign_in_as(client, make_writer(country))
    for do in ("approve", "publish"):
        client.post(f"/en/bank/drafts/{newest_draft().id}/move", data={"do": do})
    page = client.get(f"/en/bank/questions/{number}").text
    assert kept not in page
    assert re.search(rf"Picture · png</td>.*?<td[^>]*>{len(kept):,} · [0-9a-f]{{12}}</td>", page, re.DOTALL)


@pytest.mark.parametrize("do", ["picture", "save", "send"])
def test_nothing_is_lost_when_a_picture_is_refused(client: Client, writer: Account, do: str) -> None:
    draft = make_draft(writer, "hotspot")
    before = newest_draft().body["picture"]
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    answer = upload(client, draft, svg, do, text=texts("Typed before"))
    page = client.get(answer.headers["Location"]).text
    assert "The picture was not taken" in page
    assert page.count("This drawing holds a script or something else that acts (script).") == 2
    kept = newest_draft()
    assert kept.state == DraftState.DRAFT
    assert kept.body["text"] == texts("Typed before")
    assert kept.body["picture"].get("svg") == before["svg"] or kept.body["picture"] == {"alt": texts("A room")}


def test_a_picture_must_be_chosen_and_described_in_every_language(client: Client, writer: Account) -> None:
    draft = make_draft(writer, "hotspot")
    answer = press(client, draft, "picture", {**question_body("hotspot"), "picture": {"alt": {"en": "A room"}}})
    assert "Choose a file first" in client.get(answer.headers["Location"]).text
    page = client.get(f"/en/bank/drafts/{draft.id}?check=1").text
    assert '<a href="#body.picture">Picture. There is no picture yet: choose a file.</a>' in page
    assert (
        '<a href="#body.picture.alt">Picture · What one would see. Write the text also in: Қазақша, Русский.</a>'
        in page
    )


def test_an_address_puts_no_words_into_the_page(client: Client, writer: Account) -> None:
    draft = make_draft(writer, "hotspot")
    page = client.get(f"/en/bank/drafts/{draft.id}?picture=unplain&what=<b>Call:/+7</b>").text
    assert "(bCall 7b)" in page
    assert "not taken" not in client.get(f"/en/bank/drafts/{draft.id}?picture=nonsense").text


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_field_and_choice_has_words(language: str) -> None:
    """Nothing in the editor is called by the name that the schema has for it."""
    with speaking(language):
        slots = [slot for kind in KINDS.values() for slot in all_slots(kind.schema) if slot.shape is not Shape.HIDDEN]
        plain = [slot.name for slot in slots if slot.shape is not Shape.KEPT and not has_words(slot)]
        raw = [choice for slot in slots for choice in slot.choices if choice_words(choice) == str(choice)]
    assert plain == []
    assert raw == []


def has_words(slot: Slot) -> bool:
    return slot.name in FIELD_WORDS or (slot.name, slot.shape) in SHAPED_WORDS


def all_slots(model: type[BaseModel]) -> Iterator[Slot]:
    for slot in slots_of(model):
        yield slot
        for inner in slot.models:
            yield from all_slots(inner)


def test_the_signs_of_gaps_and_steps_are_told(client: Client, writer: Account) -> None:
    """Without them nobody could write a text with gaps, nor a step that follows from another."""
    draft = make_draft(writer, "gap-text")
    page = client.get(f"/en/bank/drafts/{draft.id}").text
    assert "In the text: {{who}}" in page
    client.post("/en/bank/drafts/new", data={"course": "small", "kind": "gap-text"})
    assert "In the text: {{m}}" in client.get(f"/en/bank/drafts/{newest_draft().id}").text
    draft = make_draft(writer, "case")
    assert "Short name: in-boxes" in client.get(f"/en/bank/drafts/{draft.id}").text


def test_steps_that_were_moved_never_tell_the_order(client: Client, writer: Account) -> None:
    draft = make_draft(writer, "ordering")
    items = sorted(draft.body["items"], key=lambda item: item["id"])
    answer = press(client, draft, "send", {**draft.body, "items": items})
    assert answer.headers["Location"].endswith("/bank/drafts")
    kept = newest_draft().body["items"]
    assert [item["text"] for item in kept] == [item["text"] for item in items]
    assert [item["id"] for item in kept] == ["m", "c", "t"]


def test_a_new_case_has_no_step_of_no_kind(client: Client, writer: Account) -> None:
    client.post("/en/bank/drafts/new", data={"course": "small", "kind": "case"})
    page = client.get(f"/en/bank/drafts/{newest_draft().id}").text
    assert 'name="body.steps.count" value="0"' in page
    press(client, newest_draft(), "add:steps:number", {})
    assert newest_draft().body["steps"] == [{"id": "m", "kind": "number"}]


def test_forms_of_protocols_and_their_faults_are_offered(client: Client, writer: Account) -> None:
    draft = make_draft(writer, "protocol")
    page = client.get(f"/ru/bank/drafts/{draft.id}").text
    assert re.search(r'<option value="kz-presidential" selected>[^<]*учебн', page, re.IGNORECASE)
    assert re.search(r"<dt>unused-digits</dt><dd>В числе неиспользованных", page)
    assert "Fill" not in page


def test_the_script_is_told_what_was_kept_and_shown_the_question(client: Client, writer: Account) -> None:
    draft = make_draft(writer)
    data = form_of("single", question_body("single", text=texts("Живое")), revision=draft.revision, see="ru")
    said = client.post(f"/en/bank/drafts/{draft.id}/autosave", data=data).json
    assert (said["fate"], said["revision"]) == ("kept", newest_draft().revision)
    assert "Живое (ru)" in said["preview"]
    late = client.post(f"/en/bank/drafts/{draft.id}/autosave", data=data).json
    assert late["fate"] == "stale"
    page = client.get(late["copy"]).text
    assert "Both are kept" in page
    client.post(late["copy"] + "/use")
    assert newest_draft().body["text"] == texts("Живое")


def test_an_unfinished_question_breaks_no_page(client: Client, writer: Account) -> None:
    for kind in KIND_NAMES:
        client.post("/en/bank/drafts/new", data={"course": "small", "kind": kind})
        draft = newest_draft()
        for body in ({}, {"text": {"kk": "Сөз"}}, {**question_body(kind), "explanation": {}}):
            save(draft, writer, body)
            assert client.get(f"/kk/bank/drafts/{draft.id}?check=1").status_code == 200


def test_what_is_typed_is_shown_as_text(client: Client, writer: Account) -> None:
    draft = make_draft(writer, text=texts("<script>alert(1)</script>"))
    page = client.get(f"/en/bank/drafts/{draft.id}?check=1").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize(("do", "status"), [("approve", 403), ("publish", 422), ("burn", 422), ("return", 422)])
def test_each_refusal_says_why(client: Client, writer: Account, do: str, status: int) -> None:
    draft = make_draft(writer)
    assert client.post(f"/en/bank/drafts/{draft.id}/move", data={"do": do}).status_code == status


def test_a_foreign_draft_is_read_and_not_changed(client: Client, country: Country, writer: Account) -> None:
    draft = make_draft(make_writer(country))
    page = client.get(f"/en/bank/drafts/{draft.id}").text
    assert 'name="body.text.kk"' not in page
    assert press(client, draft, "save", question_body("single")).status_code == 403
    assert client.get(f"/en/bank/drafts/{draft.id}/copies/1").status_code == 403


@pytest.mark.parametrize(
    ("address", "found", "missed"),
    [
        ("?words=ШЁСА", [], ["small/"]),
        ("?words=right%3F+(ru)&kind=number", ["small/opening-number"], ["small/opening-single"]),
        ("?course=small&topic=count", ["small/count-single"], ["small/opening-single"]),
        ("?course=smal", [], ["small/"]),
        ("?use=self-check", ["small/count-s1"], ["small/count-single"]),
        ("?difficulty=hard", [], ["small/"]),
        ("?standing=withdrawn", [], ["small/"]),
        ("?standing=published&language=kk", ["small/count-single"], []),
        ("?valid=over", [], ["small/"]),
        ("?valid=now&after=small/count-t", ["small/opening-single"], ["small/count-single"]),
        ("?kind=nonsense&words=%25", [], ["small/"]),
    ],
)
def test_questions_are_looked_for(
    client: Client, writer: Account, address: str, found: list[str], missed: list[str]
) -> None:
    page = client.get(f"/en/bank{address}").text
    assert all(code in page for code in found)
    assert not any(f'small">{code}' in page for code in missed)


def test_an_empty_bank_says_what_to_do(client: Client, country: Country) -> None:
    sign_in_as(client, make_writer(country))
    assert "There is no question yet" in client.get("/en/bank").text
    assert "none is published yet" in client.get("/en/bank/drafts/new").text
    assert "Nothing is being written" in client.get("/en/bank/drafts").text


@pytest.mark.parametrize(
    "data", [{}, {"course": "small"}, {"course": "small", "kind": "poem"}, {"course": "x", "kind": "single"}]
)
def test_a_draft_needs_a_course_and_a_kind(client: Client, writer: Account, data: dict[str, str]) -> None:
    assert client.post("/en/bank/drafts/new", data=data).status_code == 422


def test_one_question_through_its_versions(client: Client, country: Country, writer: Account) -> None:
    number = question_id("small/opening-single")
    assert client.post(f"/en/bank/questions/{number}/rewrite").headers["Location"].endswith(str(newest_draft().id))
    draft = newest_draft()
    save(draft, writer, question_body("single", text=texts("Said anew")))
    press(client, draft, "send", draft.body)
    sign_in_as(client, make_writer(country))
    client.post(f"/en/bank/drafts/{draft.id}/move", data={"do": "approve"})
    client.post(f"/en/bank/drafts/{draft.id}/move", data={"do": "publish"})
    page = client.get(f"/en/bank/questions/{number}").text
    assert re.search(r"What is right\? \(ru\)</td>.*Said anew \(ru\)", page)
    assert "on 0 papers" in page
    assert client.get(f"/en/bank/questions/{number}?version=1&see=kk").status_code == 200
    assert "1 changed" in client.get("/en/bank?course=small").text


def test_a_question_is_withdrawn_with_a_reason_and_brought_back(client: Client, writer: Account) -> None:
    address = f"/en/bank/questions/{question_id('small/opening-single')}"
    assert client.post(f"{address}/withdraw", data={"reason": " "}).status_code == 422
    said = client.post(f"{address}/withdraw", data={"reason": "The act changed"}, follow_redirects=True).text
    assert "The act changed" in said
    assert client.post(f"{address}/withdraw", data={"reason": "again"}).status_code == 422
    client.post(f"{address}/bring-back")
    assert client.post(f"{address}/bring-back").status_code == 422


def hard_ones() -> int:
    return len(db.session.scalars(select(QuestionVersion.id).where(QuestionVersion.difficulty == "hard")).all())


def test_many_are_changed_after_a_look_at_what_changes(client: Client, writer: Account) -> None:
    ids = [question_id(f"small/opening-{kind}") for kind in ("single", "multiple")]
    data = {"question": ids, "way": "difficulty", "to_difficulty": "hard", "back.course": "small"}
    assert "Change 2 questions" in client.post("/en/bank/change", data=data).text
    assert hard_ones() == 0
    answer = client.post("/en/bank/change", data={**data, "sure": "1"})
    assert answer.headers["Location"].endswith("/bank?course=small")
    assert hard_ones() == 2
    days = {"question": ids, "way": "valid", "to_from": "2026-01-01", "to_until": "2026-12-31", "sure": "1"}
    assert client.post("/en/bank/change", data=days).status_code == 302
    away = {"question": ids[:1], "way": "withdraw", "reason": "wrong", "sure": "1"}
    client.post("/en/bank/change", data=away)
    assert "small/opening-single" in client.get("/en/bank?standing=withdrawn").text


@pytest.mark.parametrize(
    "data",
    [
        {"way": "difficulty"},
        {"question": "1", "way": "burn"},
        {"question": "1", "way": "difficulty", "to_difficulty": "huge"},
        {"question": "1", "way": "topic", "to_topic": "weather"},
        {"question": "1", "way": "valid", "to_from": "soon"},
        {"question": "1", "way": "withdraw", "reason": "", "sure": "1"},
        {"question": "1", "way": "valid", "to_from": "2027-01-01", "to_until": "2026-01-01", "sure": "1"},
    ],
)
def test_odd_changes_of_many_are_refused_whole(client: Client, writer: Account, data: dict[str, str]) -> None:
    if "question" in data:
        data = {**data, "question": str(question_id("small/opening-single"))}
    assert client.post("/en/bank/change", data=data).status_code == 422


def test_a_case_is_told_answered_and_made_into_a_draft(
    client: Client, country: Country, version: CourseVersion
) -> None:
    officer = make_officer(country.district)
    sign_in_as(client, officer)
    assert "Name nobody" in client.get("/en/field-cases/new").text
    assert "Write what you ask." in client.post("/en/field-cases/new", data={"happened": "x", "done": "y"}).text
    client.post("/ru/field-cases/new", data={"happened": "Свет погас.", "done": "Ждали.", "question": "Что делать?"})
    case = db.session.scalars(select(FieldCase)).one()
    assert (case.language, case.sender_id) == ("ru", officer.person_id)
    sign_in_as(client, make_writer(country))
    assert "Что делать?" in client.get("/en/bank/cases").text
    assert "Write the answer" in client.post(f"/en/bank/cases/{case.id}", data={"answer": ""}).text
    client.post(f"/en/bank/cases/{case.id}", data={"answer": "Зажечь лампу."})
    client.post(f"/en/bank/cases/{case.id}/tell", data={"course": "small"})
    assert newest_draft().body["text"]["ru"].startswith("Что делать?")
    assert "To the draft of this case" in client.get(f"/en/bank/cases/{case.id}").text
    sign_in_as(client, officer)
    assert "Зажечь лампу." in client.get("/en/field-cases").text
    sign_in_as(client, make_officer(country.sister_district))
    assert "Зажечь лампу." not in client.get("/en/field-cases").text


def test_members_find_nothing_of_it(client: Client, country: Country, version: CourseVersion) -> None:
    make_case(make_officer(country.district))
    draft = make_draft(make_writer(country))
    sign_in_as(client, make_member(country.precinct))
    for address in ("bank", "bank/drafts", f"bank/drafts/{draft.id}", "field-cases", "bank/cases"):
        assert client.get(f"/en/{address}").status_code == 404


def test_the_list_asks_for_few_things(client: Client, writer: Account) -> None:
    asked: list[str] = []
    client.get("/en/bank")

    def listen(*words: Any) -> None:
        asked.append(words[2])

    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        client.get("/en/bank?words=right&kind=single")
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
    assert len(asked) <= 20, asked


def test_an_approved_question_is_published_once(client: Client, country: Country, writer: Account) -> None:
    draft = make_reviewed(writer, make_writer(country))
    assert client.post(f"/en/bank/drafts/{draft.id}/move", data={"do": "publish"}).status_code == 302
    assert client.post(f"/en/bank/drafts/{draft.id}/move", data={"do": "publish"}).status_code == 422
    assert len(queries.list_question_versions(newest_draft().question_id or 0)) == 1


def test_a_change_of_many_that_is_refused_is_shown_again_as_it_was(client: Client, writer: Account) -> None:
    number = question_id("small/opening-single")
    typed = {"question": str(number), "way": "valid", "to_from": "2026-11-20", "to_until": "2026-11-01"}
    answer = client.post("/en/bank/change", data={**typed, "back.course": "small"})
    assert answer.status_code == 422
    assert "The last day comes before the first: exchange them." in answer.text
    assert f'value="{number}" checked' in answer.text
    assert 'value="2026-11-20"' in answer.text
    assert "Choose" not in client.post("/en/bank/change", data={"way": "withdraw", "question": str(number)}).text


def test_saves_that_came_too_late_are_found_again_and_compared(client: Client, writer: Account) -> None:
    draft = make_draft(writer)
    first = question_body("single", text=texts("In the first window"))
    press(client, draft, "save", first, revision=draft.revision)
    press(client, draft, "save", question_body("single", text=texts("In the second")), revision=1)
    page = client.get(f"/en/bank/drafts/{draft.id}").text
    assert "1 save of this draft came too late" in page
    copy = client.get(re.findall(rf"/en/bank/drafts/{draft.id}/copies/\d+", page)[0]).text
    assert "Text · English" in copy
    assert copy.count("In the second (en)") == 2, "in the preview and in the table"


def test_whoever_reviews_a_new_version_sees_what_changes(client: Client, country: Country, writer: Account) -> None:
    client.post(f"/en/bank/questions/{question_id('small/opening-single')}/rewrite")
    draft = newest_draft()
    press(client, draft, "send", {**draft.body, "text": texts("Written anew")})
    sign_in_as(client, make_writer(country))
    page = client.get(f"/en/bank/drafts/{draft.id}").text
    assert "What changes against version 1" in page
    assert re.search(r"Text · Русский</td>.*?Written anew \(ru\)", page, re.DOTALL)
    assert page.count("Верный ответ") == 0, "the reviewer's words are in the reviewer's language"
    assert "Выберите один ответ." in page, "and the learner's in the learner's"


def test_a_draft_that_came_back_waits_on_the_first_page(client: Client, country: Country, writer: Account) -> None:
    draft = make_draft(writer)
    save(draft, writer, question_body("single"))
    press(client, draft, "send", question_body("single"))
    sign_in_as(client, make_writer(country))
    move = f"/en/bank/drafts/{draft.id}/move"
    refused = client.post(
        move, data={"do": "return"}, headers={"Referer": f"http://localhost/en/bank/drafts/{draft.id}"}
    )
    assert (refused.status_code, f'href="/en/bank/drafts/{draft.id}"' in refused.text) == (422, True)
    client.post(move, data={"do": "return", "note": "Say which hour."})
    sign_in_as(client, writer)
    assert "1 question came back to you with remarks" in client.get("/en/").text
    assert "returned" in client.get("/en/bank/drafts").text
