"""The whole country: loading it, the pages that follow it, its list and its rosters; and with ten times the people.

python -m bench.country [sqlite] [postgresql]
"""

from __future__ import annotations

import http.client
import json
import os
import re
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from urllib.parse import urlencode

from flask import Flask, session
from sqlalchemy import select

from bench.measure import line, quantile, run
from bench.visit import one_page
from lms.accounts.models import Account
from lms.app import create_app
from lms.commissions.models import Appointment, Commission, RoleGrant
from lms.core.database.base import db
from tests import postgres
from tests.factories.commissions import signed_in
from tests.faults.serving import serving
from tests.journeys.live import Live, fresh_database, settings_of
from tests.journeys.region import Product, installation

APP = "bench.saves:create_bench_app()"
REGION = "KZ-12"
ROSTER = Path(__file__).parents[1] / "tests" / "rosters" / "data" / "mangystau-roster.xlsx"
ASKED = 25
"""Requests of each page."""
TIMES = 10
DESK = {
    "Desk": "/ru/desk/{}",
    "Call list, first page": "/ru/desk/{}/calls",
    "Call list, last page": "/ru/desk/{}/calls?to=end",
    "Call list, no phone": "/ru/desk/{}/calls?what=no-phone",
}
SEARCHED = {"a surname": "Серикова", "two letters": "аб", "a wrong letter": "Серкова", "a precinct": "УИК 17"}


def cookie_of(app: Flask, login: str) -> str:
    """A session of an account that has proven its second step."""
    with app.test_request_context():
        account = db.session.scalars(select(Account).where(Account.login == login)).one()
        session.permanent = True
        session.update(signed_in(account))
        db.session.commit()
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        return str(serializer.dumps(dict(session)))


def pages_of(app: Flask) -> dict[str, str]:
    """The pages that follow a campaign, from the country to a precinct."""
    with app.app_context():
        ids = {
            code: db.session.scalars(select(Commission.id).where(Commission.code == code)).one()
            for code in ("KZ", "KZ-12", "KZ-12-01")
        }
        precinct = db.session.scalars(
            select(Commission.id).where(Commission.parent_id == ids["KZ-12-01"], Commission.level == "pec")
        ).first()
    return {
        "country": f"/ru/completion/{ids['KZ']}",
        "region": f"/ru/completion/{ids['KZ-12']}",
        "district": f"/ru/completion/{ids['KZ-12-01']}",
        "precinct": f"/ru/completion/{precinct}",
        "whole tree": f"/ru/completion/{ids['KZ']}/tree",
        "people not finished, none": f"/ru/completion/{ids['KZ']}/people?state=missing",
        "people finished, 100 a page": f"/ru/completion/{ids['KZ']}/people?state=finished",
    }


def ask(port: int, cookie: str, path: str, n: int = ASKED) -> tuple[float, float, int]:
    """Seconds of a page, median and p95, and its bytes as sent."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    times, size = [], 0
    for _ in range(n + 3):
        begin = perf_counter()
        connection.request("GET", path, headers={"Cookie": f"session={cookie}", "Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        size = len(answer.read())
        times.append(perf_counter() - begin)
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
    return quantile(times[3:], 0.5), quantile(times[3:], 0.95), size


def bench_pages(server: Live, kind: str, people: str) -> None:
    """Every page that follows the campaign, beside a page that asks the database nothing."""
    cookie = cookie_of(server.app, "cec")
    with serving(server, APP):
        word = ask(server.product.port, cookie, "/en/word")
        for name, path in pages_of(server.app).items():
            middle, late, size = ask(server.product.port, cookie, path)
            target = "p95 <= 50 ms" if people == "1 x" else "<= 2 x or <= 100 ms"
            said = f"{middle * 1000:.0f} / {late * 1000:.0f} ms, {size / 1024:.0f} KB"
            line(f"Completion, {name}, {people}, {kind}: p50 / p95", said, f"a word {word[1] * 1000:.1f} ms", target)


def bench_desk(server: Live, kind: str, people: str) -> None:
    """The desk, its call list and the search of the CEC and of a region, with a third of the people behind."""
    with server.app.app_context():
        login, region = db.session.execute(
            select(Account.login, RoleGrant.commission_id)
            .join(RoleGrant, RoleGrant.account_id == Account.id)
            .join(Commission, Commission.id == RoleGrant.commission_id)
            .where(RoleGrant.role == "territorial_officer", Commission.code.like("KZ-__"))
            .order_by(Commission.code)
        ).first() or ("cec", 0)
        central = db.session.scalars(select(Commission.id).where(Commission.parent_id.is_(None))).one()
    with serving(server, APP):
        for who, by, place in (("CEC", "cec", central), ("region", login, region)):
            cookie = cookie_of(server.app, by)
            word = ask(server.product.port, cookie, "/en/word")
            for name, path in DESK.items():
                middle, late, size = ask(server.product.port, cookie, path.format(place))
                said = f"{middle * 1000:.0f} / {late * 1000:.0f} ms, {size / 1024:.0f} KB"
                target = "p95 <= 50 ms" if people == "1 x" else "<= 2 x or <= 100 ms"
                line(f"{name}, {who}, {people}, {kind}: p50 / p95", said, f"a word {word[1] * 1000:.1f} ms", target)
            for name, typed in SEARCHED.items():
                middle, late, size = look_up(server.product.port, cookie, typed)
                said = f"{middle * 1000:.0f} / {late * 1000:.0f} ms, {size / 1024:.0f} KB"
                line(f"Search, {name}, {who}, {people}, {kind}: p50 / p95", said, "", "p95 <= 100 ms")


def look_up(port: int, cookie: str, typed: str, n: int = ASKED) -> tuple[float, float, int]:
    """Seconds of an answer while somebody types, median and p95, and its bytes as sent."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    headers = {"Cookie": f"session={cookie}", "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("GET", "/ru/account", headers=headers)
    answer = connection.getresponse()
    page = answer.read().decode()
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]
    given = [one.partition(";")[0] for one in answer.headers.get_all("Set-Cookie") or []]
    kept = next((one for one in given if one.startswith("session=")), f"session={cookie}")
    times, size = [], 0
    for _ in range(n + 3):
        begin = perf_counter()
        body = urlencode({"csrf_token": token, "q": typed})
        connection.request("POST", "/ru/search/typing", body, {**headers, "Cookie": kept})
        answer = connection.getresponse()
        size = len(answer.read())
        times.append(perf_counter() - begin)
        if answer.status != 200:
            raise RuntimeError(f"search: {answer.status}")
    return quantile(times[3:], 0.5), quantile(times[3:], 0.95), size


def bench_wire(server: Live) -> None:
    """The pages of those who look after others, each with an empty cache, as a browser asks for them."""
    roster = ("lms", "rosters", "import", str(ROSTER), "--commission", REGION, "--by", "cec", "--json")
    made = json.loads(run(server.product.environment, *roster).said)["import"]
    cookies = {"session": cookie_of(server.app, "cec")}
    known = pages_of(server.app)
    with server.app.app_context():
        region = select(Commission.id).where(Commission.code == REGION).scalar_subquery()
        person = db.session.scalars(select(Appointment.person_id).where(Appointment.commission_id == region)).first()
    pages = {
        "completion of a region": known["region"],
        "people finished, 100 a page": f"{known['region']}/people?state=finished",
        "a person": f"/ru/people/{person}",
        "a roster of 1,765 rows": f"/ru/rosters/{made}",
        "workshops": "/ru/workshops",
    }
    with serving(server, APP):
        for name, path in pages.items():
            asked, size = one_page(server.address, path, cookies)
            line(f"Officer page, {name}, empty cache", f"{asked} requests, {size / 1024:.0f} KB", "", "<= 150 KB")


def bench_list(product: Product, kind: str) -> None:
    """The completion list of everyone as CSV."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "all.csv"
        made = run(product.environment, "lms", "reports", "completion", "--csv", str(file))
        start = run(product.environment, "lms", "reports", "--help")
        rows = file.read_text(encoding="utf-8-sig").count("\n") - 1
    line(f"Completion list, {rows:,} rows as CSV, {kind}", str(made), f"starting {start}", "<= 2 s, <= 150 MB")


def measure(database: postgres.Server | None) -> None:
    """The rows of one database."""
    kind = "PostgreSQL" if database else "SQLite"
    url = fresh_database(database, f"country_{os.getpid()}")
    with installation(url) as product:
        loaded = run(product.environment, "lms", "demo", "load", "--scale", "national")
        line(f"Country loaded, {kind}", str(loaded), "", "<= 60 s")
        counted = run(product.environment, "lms", "reports", "verify")
        line(f"Recount of everything, {kind}", f"{counted}: {re.sub(r'[.].*', '', counted.said.strip())}")
        bench_list(product, kind)
        server = Live(product, create_app(settings_of(product.instance, url)))
        try:
            bench_pages(server, kind, "1 x")
            if database is None:
                bench_wire(server)
            run(product.environment, "bench.behind")
            bench_desk(server, kind, "1 x")
            grown = run(product.environment, "bench.growing", str(TIMES))
            line(f"Ten times the people made, {kind}", f"{grown}: {int(grown.said):,} people")
            bench_pages(server, kind, f"{TIMES} x")
            bench_desk(server, kind, f"{TIMES} x")
        finally:
            with server.app.app_context():
                db.engine.dispose()


def main(names: list[str]) -> None:
    """The rows of the databases named; of both when none is."""
    if not names or "sqlite" in names:
        measure(None)
    if not names or "postgresql" in names:
        with postgres.running() as database:
            measure(database)


if __name__ == "__main__":
    main(sys.argv[1:])
