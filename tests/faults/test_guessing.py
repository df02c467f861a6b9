"""Somebody guesses passwords at the served product: over several processes, with forged addresses, through a restart.
Each account is tried ten times a quarter of an hour and no more; the answer tells nobody which logins there are; and a
school behind the same address still gets in.

Planted faults (`planted_sign_in.py`), each of which a test here finds first: tries that are counted after they were
checked, or in each process for itself; a forwarded address that is believed; no hash where there is no such login, or a
sentence of its own; an address that is shut out whole.
"""

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
from datetime import timedelta
from statistics import median
from urllib.parse import urlencode, urlsplit

import pytest
from sqlalchemy import delete, func, select, update

from lms.accounts import rules
from lms.accounts.actions import keep_code
from lms.accounts.models import OneTimeCode, SignInWindow
from lms.accounts.passwords import hash_password
from lms.core import clock
from lms.core.database.base import db
from lms.people.vault import keyed_hash
from tests.factories.commissions import make_account
from tests.faults.serving import HONEST, kill, serving, start
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
PLANTED = "tests.faults.planted_sign_in:create_{}_app()"
HERE, SCHOOL_AT = "127.0.0.1", "198.51.100.7"
CROWD = 8
"""Guesses that are under way at the same moment."""
ROOM = 60
"""Seconds that a window is to last on where the figures of one are looked at."""


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
            keep_code(account=account, code=rules.new_code(), expires_at=clock.now() + timedelta(days=1))
            account.password_hash = kept
        db.session.execute(update(OneTimeCode).values(used_at=clock.now()))
        return [account.login for account in made]


@dataclass(frozen=True)
class Guessed:
    """What came of guessing."""

    heard: Counter[int]
    """Answers by status."""
    most: int
    """Guesses checked of one account."""
    allowed: int
    """How many may be, in the windows that it took."""
    from_here: int
    """Tries that were counted at the address from which all came, whatever they said."""


def guess_away(server: Live, app: str = HONEST, guesses: int = GUESSES) -> Guessed:
    """Guess at some accounts from forged addresses; half-way the server is killed and started again, behind a proxy.
    All who guess are at the same account at about the same moment."""
    logins, began = make_accounts(server, GUESSED), time.time()
    heard: list[tuple[str, int]] = []
    with server.inside():
        db.session.execute(delete(SignInWindow))

    def guess(part: Sequence[int], host: str) -> None:
        rng = random.Random(part[0])
        with closing(Door(server.product.port, host, HERE)) as door:
            for number in part:
                login = logins[number // CROWD % len(logins)]
                forged = ".".join(str(rng.randrange(1, 255)) for _ in range(4))
                said = f"{forged}, {HERE}" if host else forged  # the proxy writes the true one behind it
                heard.append((login, door.tries(login, f"guess {number}", said)[0]))

    def guess_all(numbers: range, host: str = "") -> None:
        parts = [numbers[first::CROWD] for first in range(CROWD)]
        with ThreadPoolExecutor(CROWD) as crowd:
            for _ in crowd.map(guess, parts, [host] * CROWD):
                pass

    process = start(server, app, workers=WORKERS)
    try:
        guess_all(range(guesses // 2))
        kill(process)
        process = start(server, app, workers=WORKERS, PUBLIC_URL=SITE)
        guess_all(range(guesses // 2, guesses), urlsplit(SITE).netloc)
    finally:
        kill(process)
    checked = Counter(login for login, status in heard if status != REFUSED)
    with server.inside():
        key = keyed_hash("try-address", HERE)
        from_here = db.session.scalar(select(func.sum(SignInWindow.tries)).where(SignInWindow.key == key)) or 0
    allowed = rules.TRIES_PER_LOGIN * windows_since(began)
    return Guessed(Counter(status for _login, status in heard), max(checked.values()), allowed, from_here)


@dataclass(frozen=True)
class Told:
    """What answers tell of which logins there are."""

    pages: set[tuple[int, str]]
    """Every answer."""
    known: float
    """Seconds of an answer about a login that there is, median."""
    unknown: float

    @property
    def apart(self) -> float:
        """Seconds between them."""
        return abs(self.known - self.unknown)


def try_both(server: Live, app: str = HONEST, calls: int = CALLS) -> Told:
    """Try logins that there are and logins that there are not, in turn, with words and with what looks like the code of
    a slip; every account has a slip that was used."""
    known = make_accounts(server, -(-calls // rules.TRIES_PER_LOGIN))
    unknown = [str(random.Random(number).randrange(10**7, 10**8)) for number in range(calls)]
    took: dict[str, list[float]] = {"known": [], "unknown": []}
    pages = set[tuple[int, str]]()
    served = serving(server, app, workers=WORKERS, PUBLIC_URL=SITE)
    with served, closing(Door(server.product.port, urlsplit(SITE).netloc, "10.0.0.1")) as door:
        for number in range(calls):
            address = f"10.{number // 65536}.{number // 256 % 256}.{number % 256}"
            for name, login in (("known", known[number % len(known)]), ("unknown", unknown[number])):
                began = time.perf_counter()
                answer = door.tries(login, f"guess {number}" if number % 2 else rules.new_code(), address)
                took[name].append(time.perf_counter() - began)
                pages.add(answer)
    return Told(pages, median(took["known"]), median(took["unknown"]))


def let_school_in(server: Live, app: str = HONEST, *, failures: int = FAILURES, school: int = SCHOOL) -> int:
    """How many members of a school get in, each after one mistake, where somebody else has failed so often."""
    members, host = make_accounts(server, school), urlsplit(SITE).netloc
    with server.inside():
        db.session.execute(delete(SignInWindow))
    with serving(server, app, workers=WORKERS, PUBLIC_URL=SITE):
        with closing(Door(server.product.port, host, SCHOOL_AT)) as guesser:
            for number in range(failures):
                guesser.tries(f"nobody-{number}", "guess")

        def come(login: str) -> list[int]:
            with closing(Door(server.product.port, host, SCHOOL_AT)) as door:
                return [door.tries(login, password)[0] for password in ("my mistake", PASSWORD)]

        with ThreadPoolExecutor(CROWD) as crowd:
            return sum(answers == [TRIED, IN] for answers in crowd.map(come, members))


def windows_since(began: float) -> int:
    """How many windows of counting a campaign touched."""
    return rules.window_of(time.time()) - rules.window_of(began) + 1


def wait_for_room() -> None:
    """Begin no campaign that looks at one window at the end of it."""
    left = rules.WINDOW_SECONDS - time.time() % rules.WINDOW_SECONDS
    if left < ROOM:
        time.sleep(left + 0.1)


@pytest.mark.parametrize("fault", ["late_counting", "process_counting"])
def test_the_campaign_finds_more_guesses_than_ten(installed: Live, fault: str) -> None:
    """First seen to fail: servers with a planted fault check an eleventh guess."""
    wait_for_room()
    outcome = guess_away(installed, PLANTED.format(fault), guesses=240)
    assert outcome.most > outcome.allowed


def test_the_campaign_finds_an_address_that_is_believed(installed: Live) -> None:
    """First seen to fail: a server with a planted fault takes the word of whoever guesses for where they are."""
    outcome = guess_away(installed, PLANTED.format("trusting"), guesses=80)
    assert outcome.from_here < sum(outcome.heard.values())


def test_the_campaign_finds_who_tells_which_logins_there_are(installed: Live) -> None:
    """First seen to fail: a server with a planted fault answers sooner, another in other words."""
    sooner = try_both(installed, PLANTED.format("saving"), calls=20)
    assert len(sooner.pages) == 1
    assert sooner.apart > max(APART, sooner.known / 2)
    assert len(try_both(installed, PLANTED.format("telling"), calls=5).pages) == 2


def test_the_campaign_finds_a_school_that_is_shut_out(installed: Live) -> None:
    """First seen to fail: a server with a planted fault lets nobody in where somebody guesses."""
    assert let_school_in(installed, PLANTED.format("shutting"), failures=20, school=2) == 0


def test_ten_guesses_a_window_whatever_is_forged_and_restarted(installed: Live) -> None:
    outcome = guess_away(installed)
    windows = outcome.allowed // rules.TRIES_PER_LOGIN
    figure = f"{outcome.most} in {windows} of {GUESSES} guesses at {GUESSED} accounts"
    report("guesses checked of one account, windows", name_of(installed), figure, f"{rules.TRIES_PER_LOGIN} in each")
    assert sum(outcome.heard.values()) == GUESSES
    assert set(outcome.heard) == {TRIED, REFUSED}
    assert outcome.most <= outcome.allowed
    assert outcome.from_here == GUESSES, "all guesses came from one address, whatever they said"


def test_nobody_learns_which_logins_there_are(installed: Live) -> None:
    told = try_both(installed)
    figure = f"{told.known * 1000:.2f} and {told.unknown * 1000:.2f}: {told.apart * 1000:.2f} apart (2 x {CALLS})"
    report("known and unknown logins (median, ms)", name_of(installed), figure, "5")
    assert [status for status, _page in told.pages] == [TRIED]
    assert told.apart < (APART if FULL else told.known / 2)


def test_a_school_gets_in_where_somebody_guesses(installed: Live) -> None:
    came = let_school_in(installed)
    report("members of a school who got in where others guess", name_of(installed), f"{came} of {SCHOOL}", "all")
    assert came == SCHOOL
