"""Pages of rosters: send, look, apply, take the problem rows away and bring them back; and each refusal."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.accounts.models import Account
from lms.commissions.actions import grant_role
from lms.commissions.models import Appointment
from lms.commissions.permissions import SYSTEM
from lms.commissions.rules import Role
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.core.web.languages import speaking
from lms.people.models import Person
from lms.people.vault import number_hash
from lms.rosters import actions, export
from lms.rosters.messages import column_name
from lms.rosters.models import RosterImport, RosterRow
from lms.rosters.reading import kinds
from lms.rosters.reading.headings import Field, find_field
from lms.rosters.reading.table import read
from tests.conftest import Client
from tests.factories.commissions import (
    Country,
    make_account,
    make_country,
    make_member,
    make_officer,
    scope,
    sign_in_as,
)
from tests.factories.rosters import (
    RUSSIAN,
    commission_rows,
    demo_number,
    demo_number_with_zeros,
    person,
    text_file,
    workbook,
)

GOOD = workbook(("Лист1", [RUSSIAN, *commission_rows("УИК № 17", [1, 2, 3])]))
BAD_ROWS = [
    person(1, "Председатель", "УИК № 17"),
    person(2, "член", surname='=HYPERLINK("http://127.0.0.1/x","Үсенова")', phone="+7 (701) 575-73-95"),
    person(3, "член", number="123456789012", party="@party"),
    person(4, "наблюдатель", patronymic=""),
]
MIXED = workbook(("Лист1", [RUSSIAN, *BAD_ROWS]))


@pytest.fixture
def country(app: Flask) -> Country:
    return make_country()


@pytest.fixture
def officer(country: Country, client: Client) -> Account:
    """The territorial officer of the district, signed in."""
    account = make_officer(country.district)
    sign_in_as(client, account)
    return account


def send(client: Client, content: bytes, commission_id: int, **fields: Any) -> Any:
    data = {"file": (io.BytesIO(content), "roster.xlsx"), "commission": commission_id, "lists": "full", **fields}
    return client.post("/en/rosters/new", data=data, content_type="multipart/form-data")


def sent(client: Client, content: bytes, country: Country) -> int:
    """Send a file; its number."""
    response = send(client, content, country.district.id)
    assert response.status_code == 302
    return int(response.location.rsplit("/", maxsplit=1)[-1])


def seated() -> int:
    return db.session.scalar(select(func.count()).select_from(Appointment)) or 0


def test_send_look_apply(client: Client, country: Country, officer: Account) -> None:
    assert "No roster was brought in yet" in client.get("/en/rosters").text
    assert "Nothing outside this branch" not in client.get("/en/rosters/new").text
    number = sent(client, GOOD, country)
    page = client.get(f"/en/rosters/{number}").text
    assert "Look through before applying" in page
    assert "3 people take seats" in page
    assert "•••• •••• " + demo_number(2)[-4:] in page
    assert demo_number(2) not in page
    assert seated() == 0
    assert client.post(f"/en/rosters/{number}/apply").status_code == 302
    page = client.get(f"/en/rosters/{number}").text
    assert "This roster is applied" in page
    assert f"/commissions/{country.district.id}/slips?below=1" in page
    assert seated() == 3
    assert "roster.xlsx" in client.get("/en/rosters").text
    again = sent(client, GOOD, country)
    page = client.get(f"/en/rosters/{again}").text
    assert "This roster changes nothing" in page
    assert "applied already" in page
    assert "changes nothing" in client.get("/en/rosters").text


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_page_in_every_language(client: Client, country: Country, officer: Account, language: str) -> None:
    number = sent(client, MIXED, country)
    damaged = sent(client, b"%PDF-1.7", country)
    for address in ("rosters", "rosters/new", f"rosters/{number}", f"rosters/{damaged}"):
        response = client.get(f"/{language}/{address}")
        assert response.status_code == 200
        assert "%(" not in response.text


def test_problems_must_be_left_out_knowingly(client: Client, country: Country, officer: Account) -> None:
    number = sent(client, MIXED, country)
    page = client.get(f"/en/rosters/{number}").text
    assert "the cell begins like a formula" in page
    assert "&#34;http://127.0.0.1/x&#34;" in page
    refused = client.post(f"/en/rosters/{number}/apply")
    assert refused.status_code == 422
    assert "Tick this to leave the rows with problems out" in refused.text
    assert seated() == 0
    assert client.post(f"/en/rosters/{number}/apply", data={"leave_out_problems": "y"}).status_code == 302
    assert seated() == 1
    assert "3 rows with problems were left out" in client.get(f"/en/rosters/{number}").text


def test_everything_that_is_wrong_in_a_row_is_said_at_once(client: Client, country: Country, officer: Account) -> None:
    bad = person(1, "наблюдатель", "УИК № 17", number="123456789012", surname="")
    number = sent(client, workbook(("Лист1", [RUSSIAN, bad])), country)
    said = ("the surname is missing", "fails its check digit", "no office of a commission")
    page = client.get(f"/en/rosters/{number}").text
    mend = client.get(f"/en/rosters/{number}/problems.csv").text
    for words in said:
        assert words in page, page[page.find("Rows with problems") :][:3000]
        assert words in mend


def test_a_commission_that_will_be_made_is_named(client: Client, country: Country, officer: Account) -> None:
    unknown = workbook(("Лист1", [RUSSIAN, *commission_rows("УИК № 17", [1]), *commission_rows("УИК № 404", [2])]))
    page = client.get(f"/en/rosters/{sent(client, unknown, country)}").text
    assert "This commission is not known here and will be made" in page
    assert "<li>PEC No. 404" in page
    assert "<li>PEC No. 17" not in page
    again = sent(client, GOOD, country)
    assert "is not known here" not in client.get(f"/en/rosters/{again}").text


def test_rows_of_other_branches_are_told_apart_from_faults(client: Client, country: Country, officer: Account) -> None:
    rows = [RUSSIAN, *commission_rows("УИК № 17", [1]), *commission_rows("ТИК: Атырауская область", [5, 6])]
    number = sent(client, workbook(("Лист1", rows)), country)
    page = client.get(f"/en/rosters/{number}").text
    assert "2 of them are of commissions outside your branch" in page
    number = sent(client, MIXED, country)
    assert "outside your branch" not in client.get(f"/en/rosters/{number}").text


def test_filters_and_pages(client: Client, country: Country, officer: Account) -> None:
    rows = [RUSSIAN, *commission_rows("УИК № 17", range(1, 131), subtotal=False), *BAD_ROWS[1:]]
    number = sent(client, workbook(("Лист1", rows)), country)
    page = client.get(f"/en/rosters/{number}").text
    assert page.count('<td class="small"') == 100
    assert "Page 1 of 2" in page
    assert client.get(f"/en/rosters/{number}?page=2").text.count('<td class="small"') == 33
    assert client.get(f"/en/rosters/{number}?page=99").text.count('<td class="small"') == 33
    problems = client.get(f"/en/rosters/{number}?outcome=problem").text
    assert problems.count('<td class="small"') == 3
    assert client.get(f"/en/rosters/{number}?kind=office+not+known").text.count('<td class="small"') == 1
    assert "No row is like that" in client.get(f"/en/rosters/{number}?outcome=leaving").text
    assert "No row is like that" in client.get(f"/en/rosters/{number}?outcome=nonsense&kind=more").text
    assert client.get(f"/en/rosters/{number}?page=x").status_code == 200


def test_what_changes_is_told(client: Client, country: Country, officer: Account) -> None:
    number = sent(client, GOOD, country)
    client.post(f"/en/rosters/{number}/apply")
    rows = [RUSSIAN, person(1, "секретарь", "УИК № 17", language="рус"), person(2, "Председатель", surname="Ахметова")]
    page = client.get(f"/en/rosters/{sent(client, workbook(('Лист1', rows)), country)}").text
    assert "office: chair → secretary" in page
    assert "language: Қазақша → Русский" in page
    assert "surname: Серікова → Ахметова" in page
    assert "1 member leaves the seat" in page
    assert page.count("УИК № 17") == 3


def test_a_file_that_cannot_be_read(client: Client, country: Country, officer: Account) -> None:
    number = sent(client, b"%PDF-1.7", country)
    page = client.get(f"/en/rosters/{number}").text
    assert "This file could not be read" in page
    assert "a file of another kind (PDF)" in page
    assert client.post(f"/en/rosters/{number}/apply").status_code == 422
    assert "cannot be read" in client.get("/en/rosters").text


@pytest.mark.parametrize(("content", "words"), [(b"", "The file is empty"), (b"x" * 2000, "The file is too large")])
def test_refused_before_it_is_kept(
    client: Client, country: Country, officer: Account, monkeypatch: pytest.MonkeyPatch, content: bytes, words: str
) -> None:
    monkeypatch.setattr(kinds, "MAX_BYTES", 1000)
    response = send(client, content, country.district.id)
    assert response.status_code == 422
    assert words in response.text
    assert db.session.scalar(select(func.count()).select_from(RosterImport)) == 0


def test_of_several_files_the_good_ones_are_taken_and_the_others_named(
    client: Client, country: Country, officer: Account
) -> None:
    files = [(io.BytesIO(content), name) for content, name in ((GOOD, "a.xlsx"), (b"", "b.xlsx"), (GOOD, "c.xlsx"))]
    data = {"file": files, "commission": country.district.id, "lists": "full"}
    response = client.post("/en/rosters/new", data=data, content_type="multipart/form-data")
    assert response.status_code == 302
    page = client.get(response.location).text
    assert "b.xlsx: The file is empty" in page
    assert "a.xlsx" in page
    assert "c.xlsx" in page
    assert db.session.scalar(select(func.count()).select_from(RosterImport)) == 2


def test_the_first_visit_offers_everything(client: Client, country: Country, officer: Account) -> None:
    page = client.get("/en/rosters").text
    for words in ("Bring in a roster", "Empty roster", "Take out the present list", "Possible duplicates"):
        assert page.count(words) == 1


def test_no_file_and_a_foreign_branch_are_refused_at_the_form(
    client: Client, country: Country, officer: Account
) -> None:
    response = client.post("/en/rosters/new", data={"commission": country.district.id, "lists": "full"})
    assert response.status_code == 422
    assert "Choose the file with the roster" in response.text
    assert send(client, GOOD, country.sister_district.id).status_code == 422
    assert send(client, GOOD, country.precinct.id).status_code == 422


def test_additions_only(client: Client, country: Country, officer: Account) -> None:
    number = sent(client, GOOD, country)
    client.post(f"/en/rosters/{number}/apply")
    rows = [RUSSIAN, *commission_rows("УИК № 17", [1])]
    response = send(client, workbook(("Лист1", rows)), country.district.id, lists="additions")
    assert "This roster changes nothing" in client.get(response.location).text


def test_applied_is_applied(client: Client, country: Country, officer: Account) -> None:
    number = sent(client, GOOD, country)
    client.post(f"/en/rosters/{number}/apply")
    assert client.post(f"/en/rosters/{number}/apply").status_code == 422
    assert client.post(f"/en/rosters/{number}/read").status_code == 422


def test_a_preview_that_no_longer_holds(client: Client, country: Country, officer: Account) -> None:
    number, second = sent(client, GOOD, country), sent(client, GOOD, country)
    client.post(f"/en/rosters/{second}/apply")
    client.post(f"/en/rosters/{number}/apply")
    page = client.get(f"/en/rosters/{number}").text
    assert "The commissions have changed since this file was read" in page
    assert client.post(f"/en/rosters/{number}/read").status_code == 302
    assert "This roster changes nothing" in client.get(f"/en/rosters/{number}").text


@pytest.mark.parametrize("who", ["sister officer", "trainer", "member", "stranger"])
def test_foreign_imports_look_absent(client: Client, country: Country, who: str) -> None:
    owner = scope(make_officer(country.district))
    made = actions.upload(content=GOOD, file_name="x.xlsx", commission=country.district, full=True, by=owner)
    actions.read_import(roster_import=made, by=owner)
    account = {
        "sister officer": lambda: make_officer(country.sister_district),
        "trainer": lambda: make_officer(country.district, Role.TRAINER),
        "member": lambda: make_member(country.precinct),
        "stranger": lambda: None,
    }[who]()
    if account:
        sign_in_as(client, account)
    for method, address in (
        ("GET", ""),
        ("POST", "/apply"),
        ("POST", "/read"),
        ("GET", "/problems.xlsx"),
        ("GET", "/problems.csv"),
    ):
        there = client.open(f"/en/rosters/{made.id}{address}", method=method)
        gone = client.open(f"/en/rosters/999999{address}", method=method)
        assert there.status_code == gone.status_code
        assert there.status_code in ((404,) if account else (302, 401))
    assert "x.xlsx" not in client.get("/en/rosters", follow_redirects=True).text
    db.session.refresh(made)
    assert made.state == "read"


def test_the_problem_rows_as_a_workbook(client: Client, country: Country, officer: Account) -> None:
    number = sent(client, MIXED, country)
    response = client.get(f"/ru/rosters/{number}/problems.xlsx")
    assert response.headers["Content-Disposition"].startswith("attachment")
    sheet = openpyxl.load_workbook(io.BytesIO(response.data)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert [find_field(heading) for heading in rows[0][:5]] == [
        Field.IMPORT, Field.TERRITORY, Field.COMMISSION, Field.SURNAME, Field.GIVEN_NAME]  # fmt: skip
    assert rows[1][:4] == (str(number), "", "УИК № 17", '=HYPERLINK("http://127.0.0.1/x","Үсенова")')
    assert "формул" in rows[1][-1]
    assert len(rows) == 4
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    with zipfile.ZipFile(io.BytesIO(response.data)) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in xml
    assert set(re.findall(r'<c [^>]*t="(\w+)"', xml)) == {"s"}
    downloads = select(func.count()).where(AuditEntry.action == "rosters.problems_downloaded")
    assert db.session.scalar(downloads) == 1


def test_the_problem_rows_as_text_are_harmless_and_come_back_the_same(
    client: Client, country: Country, officer: Account
) -> None:
    number = sent(client, MIXED, country)
    response = client.get(f"/kk/rosters/{number}/problems.csv")
    rows = list(csv.reader(io.StringIO(response.data.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 4
    for cell in (cell for row in rows for cell in row):
        assert not cell.lstrip(" \"'").startswith(("=", "+", "-", "@")) or cell.startswith("'")
    back = read(response.data)
    assert next(row.cells.get(Field.SURNAME) for row in back.rows) == '=HYPERLINK("http://127.0.0.1/x","Үсенова")'
    assert back.rows[0].cells[Field.PHONE] == "+7 (701) 575-73-95"
    assert back.rows[1].cells[Field.NOMINATED_BY] == "@party"
    again = sent(client, response.data, country)
    kept = db.session.get(RosterImport, again)
    assert kept is not None
    assert (kept.mends_id, kept.full) == (number, False)
    assert kept.counts["problems"] == {
        "cell begins like a formula": 1, "identity number fails its check digit": 1, "office not known": 1}  # fmt: skip


def test_many_leave_only_when_that_is_said_twice(client: Client, country: Country, officer: Account) -> None:
    everyone = workbook(("Лист1", [RUSSIAN, *commission_rows("УИК № 17", range(1, 9))]))
    first = sent(client, everyone, country)
    assert "The file lists whole commissions" in client.get(f"/en/rosters/{first}").text
    assert client.post(f"/en/rosters/{first}/apply").status_code == 302
    trainer = db.session.scalar(select(Person).where(Person.number_hash == number_hash(demo_number(8))))
    assert trainer is not None
    grant_role(account=make_account(trainer), role=Role.TRAINER, commission=country.district, by=SYSTEM)
    same = client.get(f"/en/rosters/{sent(client, everyone, country)}").text
    assert 'name="let_leave"' not in same
    number = sent(client, GOOD, country)
    page = client.get(f"/en/rosters/{number}").text
    assert '<p class="notice today">5 of 8 members leave their seats. 1 of those leaving holds a role' in page
    assert 'name="let_leave"' in page
    refused = client.post(f"/en/rosters/{number}/apply")
    assert refused.status_code == 422
    assert "5 of 8 members leave their seats. Say that this is meant" in refused.text
    assert client.post(f"/en/rosters/{number}/apply", data={"let_leave": "y"}).status_code == 302
    assert "This roster is applied" in client.get(f"/en/rosters/{number}").text


def test_every_problem_row_carries_the_row_as_it_was_sent(client: Client, country: Country, officer: Account) -> None:
    client.post(f"/en/rosters/{sent(client, GOOD, country)}/apply")
    told = {"phone": "8 701 575 73 95", "surname": "ОМАРОВА "}
    rows = [
        RUSSIAN,
        *commission_rows("УИК № 17", [1, 2], subtotal=False),
        person(2, "секретарь", **told),
        person(7, "Председатель", **told),
        *commission_rows("УИК № 18", [5], subtotal=False),
        person(1, "төраға", **told),
        person(3, "член", **told),
    ]
    response = send(client, workbook(("Лист1", rows)), country.district.id, lists="additions")
    number = int(response.location.rsplit("/", maxsplit=1)[-1])
    back = read(client.get(f"/ru/rosters/{number}/problems.xlsx").data)
    assert [row.cells[Field.NUMBER] for row in back.rows] == [demo_number(seed) for seed in (2, 7, 1, 3)]
    assert [row.cells[Field.OFFICE] for row in back.rows] == ["секретарь", "Председатель", "төраға", "член"]
    for row in back.rows:
        assert row.cells[Field.SURNAME] == "ОМАРОВА "
        assert row.cells[Field.GIVEN_NAME] == "Айгүл"
        assert row.cells[Field.PATRONYMIC] == "Маратқызы"
        assert row.cells[Field.PHONE] == "8 701 575 73 95"
    assert read(client.get(f"/ru/rosters/{number}/problems.csv").data).rows[1].cells[Field.OFFICE] == "Председатель"


def test_lost_zeros_are_put_back_in_the_rows_to_mend(client: Client, country: Country, officer: Account) -> None:
    whole = demo_number_with_zeros(1)
    rows = [RUSSIAN, person(1, "Председатель", "УИК № 17"), person(2, "Председатель", number=int(whole))]
    number = sent(client, workbook(("Лист1", rows)), country)
    [row] = read(client.get(f"/ru/rosters/{number}/problems.xlsx").data).rows
    assert row.cells[Field.NUMBER] == whole


def test_mended_rows_sent_again_only_add(client: Client, country: Country, officer: Account) -> None:
    number = sent(client, MIXED, country)
    client.post(f"/en/rosters/{number}/apply", data={"leave_out_problems": "y"})
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/en/rosters/{number}/problems.xlsx").data))
    sheet = book.active
    column = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, column["Surname"]).value = "Үсенова"
    sheet.cell(3, column["Identity number"]).value = demo_number(3)
    sheet.cell(4, column["Office in the commission"]).value = "member"
    buffer = io.BytesIO()
    book.save(buffer)
    mended = sent(client, buffer.getvalue(), country)
    kept = db.session.get(RosterImport, mended)
    assert kept is not None
    assert kept.counts["outcomes"] == {"new": 3, "unchanged": 0, "changed": 0, "leaving": 0, "problem": 0}
    assert "The file only adds and changes" in client.get(f"/en/rosters/{mended}").text
    client.post(f"/en/rosters/{mended}/apply")
    assert seated() == 4


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_our_own_headings_are_recognised_in_every_language(language: str) -> None:
    with speaking(language):
        for field in Field:
            if field is not Field.POSITION:
                assert find_field(column_name(field)) is field


def test_the_territory_goes_along_with_mended_rows(app: Flask, country: Country) -> None:
    head = scope(country.head)
    rows = [RUSSIAN, *commission_rows("ТИК: Beineu district", [1]), person(2, "наблюдатель", "УИК № 17")]
    made = actions.upload(
        content=workbook(("Лист1", rows)), file_name="x", commission=country.central, full=True, by=head
    )
    actions.read_import(roster_import=made, by=head)
    [row] = read(export.problems_as_workbook(made)).rows
    assert row.cells[Field.TERRITORY] == "Mangystau region / Beineu district"
    content = text_file([list(line) for line in csv.reader(io.StringIO(export.problems_as_text(made)[1:]))])
    again = actions.upload(content=content, file_name="y", commission=country.central, full=True, by=head)
    actions.read_import(roster_import=again, by=head)
    assert again.counts["problems"] == {"office not known": 1}
    assert again.counts["new_commissions"] == 0


def test_undo_a_roster(client: Client, country: Country, officer: Account) -> None:
    number = sent(client, GOOD, country)
    assert client.get(f"/en/rosters/{number}/undo").status_code == 422
    client.post(f"/en/rosters/{number}/apply")
    assert f"/rosters/{number}/undo" in client.get(f"/en/rosters/{number}").text
    page = client.get(f"/en/rosters/{number}/undo").text
    assert "3 people whom it added are taken out again" in page
    assert "3 seats that it gave are taken back" in page
    assert seated() == 3
    assert client.post(f"/en/rosters/{number}/undo").status_code == 302
    page = client.get(f"/en/rosters/{number}").text
    assert "This roster was undone" in page
    assert "undone" in client.get("/en/rosters").text
    assert seated() == 0
    assert client.post(f"/en/rosters/{number}/read").status_code == 302
    assert "Look through before applying" in client.get(f"/en/rosters/{number}").text


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_roster_on_which_something_stands(client: Client, country: Country, officer: Account, language: str) -> None:
    number = sent(client, GOOD, country)
    client.post(f"/en/rosters/{number}/apply")
    known = db.session.scalar(select(Person).where(Person.number_hash == number_hash(demo_number(2))))
    make_account(known)
    page = client.get(f"/{language}/rosters/{number}/undo")
    assert page.status_code == 200
    assert known is not None
    assert known.full_name in page.text
    assert "%(" not in page.text
    refused = client.post(f"/{language}/rosters/{number}/undo")
    assert refused.status_code == 422
    assert "<button" not in refused.text.partition("<main")[2].partition("</main>")[0]
    assert seated() == 3


def send_several(client: Client, country: Country, *files: tuple[str, bytes]) -> Any:
    data = {
        "file": [(io.BytesIO(content), name) for name, content in files],
        "commission": country.district.id,
        "lists": "full",
    }
    return client.post("/en/rosters/new", data=data, content_type="multipart/form-data")


def imports() -> int:
    return db.session.scalar(select(func.count()).select_from(RosterImport)) or 0


def test_several_files_at_once(client: Client, country: Country, officer: Account) -> None:
    other = workbook(("Лист1", [RUSSIAN, *commission_rows("УИК № 18", [5, 6])]))
    response = send_several(client, country, ("one.xlsx", GOOD), ("two.xlsx", other), ("three.xlsx", b"%PDF-1.7"))
    assert response.status_code == 302
    page = client.get(response.location).text
    assert [name for name in ("one.xlsx", "two.xlsx", "three.xlsx") if name in page] == [
        "one.xlsx",
        "two.xlsx",
        "three.xlsx",
    ]
    assert (page.count("to be applied"), page.count("cannot be read")) == (2, 1)
    assert imports() == 3
    sign_in_as(client, make_officer(country.sister_district))
    assert client.get(response.location).status_code == 404
    assert client.get("/en/rosters/sent").status_code == 404


def test_where_no_file_can_be_taken_each_is_named(client: Client, country: Country, officer: Account) -> None:
    refused = send_several(client, country, ("one.xlsx", b""), ("two.xlsx", b""))
    assert refused.status_code == 422
    assert "one.xlsx: " in refused.text
    assert "two.xlsx: " in refused.text
    assert imports() == 0


def test_too_many_files_are_refused(client: Client, country: Country, officer: Account) -> None:
    files = [(f"{number}.csv", b"x") for number in range(actions.MOST_FILES + 1)]
    refused = send_several(client, country, *files)
    assert refused.status_code == 422
    assert "At most 20 files are taken at once" in refused.text
    assert imports() == 0


def test_discard_a_list(client: Client, country: Country, officer: Account) -> None:
    number = sent(client, GOOD, country)
    assert "Discard this list" in client.get(f"/en/rosters/{number}").text
    assert client.post(f"/en/rosters/{number}/discard").status_code == 302
    assert "This list was discarded" in client.get(f"/en/rosters/{number}").text
    assert db.session.scalar(select(func.count()).select_from(RosterRow).where(RosterRow.import_id == number)) == 0
    for what in ("discard", "read", "apply"):
        assert client.post(f"/en/rosters/{number}/{what}").status_code == 422
    assert seated() == 0
    applied = sent(client, GOOD, country)
    client.post(f"/en/rosters/{applied}/apply")
    assert client.post(f"/en/rosters/{applied}/discard").status_code == 422
    assert seated() == 3
    assert "discarded" in client.get("/kk/rosters").text or "алып тасталды" in client.get("/kk/rosters").text


def test_a_foreign_list_is_not_discarded(client: Client, country: Country, officer: Account) -> None:
    number = sent(client, GOOD, country)
    sign_in_as(client, make_officer(country.sister_district))
    assert client.post(f"/en/rosters/{number}/discard").status_code == 404
