"""Whole journeys of learners through the real server, beside everyone of a region or of the country; their pages on the
wire and on a slow line.

python -m bench.journeys [national] [sqlite] [postgresql]
"""

from __future__ import annotations

import sys
from time import process_time

from bench.journey import travel_all
from bench.learners import PASSWORD
from bench.measure import cpu_seconds, line, quantile, run
from bench.visit import begin_test, first_content, first_visit, one_page, sign_in
from lms.accounts.passwords import hash_password, is_password
from tests import postgres
from tests.journeys.region import Product, installation

LEARNERS = 48
AT_ONCE = 8
IN_THE_MIDDLE = ("--until", "2022-11-14")
"""A day of the country's story on which many have not finished."""
HASHES = 20


def cpu_of_hashing() -> float:
    """CPU seconds of looking at one password."""
    kept = hash_password(PASSWORD)
    begin = process_time()
    for _ in range(HASHES):
        is_password(PASSWORD, kept)
    return (process_time() - begin) / HASHES


def measure(server: postgres.Server | None, *, national: bool) -> None:
    """The rows of one database."""
    scale = "national" if national else "region"
    where = f"{scale}, {'PostgreSQL' if server else 'SQLite'}"
    with installation(server.url if server else "") as product:
        days = IN_THE_MIDDLE if national else ()
        loaded = run(product.environment, "lms", "demo", "load", "--scale", scale, *days)
        line(f"Demo loaded, {where}", str(loaded), "", "<= 60 s" if national else "")
        logins = run(product.environment, "bench.learners", str(LEARNERS + AT_ONCE + 2)).said.split()
        product.start("--workers", "2")
        _bench_journeys(product, server, logins[: LEARNERS + AT_ONCE], where)
        if server is None:
            _bench_wire(product.address, *logins[-2:], where)


def _bench_journeys(product: Product, server: postgres.Server | None, logins: list[str], where: str) -> None:
    assert product.process is not None
    roots = [product.process.pid, *([server.pid] if server else [])]
    travel_all(product.address, logins[:AT_ONCE], AT_ONCE)
    before = cpu_seconds(roots)
    took, _trips, saves, requests = travel_all(product.address, logins[AT_ONCE:], AT_ONCE)
    cpu, hashing = (cpu_seconds(roots) - before) / LEARNERS, cpu_of_hashing()
    beside = f"looking at one password {hashing:.3f} s CPU"
    line(f"CPU per whole learner journey ({requests} requests), {where}", f"{cpu:.3f} s", beside, "<= 0.15 s")
    line(f"The same without password hashing, {where}", f"{cpu - hashing:.3f} s")
    line(f"Journeys per second, {AT_ONCE} learners, {where}", f"{LEARNERS / took:.1f}", "", ">= 8")
    at = f"{quantile(saves, 0.5) * 1000:.0f} / {quantile(saves, 0.99) * 1000:.0f} ms"
    line(f"Save of an answer within journeys, p50 / p99, {where}", at, "", "<= 10 / 60 ms")


def _bench_wire(address: str, first: str, second: str, where: str) -> None:
    """A first visit; then single pages, each with an empty cache."""
    wire = first_visit(address, first)
    for name, (asked, size) in wire.marks.items():
        line(f"First visit, to the {name}, {where}", _on_the_wire(asked, size), "", "<= 15 requests, <= 150 KB")
    cookies = sign_in(address, second)
    for name, path in (("first page after sign-in", "/ru/"), ("a module", "/ru/courses/election-day/modules/voting")):
        bare = first_content(address, "/healthz", cookies)
        seen = first_content(address, path, cookies)
        said = f"{seen:.2f} s"
        line(f"First content at 400 kbit/s, 300 ms, {name}", said, f"a page of a line {bare:.2f} s", "<= 2.5 s")
    test = begin_test(address, cookies)
    alone = _on_the_wire(*one_page(address, test, cookies))
    line("The test page alone, empty cache", alone, "", "<= 5 requests, <= 60 KB")


def _on_the_wire(asked: int, size: int) -> str:
    return f"{asked} requests, {size / 1024:.0f} KB"


def main(words: list[str]) -> None:
    """The rows of the databases named; of both when none is. With `national` the whole country is loaded."""
    national = "national" in words
    names = [word for word in words if word != "national"]
    if not names or "sqlite" in names:
        measure(None, national=national)
    if not names or "postgresql" in names:
        with postgres.running() as server:
            measure(server, national=national)


if __name__ == "__main__":
    main(sys.argv[1:])
