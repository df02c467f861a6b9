"""Somebody guesses passwords at the served product: over several processes, with forged addresses, through a restart.
Each account is tried ten times a quarter of an hour and no more; the answer tells nobody which logins there are; and a
school behind the same address still gets in."""

from __future__ import annotations

import http.client
import random
import re
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from statistics import median
from urllib.parse import urlencode, urlsplit

import pytest
from sqlalchemy import func, select

from lms.accounts import rules
from lms.accounts.models import SignInWindow
from lms.accounts.passwords import hash_password
from lms.core.database.base import db
from tests.factories.commissions import make_account
from tests.faults.serving import kill, serving, start
from tests.faults.sizes import FULL, name_of, report, size
from tests.journeys.live import Live

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3600)]
WORKERS = 4
GUESSES = size(240, 10_000)
GUESSED = size(4, 20)
"""Accounts that are guessed at."""
CALLS = size(20, 5_000)
"""Tries with logins that there are, and as many with logins that there are not."""
SCHOOL = size(6, 300)
FAILURES = size(20, 2_000)
"""Failures of somebody else at the school's address, before."""
PASSWORD = "three short words"
TRIED, REFUSED, IN = 422, 429, 302
SITE = "https://cascade.example"
APART = 0.005
"""Seconds that the medians may lie apart."""


@dataclass
class Door:
    """The sign-in page as a script sees it: one connection, one form with its token."""

    port: int
    host: str = ""
    forwarded: str = ""
    cookie: str = ""
    token: str = ""

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.connection.request("GET", "/en/sign-in", headers=self._headers())
        answer = self.connection.getresponse()
        page = answer.read().decode()
        kept = answer.headers.get_all("Set-Cookie") or []
        self.cookie = next(one.split(";")[0] for one in kept if one.startswith("session="))
        self.token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page)[0]

    def tries(self, login: str, password: str, forwarded: str = "") -> tuple[int, str]:
        """What the server says to one try; the form's token and the login left out."""
        body = urlencode({"login": login, "secret": password, "csrf_token": self.token})
        headers = {**self._headers(forwarded), "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request("POST", "/en/sign-in", body, headers)
        answer = self.connection.getresponse()
        page = answer.read().decode()
        page = re.sub(r'(name="csrf_token"[^>]*value=")[^"]+', r"\1", page)
        return answer.status, page.replace(f'value="{login}"', 'value=""')

    def close(self) -> None:
        """Go away."""
        self.connection.close()

    def _headers(self, forwarded: str = "") -> dict[str, str]:
        address = forwarded or self.forwarded
        scheme = {"X-Forwarded-Proto": "https", "Referer": SITE} if self.host else {}
        said = {"Host": self.host, "X-Forwarded-For": address, "Cookie": self.cookie, **scheme}
        return {name: value for name, value in said.items() if value}


def make_accounts(server: Live, count: int) -> list[str]:
    """Logins of accounts that share a password."""
    kept = hash_password(PASSWORD)
    with server.inside():
        made = [make_account() for _ in range(count)]
        for account in made:
            account.password_hash = kept
        return [account.login for account in made]


def windows_since(began: float) -> int:
    """How many windows of counting a campaign touched."""
    return rules.window_of(time.time()) - rules.window_of(began) + 1


def test_ten_guesses_a_window_whatever_is_forged_and_restarted(installed: Live) -> None:
    logins, began = make_accounts(installed, GUESSED), time.time()
    heard: list[tuple[str, int]] = []

    def guess(part: Sequence[int]) -> None:
        rng = random.Random(part[0])
        with closing(Door(installed.product.port)) as door:
            for number in part:
                login = logins[number % len(logins)]
                forged = ".".join(str(rng.randrange(1, 255)) for _ in range(4))
                heard.append((login, door.tries(login, f"guess {number}", forged)[0]))

    def guess_all(numbers: range) -> None:
        parts = [numbers[first::8] for first in range(8)]
        with ThreadPoolExecutor(8) as crowd:
            for _ in crowd.map(guess, parts):
                pass

    process = start(installed, workers=WORKERS)
    try:
        guess_all(range(GUESSES // 2))
        kill(process)
        process = start(installed, workers=WORKERS)
        guess_all(range(GUESSES // 2, GUESSES))
    finally:
        kill(process)
    answers = Counter(status for _login, status in heard)
    most = max(Counter(login for login, status in heard if status != REFUSED).values())
    report("guesses checked of one account in a window", name_of(installed), most, f"{rules.TRIES_PER_LOGIN}")
    assert sum(answers.values()) == GUESSES
    assert set(answers) == {TRIED, REFUSED}
    assert most <= rules.TRIES_PER_LOGIN * windows_since(began)
    with installed.inside():
        counted = db.session.scalar(select(func.max(SignInWindow.tries)))
    assert counted is not None
    assert counted * windows_since(began) >= GUESSES, "all guesses came from one address, whatever they said"


def test_nobody_learns_which_logins_there_are(installed: Live) -> None:
    known = make_accounts(installed, -(-CALLS // rules.TRIES_PER_LOGIN))
    unknown = [str(random.Random(number).randrange(10**7, 10**8)) for number in range(CALLS)]
    took: dict[str, list[float]] = {"known": [], "unknown": []}
    pages = set[tuple[int, str]]()
    with serving(installed, workers=WORKERS, PUBLIC_URL=SITE):
        door = Door(installed.product.port, urlsplit(SITE).netloc, "10.0.0.1")
        for number in range(CALLS):
            address = f"10.{number // 65536}.{number // 256 % 256}.{number % 256}"
            for name, login in (("known", known[number % len(known)]), ("unknown", unknown[number])):
                began = time.perf_counter()
                status, page = door.tries(login, f"guess {number}", address)
                took[name].append(time.perf_counter() - began)
                pages.add((status, page))
        door.close()
    apart = abs(median(took["known"]) - median(took["unknown"]))
    report("known and unknown logins apart (median, ms)", name_of(installed), round(apart * 1000, 2), "5")
    assert [status for status, _page in pages] == [TRIED]
    assert not FULL or apart < APART


def test_a_school_gets_in_where_somebody_guesses(installed: Live) -> None:
    members = make_accounts(installed, SCHOOL)
    with serving(installed, workers=WORKERS, PUBLIC_URL=SITE):
        guesser = Door(installed.product.port, urlsplit(SITE).netloc, "198.51.100.7")
        for number in range(FAILURES):
            guesser.tries(f"nobody-{number}", "guess")
        guesser.close()

        def come(login: str) -> list[int]:
            with closing(Door(installed.product.port, urlsplit(SITE).netloc, "198.51.100.7")) as door:
                return [door.tries(login, password)[0] for password in ("my mistake", PASSWORD)]

        with ThreadPoolExecutor(8) as crowd:
            answers = Counter(map(tuple, crowd.map(come, members)))
    came = answers[TRIED, IN]
    report("members of a school who got in where others guess", name_of(installed), f"{came} of {SCHOOL}", "all")
    assert came == SCHOOL
