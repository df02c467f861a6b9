"""The pages of completion: the answer on top, the people behind each figure, and nothing for those outside."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lms.campaigns.queries import get_open_campaign
from lms.commissions.models import Appointment
from lms.commissions.queries import find_seat_of
from lms.commissions.rules import Office, Role
from lms.core import clock
from lms.core.audit.models import AuditEntry, AuditValue
from lms.core.database.base import db
from lms.countries.reading import shipped
from lms.people.contacts import find_phone
from lms.reporting import tree, views
from tests.conftest import Client
from tests.factories.commissions import Country, make_country, make_member, make_officer, precinct, sign_in_as
from tests.factories.curriculum import make_course
from tests.factories.packs import pack_dict
from tests.factories.progress import do, finish
from tests.factories.questions import texts
from tests.factories.statements import statements


@pytest.fixture
def country(app: Flask) -> Country:
    """One precinct ready, one not, one empty."""
    country = make_country()
    make_course()
    finish(make_member(country.precinct, Office.CHAIR, surname="Дайынова"))
    finish(make_member(country.precinct, Office.SECRETARY))
    member = make_member(country.second_precinct, Office.CHAIR, surname="Басталова")
    member.person.phone = "+77011234567"
    do(member, "module:opening")
    return country


def page(client: Client, address: str, status: int = 200) -> str:
    """The words of a page, tags and runs of spaces left out."""
    response = client.get(address)
    assert response.status_code == status
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def officer_of(client: Client, country: Country, role: Role = Role.TERRITORIAL_OFFICER) -> None:
    """Sign in as somebody of the first district."""
    sign_in_as(client, make_officer(country.district, role))


def test_an_officer_comes_to_the_own_branch_with_the_answer_on_top(client: Client, country: Country) -> None:
    officer_of(client, country)
    response = client.get("/en/completion")
    assert response.headers["Location"] == f"/en/completion/{country.district.id}"
    words = page(client, f"/en/completion/{country.district.id}")
    assert "21 days to the election: 1 of 2 precincts is not ready" in words
    assert "3 people must take the training" in words
    assert "Beineu district" in words


def test_every_figure_leads_to_the_people_behind_it(client: Client, country: Country) -> None:
    officer_of(client, country)
    text = client.get(f"/en/completion/{country.district.id}").text
    for state in ("finished", "begun", "not-begun"):
        assert f'/en/completion/{country.district.id}/people?state={state}"' in text
    words = page(client, f"/en/completion/{country.district.id}/people?state=begun")
    assert "1 person has begun and not finished" in words
    assert "Басталова" in words
    assert "1 of 2 modules, the test, the workshop" in words
    assert "Дайынова" not in words


def test_the_table_is_sorted_and_filtered_by_the_address(client: Client, country: Country) -> None:
    officer_of(client, country)
    base = f"/en/completion/{country.district.id}"
    first = f'{base.replace(str(country.district.id), str(country.second_precinct.id))}">PEC No. 18'
    other = f'completion/{country.precinct.id}">PEC No. 17'
    text = client.get(base).text
    assert text.index(first) < text.index(other)
    text = client.get(base + "?sort=name").text
    assert text.index(other) < text.index(first)
    assert 'aria-sort="ascending"' in text
    text = client.get(base + "?show=not-ready").text
    assert first in text
    assert other not in text
    assert "1 row is ready and not shown." in text
    assert client.get(base + "?sort=nonsense&order=sideways&show=x").status_code == 200


def test_a_precinct_names_its_members_and_what_each_lacks(client: Client, country: Country) -> None:
    officer_of(client, country)
    response = client.get(f"/en/completion/{country.second_precinct.id}")
    assert "21 days to the election: 1 of 1 members has not finished" in response.text
    assert 'href="tel:+77011234567"' in response.text
    assert "Басталова" in response.text
    assert "21 days to the election: nobody here has to learn yet" in page(
        client, f"/en/completion/{make_empty(country)}"
    )


def test_modules_left_are_named_as_their_own_course_names_them(client: Client, country: Country) -> None:
    """The short course has modules of the same codes, published later; names hold commas."""

    def titled(words: str) -> list[dict[str, Any]]:
        return [{**one, "title": texts(f"{one['id']}, {words}")} for one in pack_dict()["modules"]]

    more = [*titled("at length"), {**titled("at length")[0], "id": "voting", "title": texts("voting, at length")}]
    make_course(modules=more, change="material")
    make_course(id="short", modules=titled("in short"), workshop=False, late_days=7)
    officer_of(client, country)
    do(make_member(country.second_precinct), "module:opening")
    words = page(client, f"/en/completion/{country.second_precinct.id}")
    assert "count, at length (en); voting, at length (en)" in words
    assert "in short" not in words


def make_empty(country: Country) -> int:
    """A precinct of the first district whose only member has left."""
    seat = find_seat_of(make_member(country.precinct).person_id)
    assert seat is not None
    for one in db.session.scalars(select(Appointment).where(Appointment.commission_id == country.second_precinct.id)):
        one.ends_on = clock.today()
    db.session.flush()
    return country.second_precinct.id


def test_a_chair_sees_who_has_finished_and_nothing_more(client: Client, country: Country) -> None:
    chair = make_member(country.sister_precinct, Office.CHAIR)
    chair.person.phone = "+77055555555"
    member = make_member(country.sister_precinct, surname="Басқаева")
    do(member, "module:opening")
    sign_in_as(client, chair)
    assert client.get("/en/completion").headers["Location"] == f"/en/completion/{country.sister_precinct.id}"
    text = client.get(f"/en/completion/{country.sister_precinct.id}").text
    assert "Басқаева" in text
    assert "not yet" in text
    assert "Your results" not in text
    assert "no results: those are seen by the member and by the officers who look after your commission" in text
    words = page(client, f"/en/completion/{country.sister_precinct.id}")
    assert "chair not yet" in words
    assert "Not ready the chair has not finished; there is no secretary; 1 more member has to finish" in words
    for hidden in ("+7705", "modules", "tel:", "begun"):
        assert hidden not in text
    for part in ("people", "call-list", "list"):
        assert client.get(f"/en/completion/{country.sister_precinct.id}/{part}").status_code == 404
    assert client.get(f"/en/completion/{country.precinct.id}").status_code == 404
    assert client.get(f"/en/completion/{country.sister_district.id}").status_code == 404


def test_a_member_and_a_sister_officer_find_nothing(client: Client, country: Country) -> None:
    for account in (make_member(country.precinct), make_officer(country.sister_district)):
        sign_in_as(client, account)
        for commission in (country.district, country.precinct, country.region):
            for part in ("", "/people", "/call-list", "/list"):
                assert client.get(f"/en/completion/{commission.id}{part}").status_code == 404


def test_who_watches_two_branches_chooses(client: Client, country: Country) -> None:
    officer = make_officer(country.district)
    from lms.commissions.actions import grant_role
    from lms.commissions.permissions import SYSTEM

    grant_role(account=officer, role=Role.TRAINER, commission=country.sister_district, by=SYSTEM)
    sign_in_as(client, officer)
    words = page(client, "/en/completion")
    assert "Beineu district" in words
    assert "Aktau" in words


def test_the_call_list_holds_those_who_have_not_finished(client: Client, country: Country) -> None:
    officer_of(client, country, Role.TRAINER)
    words = page(client, f"/en/completion/{country.district.id}/call-list")
    assert "Call 1 person who has not finished" in words
    assert "+77011234567" in words
    assert "Дайынова" not in words


def rows_of(response_text: str, separator: str) -> list[dict[str, str]]:
    """The rows of a sent CSV."""
    assert response_text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(response_text.removeprefix("\ufeff")), delimiter=separator))


WHY = "To call those who are missing"


def take_out(client: Client, language: str, commission_id: int) -> Any:
    """The list of a branch, taken out with a reason."""
    return client.post(f"/{language}/completion/{commission_id}/list", data={"reason": WHY})


def test_the_list_leaves_masked_harmless_and_noted(client: Client, country: Country) -> None:
    member = make_member(country.precinct, surname='=HYPERLINK("x")')
    seat = find_seat_of(member.person_id)
    assert seat is not None
    seat.nominated_by = "Party A"
    officer_of(client, country)
    response = take_out(client, "en", country.district.id)
    assert response.mimetype == "text/csv"
    assert f"completion-{country.district.code}-" in response.headers["Content-Disposition"]
    found = {row["Surname"]: row for row in rows_of(response.text, ",")}
    assert len(found) == 4
    assert found['\'=HYPERLINK("x")']["Nominated by"] == "Party A"
    begun = found["Басталова"]
    assert begun["Phone"] == "8 701 123 45 67"
    assert find_phone(begun["Phone"], shipped("kz").phone) == "+77011234567"
    assert begun["Identity number"] == f"•••• •••• {db_last4('Басталова')}"
    assert (begun["State"], begun["Modules left"], begun["Test left"]) == ("begun", "1", "yes")
    assert found["Дайынова"]["State"] == "finished"
    noted = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "reporting.exported")).one()
    assert noted.subject == f"commission:{country.district.id}"
    assert db.session.scalars(select(AuditValue.after).where(AuditValue.entry_id == noted.id)).all() == [WHY]


def test_without_a_reason_the_list_stays(client: Client, country: Country) -> None:
    officer_of(client, country)
    address = f"/en/completion/{country.district.id}/list"
    assert "It is recorded who took it out" in page(client, address)
    answer = client.post(address, data={"reason": "  "})
    assert answer.status_code == 422
    assert "Say what the list is needed for." in answer.text
    assert db.session.scalar(select(AuditEntry.id).where(AuditEntry.action == "reporting.exported")) is None


def db_last4(surname: str) -> str:
    """The last digits of a person's number."""
    from lms.people.models import Person

    return db.session.scalars(select(Person.number_last4).where(Person.surname == surname)).one()


def test_a_trainer_gets_the_list_without_nominations(client: Client, country: Country) -> None:
    officer_of(client, country, Role.TRAINER)
    rows = rows_of(take_out(client, "ru", country.district.id).text, ";")
    assert len(rows) == 3
    assert len(rows[0]) == 17
    assert "Party" not in str(rows)


def test_without_an_open_campaign_the_page_says_so(client: Client, country: Country) -> None:
    get_open_campaign().state = "archived"
    officer_of(client, country)
    assert "No election is called now" in page(client, f"/en/completion/{country.district.id}")
    assert client.get(f"/en/completion/{country.district.id}/people").status_code == 422


@pytest.mark.parametrize(
    ("days", "words"), [(0, "Today is election day: "), (-1, "The election is over: "), (1, "1 day to the election: ")]
)
def test_the_headline_tells_how_far_the_election_is(client: Client, country: Country, days: int, words: str) -> None:
    get_open_campaign().election_on = clock.today() + timedelta(days=days)
    officer_of(client, country)
    assert words in page(client, f"/en/completion/{country.district.id}")


def test_page_and_csv_tell_the_same_day(client: Client, country: Country) -> None:
    country.precinct.time_zone = "Asia/Aqtau"
    evening = datetime(2026, 11, 3, 21, 30, tzinfo=UTC)  # half past two of the 4th in Aqtau
    finish(make_member(country.precinct, surname="Кешова"), at=evening)
    officer_of(client, country)
    rows = {row["Surname"]: row for row in rows_of(take_out(client, "en", country.district.id).text, ",")}
    assert rows["Кешова"]["Finished on"] == "2026-11-04"
    assert "finished 4 November" in page(client, f"/en/completion/{country.precinct.id}")


def test_a_long_call_list_leads_to_those_below(
    client: Client, country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MOST_CALLS", 0)
    sign_in_as(client, make_officer(country.region))
    text = client.get(f"/en/completion/{country.region.id}/call-list").text
    assert f'/en/completion/{country.district.id}/call-list">Beineu district' in text
    assert f"/en/completion/{country.sister_district.id}/call-list" not in text
    assert "+7701" not in text
    assert "1 person" in text


def test_the_words_name_who_is_too_slow_and_do_not_contradict(client: Client, country: Country) -> None:
    member = make_member(country.sister_precinct)
    do(member, "module:opening")
    make_member(country.sister_precinct)
    sign_in_as(client, make_officer(country.region))
    words = page(client, f"/en/completion/{country.region.id}")
    assert "2 people finished in the last" in words
    assert "Aktau is too slow: 2 people will not have finished by" in words
    assert "the others will make it" in words
    assert "Nobody finished" not in words
    assert re.search(rf"The election is on {get_open_campaign().election_on.day} [A-Z]\w+\.", words)
    finish(member)
    words = page(client, f"/en/completion/{country.region.id}")
    assert "too slow" not in words
    assert re.search(r"(Aktau|Beineu district|territories) .{0,20}last to finish", words)


def test_the_table_leaves_as_csv(client: Client, country: Country) -> None:
    country.second_precinct.names[0].name = "=1+1"
    for one in country.second_precinct.names:
        one.name = "=1+1"
    officer_of(client, country)
    address = f"/en/completion/{country.district.id}"
    assert f'href="{address}/table.csv?sort=name' in client.get(address + "?sort=name").text
    rows = rows_of(client.get(address + "/table.csv").text, ",")
    assert [row["Commission"] for row in rows] == ["'=1+1", "PEC No. 17"]
    assert (rows[0]["Must"], rows[0]["Begun"], rows[0]["Missing"]) == ("1", "1", "1")
    assert len(rows_of(client.get(address + "/table.csv?show=not-ready").text, ",")) == 1
    sign_in_as(client, make_officer(country.sister_district))
    assert client.get(address + "/table.csv").status_code == 404


def test_the_line_of_a_branch_stands_on_its_page(client: Client, country: Country) -> None:
    officer_of(client, country)
    text = client.get(f"/en/completion/{country.district.id}").text
    assert 'role="img" aria-labelledby="trend-title" aria-describedby="trend-words"' in text
    assert "2 of 3 have finished; at the pace of the last day" in text
    assert "All who must: 3" in text
    words = page(client, f"/en/completion/{country.district.id}")
    assert re.search(r"Finished that day Finished in all Missing \d+ \w+ 2 2 1", words)


def test_the_whole_tree_is_one_table(client: Client, country: Country) -> None:
    sign_in_as(client, make_officer(country.central, Role.CEC_ADMINISTRATOR))
    address = f"/en/completion/{country.central.id}/tree"
    assert f'href="{address}"' in client.get(f"/en/completion/{country.central.id}").text
    text = client.get(address + "?sort=name&order=up").text
    rows = re.findall(r'<tr class="depth-(\d)">\s*<td><a href="[^"]+">([^<]+)</a>', text)
    assert rows == [
        ("0", "Atyrau region"), ("0", "Mangystau region"), ("1", "Aktau"), ("1", "Beineu district"),
    ]  # fmt: skip
    down = client.get(address + "?sort=missing&order=down").text
    assert re.findall(r'class="depth-0">\s*<td><a href="[^"]+">([^<]+)', down)[0] == "Mangystau region"
    assert "PEC No." not in text
    assert "As of" not in text
    assert re.search(r"Members as of today, .*\d\d:\d\d:\d\d\.", page(client, address))


def test_of_a_very_large_tree_only_what_is_asked_for_is_unfolded(
    client: Client, country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tree, "MOST_ROWS", 2)
    sign_in_as(client, make_officer(country.central, Role.CEC_ADMINISTRATOR))
    address = f"/en/completion/{country.central.id}/tree"
    folded = client.get(address).text
    assert "Beineu district" not in folded
    assert "unfold 2 territories" in folded
    assert "Beineu district" in client.get(f"{address}?open={country.region.id}").text


def test_a_tree_shows_the_own_branch_only(client: Client, country: Country) -> None:
    sign_in_as(client, make_officer(country.region))
    words = page(client, f"/en/completion/{country.region.id}/tree")
    assert "Beineu district" in words
    assert "Atyrau" not in words
    for foreign in (country.central, country.sister_region):
        assert client.get(f"/en/completion/{foreign.id}/tree").status_code == 404
        assert client.get(f"/en/completion/{foreign.id}/precinct?number=17").status_code == 404
    sign_in_as(client, make_officer(country.sister_district))
    words = page(client, f"/en/completion/{country.sister_district.id}/tree")
    assert "There is no territory below this commission" in words


def test_a_precinct_is_found_by_its_number(client: Client, country: Country) -> None:
    sign_in_as(client, make_officer(country.region))
    address = f"/en/completion/{country.region.id}/precinct?number="
    assert client.get(address + "17").headers["Location"] == f"/en/completion/{country.precinct.id}"
    precinct(country.sister_district, 17)
    words = page(client, address + "17")
    assert "2 precincts bear this number" in words
    assert "PEC No. 17 Beineu district" in words
    assert "PEC No. 17 Aktau" in words
    for nothing in ("99", "0", "-1", "x", "", "99999999999999999999"):
        assert "No precinct here bears this number" in page(client, address + nothing)
    sign_in_as(client, make_officer(country.sister_district))
    assert "No precinct here" in page(client, f"/en/completion/{country.sister_district.id}/precinct?number=18")


def test_pages_ask_few_questions_and_count_no_people(client: Client, country: Country) -> None:
    sign_in_as(client, make_officer(country.central, Role.CEC_ADMINISTRATOR))
    central = country.central.id
    for address in (f"/{central}", f"/{central}/tree", f"/{country.district.id}", f"/{central}/precinct?number=17"):
        client.get(f"/en/completion{address}")
        with statements() as seen:
            assert client.get(f"/en/completion{address}").status_code in (200, 302)
        assert len(seen) <= 25, address
        assert [one for one in seen if "enrolment" in one or "completed_activity" in one] == [], address


def test_people_of_the_country_are_paged_without_reading_all(client: Client, country: Country) -> None:
    sign_in_as(client, make_officer(country.central, Role.CEC_ADMINISTRATOR))
    client.get(f"/en/completion/{country.central.id}/people")
    with statements() as seen:
        words = page(client, f"/en/completion/{country.central.id}/people?state=missing")
    assert "1 person has not finished" in words
    assert len(seen) <= 34
    (members,) = [one for one in seen if "per_person" in one]
    assert "appointment.commission_id IN (SELECT" not in members  # only the commissions of the page
