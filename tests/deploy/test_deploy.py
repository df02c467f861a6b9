"""The whole of deploy/ at work: nginx with HTTPS before the server, the worker beside, PostgreSQL behind."""

from __future__ import annotations

import http.client
import re
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from lms.accounts.actions import issue_code
from lms.accounts.models import Account, SignInWindow
from lms.assessment.models import AnswerStep
from lms.certificates.models import Certificate
from lms.commissions.models import Commission
from lms.commissions.permissions import SYSTEM
from lms.core import clock
from lms.core.database.base import db
from lms.core.jobs.models import Job
from lms.people.vault import keyed_hash
from tests.deploy.machine import NAME, Machine, machine
from tests.factories.certificates import certify
from tests.factories.commissions import make_member
from tests.faults.clients import make_writers
from tests.faults.saving import check_all_there, save_during, wait_for_new
from tests.faults.serving import children_of
from tests.journeys.chromium import chromium
from tests.journeys.live import PHONE, Live, live
from tests.postgres import Server

pytestmark = pytest.mark.deploy
WEB, WORKER = "cascade-web.service", "cascade-worker.service"


@dataclass
class Served:
    """A machine that serves, and the same installation in this process."""

    machine: Machine
    live: Live


@pytest.fixture(scope="module")
def served(postgres_server: Server | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Everything installed and started as the files of deploy/ say."""
    if postgres_server is None:
        pytest.skip("deploy/ is driven once, on PostgreSQL")
    with live(postgres_server) as made:
        product, root = made.product, tmp_path_factory.mktemp("machine")
        where = {"instance": product.instance, "database_url": product.environment["DATABASE_URL"]}
        with machine(root, **where, port=product.port) as on:
            on.install()
            on.write_settings()
            done = on.install()
            assert done.returncode == 0, done.stderr
            nginx = on.prepare_nginx()
            tried = subprocess.run([*nginx, "-t"], capture_output=True, text=True, check=False)
            assert tried.returncode == 0, tried.stderr
            assert "[emerg]" not in tried.stderr
            assert "[warn]" not in tried.stderr
            on.start_nginx(nginx)
            on.start(WEB)
            on.start(WORKER)
            on.wait_until_served()
            yield Served(on, made)


def test_a_member_goes_through_it(served: Served) -> None:
    """In with a slip, a module, an answer in the test, the certificate of somebody who has finished, a stranger's
    check."""
    learner = served.live.make_learner()
    with served.live.inside():
        account = db.session.get_one(Account, learner.account_id)
        account.password_hash = None
        code = issue_code(account=account, expires_at=clock.now() + timedelta(days=1), by=SYSTEM)
        login = account.login
    with chromium() as browser:
        context = browser.new_context(viewport=PHONE, ignore_https_errors=True)  # type: ignore[arg-type]
        page = context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        sign_in_with_slip(page, f"{served.machine.address}/en/sign-in#login={login}&code={code}")
        assert {(one["secure"], one["httpOnly"]) for one in context.cookies()} == {(True, True)}
        read_module(page, served.machine)
        with served.live.inside():
            before = count_steps()
        save_answer(page, served.machine)
        with served.live.inside():
            assert count_steps() == before + 1
        context.close()
        check = download_certificate(browser.new_page(viewport=PHONE, ignore_https_errors=True), served)
        stranger = browser.new_page(ignore_https_errors=True)
        stranger.goto(f"{served.machine.address}/ru/verify/{check}")
        expect(stranger.locator("main")).to_contain_text(re.compile(r"KZ-\d{4}-"))
        assert faults == []


def sign_in_with_slip(page: Page, address: str) -> None:
    """Open what the slip's QR code holds, and choose a password."""
    page.goto(address)
    expect(page.locator("#code, #secret").first).not_to_have_value("")
    page.click("main form button")
    page.fill("#password", "үш қысқа сөз")
    page.fill("#password_again", "үш қысқа сөз")
    page.click("main form button")
    expect(page).to_have_url(re.compile(r"/en/$"))


def read_module(page: Page, on: Machine) -> None:
    """Open the course's first module."""
    page.goto(f"{on.address}/en/courses/election-day")
    page.locator("main a[href*='/modules/']").first.click()
    expect(page).to_have_url(re.compile(r"/modules/"))
    assert len(page.locator("main").inner_text()) > 500


def save_answer(page: Page, on: Machine) -> None:
    """Begin the test and answer its first question."""
    page.goto(f"{on.address}/en/courses/election-day/test")
    page.get_by_role("button", name="Begin the test").click()
    expect(page).to_have_url(re.compile(r"/questions/1$"))
    field = page.locator("[name^='q1-']").first
    if field.evaluate("one => one.tagName") == "SELECT":
        field.select_option(index=1)
    elif field.get_attribute("type") in ("radio", "checkbox"):
        field.check()
    else:
        field.fill("7")
        field.blur()
    expect(page.locator("#saved")).to_have_text("✓ Saved on the server")


def count_steps() -> int:
    """How many answers there are."""
    return db.session.scalar(select(func.count()).select_from(AnswerStep)) or 0


def download_certificate(page: Page, served: Served) -> str:
    """Ask for a certificate, which the worker then renders; the code of its check page."""
    with served.live.inside():
        account = make_member(db.session.query(Commission).filter_by(level="pec").first())
        certificate: Certificate = certify(account)
        db.session.flush()
        db.session.query(Job).update({"state": "failed"})
        cookie, _token = served.live.sign_in(account)
        path, code = f"/en/certificates/{certificate.id}", certificate.code
    page.context.add_cookies([{"name": "session", "value": cookie, "url": served.machine.address}])
    page.goto(served.machine.address + path)
    page.click("summary")
    page.get_by_role("button", name="Prepare it again").click()
    expect(page.locator("h1")).to_have_text("Your certificate is being prepared")
    page.close()
    for _try in range(240):
        _status, headers, document = served.machine.ask(path, Cookie=f"session={cookie}")
        if headers["Content-Type"] == "application/pdf":
            assert document.startswith("%PDF-")
            return code
        time.sleep(0.25)
    raise AssertionError("the worker rendered no certificate")


def test_headers_are_those_of_a_safe_site(served: Served) -> None:
    status, headers, _page = served.machine.ask("/kk/sign-in", Accept_Encoding="br")
    assert status == 200
    assert headers["Content-Encoding"] == "br"
    assert headers.get_all("Strict-Transport-Security") == ["max-age=31556926; includeSubDomains"]
    assert headers.get_all("Content-Security-Policy") is not None
    assert "nginx/" not in headers["Server"]
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    for cookie in headers.get_all("Set-Cookie") or []:
        assert "Secure" in cookie
    assert headers["Cache-Control"] == "no-cache"


def test_static_files_are_kept_by_nginx_compressed_and_pages_are_not(served: Served) -> None:
    _status, _headers, page = served.machine.ask("/kk/sign-in")
    found = re.search(r'href="(/static/[^"]+\.css)"', page)
    assert found is not None
    for coding in ("br", "gzip"):
        connection = served.machine.connect()
        connection.request("GET", found[1], headers={"Accept-Encoding": coding})
        answer = connection.getresponse()
        assert answer.status == 200
        assert answer.headers["Content-Encoding"] == coding
        assert "immutable" in answer.headers["Cache-Control"]
        answer.read()
        connection.close()
    kept = [path.read_bytes() for path in (served.machine.root / "var/lib/nginx/cascade").rglob("*") if path.is_file()]
    assert kept
    assert [one for one in kept if b"KEY: /static/" not in one] == []


def test_a_forged_address_is_not_believed(served: Served) -> None:
    """The try is counted for whoever connected to nginx, whatever the request says."""
    _status, headers, page = served.machine.ask("/en/sign-in")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    cookies = "; ".join(one.partition(";")[0] for one in headers.get_all("Set-Cookie") or [])
    forged = {"X_Forwarded_For": "203.0.113.9", "X_Forwarded_Host": "evil.example", "Forwarded": "for=203.0.113.9"}
    form = f"login=nobody&secret=not-the-word&csrf_token={token[1]}"
    media = "application/x-www-form-urlencoded"
    status, _headers, answer = served.machine.ask(
        "/en/sign-in", "POST", form, Cookie=cookies, Content_Type=media, **forged
    )
    assert status == 422
    assert "evil" not in answer
    with served.live.inside():
        keys = set(db.session.scalars(select(SignInWindow.key)))
        counted = {one for one in ("127.0.0.1", "203.0.113.9") if keyed_hash("try-address", one) in keys}
    assert counted == {"127.0.0.1"}


def test_figures_are_told_on_this_machine(served: Served) -> None:
    near = http.client.HTTPConnection("127.0.0.1", served.machine.port, timeout=10)
    near.request("GET", "/metrics")
    told = near.getresponse().read().decode()
    near.close()
    assert 'cascade_requests_total{endpoint="accounts.sign_in",status="200"}' in told
    assert re.findall(r"^cascade_jobs.*", told, re.MULTILINE) == re.findall(
        r'^cascade_jobs\{state="\w+"\} \d+\.0$', told, re.MULTILINE
    )


@pytest.mark.parametrize("path", ["/metrics", "/kk/metrics", "/en/metrics"])
def test_figures_are_hidden_from_outside(served: Served, path: str) -> None:
    status, _headers, page = served.machine.ask(path, X_Forwarded_For="127.0.0.1")
    assert status == 404
    assert "cascade_requests" not in page


def test_no_other_name_is_answered(served: Served) -> None:
    with pytest.raises(ssl.SSLError):
        served.machine.connect("evil.localhost").connect()
    assert served.machine.ask("/kk/sign-in", Host="evil.example")[0] == 421
    plain = http.client.HTTPConnection("127.0.0.1", served.machine.http_port, timeout=10)
    plain.request("GET", "/kk/sign-in?next=/", headers={"Host": NAME})
    answer = plain.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, f"{served.machine.address}/kk/sign-in?next=/")
    plain.close()


def test_the_log_holds_no_code_and_no_query(served: Served) -> None:
    assert served.machine.ask("/ru/verify/abcdefgh1234?code=query-words")[0] == 404
    lies = served.machine.root / "var/log/nginx/cascade.log"
    patience = time.monotonic() + 10  # nginx writes the line after its answer
    while "/ru/verify/... 404" not in (log := lies.read_text()) and time.monotonic() < patience:
        time.sleep(0.05)
    assert "/ru/verify/... 404" in log
    assert "abcdefgh1234" not in log
    assert "query-words" not in log


def test_too_large_a_file_gets_a_sentence(served: Served) -> None:
    connection = served.machine.connect()
    connection.request("POST", "/kk/rosters/new", headers={"Content-Length": str(70 * 1024 * 1024)})
    answer = connection.getresponse()
    assert answer.status == 413
    page = answer.read().decode()
    assert [
        words for words in ("Файл тым үлкен", "Файл слишком большой", "The file is too large") if words not in page
    ] == []
    connection.close()


def test_a_reload_under_saves_loses_none_and_refuses_none(served: Served) -> None:
    """Through nginx, which keeps its connections to the server."""
    writers = make_writers(served.live, 6)
    pid = served.machine.running[WEB].pid

    def reload() -> None:
        before = set(children_of(pid))
        served.machine.reload(WEB)
        wait_for_new(pid, before)

    assert save_during(reload, writers, served.machine.connect) == []
    assert check_all_there(served.live, writers) > 0


def test_while_the_server_is_down_a_plain_page_says_so(served: Served) -> None:
    """Last here: the server is stopped, as `systemctl stop` does."""
    assert served.machine.stop(WEB) == 0
    for method in ("GET", "POST"):
        status, headers, page = served.machine.ask(
            "/ru/courses/election-day", method, "x=1" if method == "POST" else None
        )
        assert status == 503
        assert headers["Retry-After"] == "30"
        assert headers["Cache-Control"] == "no-store"
        assert "max-age" in headers["Strict-Transport-Security"]
        said = ("Жүйе қазір жұмыс істемей тұр", "Система сейчас не работает", "The system is not working just now")
        assert [words for words in said if words not in page] == []
    assert "/ru/courses/election-day 503" in (served.machine.root / "var/log/nginx/cascade.log").read_text()
    assert served.machine.stop(WORKER) == 0
