"""A crowd saves answers on SQLite, which has one writer, while a roster is brought in and a report is made."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from bench.measure import quantile
from lms.commissions.models import Commission
from lms.commissions.rules import Role
from lms.core.database.base import db
from lms.rosters.models import RosterImport
from tests.factories.commissions import make_officer
from tests.factories.rosters import sample
from tests.faults.campaign import find_missing
from tests.faults.clients import Writer, make_writers, statuses, wait_for_saves, writing
from tests.faults.serving import serving
from tests.faults.sizes import name_of, report, size
from tests.faults.watching import send_form, working
from tests.journeys.live import Live
from tests.postgres import Server

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3600)]
CLIENTS = size(40, 500)
SECONDS = size(5.0, 600.0)
PAUSE = size(0.5, 5.0)
"""Seconds of thought between two answers."""
IMPATIENT = "tests.faults.planted:create_impatient_app()"
BOUNDARY = "a1b2c3d4e5"


class Officer:
    """An administrator at work in a browser of their own."""

    def __init__(self, live: Live) -> None:
        self.live, self.port = live, live.product.port
        with live.inside():
            central = db.session.scalars(select(Commission).where(Commission.level == "cec")).one()
            head = make_officer(central, Role.CEC_ADMINISTRATOR)
            self.central, self.login = central.id, head.login
            self.cookie, self.token = live.sign_in(head)

    def upload(self) -> int:
        """Send the sample roster of a region; the id of its import."""
        fields = {"csrf_token": self.token, "commission": str(self.central), "lists": "additions"}
        parts = [
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()
        ]
        parts.append(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="roster.xlsx"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        content = "".join(parts).encode() + sample("mangystau-roster.xlsx") + f"\r\n--{BOUNDARY}--\r\n".encode()
        headers = {"Cookie": f"session={self.cookie}", "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("POST", "/en/rosters/new", content, headers)
        answer = connection.getresponse()
        said = answer.read().decode()
        connection.close()
        assert answer.status == 302, said
        return int(answer.headers["Location"].rpartition("/")[2])

    def bring_in(self, stop: threading.Event) -> bool:
        """Have the worker read and apply a roster; whether it was applied before the end."""
        made = self.upload()
        if not self.wait_for(made, "read", stop):
            return False
        fields = {"csrf_token": self.token, "leave_out_problems": "y"}
        assert send_form(self.port, self.cookie, f"/en/rosters/{made}/apply", **fields)[0] == 302
        return self.wait_for(made, "applied", stop)

    def wait_for(self, made: int, state: str, stop: threading.Event) -> bool:
        """Whether an import came to a state before the end."""
        while not stop.wait(0.2):
            with self.live.inside():
                if db.session.scalar(select(RosterImport.state).where(RosterImport.id == made)) == state:
                    return True
        return False

    def export(self) -> int:
        """The size of the list of everyone, as a page gives it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {"Cookie": f"session={self.cookie}", "Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode({"csrf_token": self.token, "reason": "A crowd"})
        connection.request("POST", f"/en/completion/{self.central}/list", body, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        assert answer.status == 200
        return len(content)

    def report(self) -> None:
        """The same by the command."""
        file = self.live.product.instance / "report.csv"
        self.live.product.lms("reports", "completion", "--csv", str(file), "--by", self.login)


@contextmanager
def office(officer: Officer, done: dict[str, int]) -> Iterator[None]:
    """An officer brings rosters in and another makes reports, again and again, for the time of the block."""
    stop, faults = threading.Event(), list[BaseException]()

    def keep(name: str, work: object) -> None:
        try:
            while not stop.is_set():
                done[name] = done.get(name, 0) + bool(work() is not False)  # type: ignore[operator]
        except BaseException as fault:
            faults.append(fault)

    works = {"imports": lambda: officer.bring_in(stop), "lists": officer.export, "reports": officer.report}
    threads = [threading.Thread(target=keep, args=work) for work in works.items()]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert faults == []


def told(writers: list[Writer]) -> str:
    """Times of saves."""
    times = [1000 * one.took for writer in writers for one in writer.heard]
    p50, p99, most = quantile(times, 0.5), quantile(times, 0.99), max(times)
    return f"p50 {p50:.0f} ms, p99 {p99:.0f} ms, longest {most:.0f} ms"


@pytest.fixture(autouse=True)
def one_writer(postgres_server: Server | None) -> None:
    """PostgreSQL has as many writers as it likes."""
    if postgres_server is not None:
        pytest.skip("SQLite only")


def test_the_campaign_finds_a_database_that_does_not_wait(installed: Live) -> None:
    """First seen to fail: on a server with a planted fault people are told that the database is busy."""
    writers = make_writers(installed, 20)
    with serving(installed, IMPATIENT), writing(writers):
        time.sleep(size(1.0, 5.0))
    assert statuses(writers)[503] > 0


def test_a_crowd_is_served_beside_an_import_and_reports(installed: Live) -> None:
    writers, officer, done = make_writers(installed, CLIENTS, pause=PAUSE), Officer(installed), dict[str, int]()
    log = Path(installed.product.instance / "server.log")
    before = log.stat().st_size if log.exists() else 0
    with serving(installed), working(installed), writing(writers), office(officer, done):
        wait_for_saves(writers, 1)
        time.sleep(SECONDS)
    confirmed, missing = find_missing(installed, writers)
    heard = statuses(writers)
    others = ", ".join(f"{number} {name}" for name, number in done.items())
    figure = (
        f"{CLIENTS} clients, {SECONDS:.0f} s: {confirmed} saves confirmed, {len(missing)} missing, "
        f"{sum(heard.values()) - heard[200]} refused, {told(writers)}; beside {others}"
    )
    report("a crowd, an import and reports", name_of(installed), figure, "0 locked, p99 <= 1 s, 0 missing")
    assert missing == []
    assert set(heard) == {200}
    assert b"database_trouble" not in log.read_bytes()[before:]
    assert min(done.get("lists", 0), done.get("reports", 0)) > 0
