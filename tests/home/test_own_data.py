"""A person's own data as one file: all of it, nobody else's."""

from __future__ import annotations

import json

from flask import Flask

from tests.conftest import Client
from tests.factories.commissions import make_member, sign_in_as
from tests.factories.world import CANARY, make_world


def test_everything_kept_of_a_person_is_in_their_file(app: Flask, client: Client) -> None:
    world = make_world()
    sign_in_as(client, world.owner)
    answer = client.get("/en/account/data.json")
    assert answer.headers["Cache-Control"] == "no-store"
    found = json.loads(answer.text)
    assert found["person"]["surname"] == world.owner.person.surname
    assert len(found["person"]["identity_number"]) == 12
    assert [len(found[name]) for name in ("seats", "courses", "tests", "certificates")] == [1, 1, 1, 1]
    assert found["account"]["login"] == world.owner.login
    assert "password" not in answer.text
    assert [one["name"] for one in found["account"]["passkeys"]] == [f"{CANARY}, phone"]
    assert set(found["account"]["passkeys"][0]) == {"name", "backed_up", "created_at", "last_used_at"}
    linked = found["account"]["linked_identity"][0]
    assert (linked["issuer"], linked["subject"]) == ("https://id.example", f"subject {world.owner.id}")
    assert found["account"]["recovery_codes_left"] == 1


def test_nobody_elses_data_is_in_it(app: Flask, client: Client) -> None:
    world = make_world()
    sign_in_as(client, make_member(world.country.precinct, surname="Басқаева"))
    answer = client.get("/en/account/data.json")
    assert "Басқаева" in answer.text
    assert CANARY not in answer.text


def test_a_stranger_has_none(client: Client) -> None:
    assert client.get("/en/account/data.json").status_code == 302
