"""A whole learner's journey over HTTP: sign in, first page, course, test of 20 answers saved one by one, result."""

from __future__ import annotations

import html
import json
import random
import re
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from typing import Any

from bench.learners import PASSWORD
from bench.measure import Browser, token_of


def fields_of(question: dict[str, Any], rng: random.Random) -> dict[str, list[str]]:
    """Some well-formed answer in the question's own fields, read off it as the page shows it."""
    shown = question["html"]
    selects = re.findall(r'<select[^>]*name="([^"]+)"(.*?)</select>', shown, re.DOTALL)
    if selects:
        offers = [(name, re.findall(r'<option value="([^"]+)"', inside)) for name, inside in selects]
        return {name: [offer[at % len(offer)]] for at, (name, offer) in enumerate(offers)}
    offered = re.findall(r'<input type="(?:radio|checkbox)"[^>]* name="([^"]+)" value="([^"]+)"', shown)
    if offered:
        name, value = rng.choice(offered)
        return {name: [value]}
    return {re.findall(r'<input[^>]*name="([^"]+)"', shown)[0]: ["835"]}


def travel(address: str, login: str, course: str = "election-day") -> tuple[float, list[float], int]:
    """One learner from the sign-in page to the result: seconds in all, seconds of each save, requests."""
    begin = perf_counter()
    browser, rng = Browser(address), random.Random(login)
    token = token_of(browser.open("/ru/sign-in"))
    browser.open("/ru/sign-in", {"csrf_token": token, "login": login, "secret": PASSWORD})
    browser.open(f"/ru/courses/{course}")
    token = token_of(browser.open(f"/ru/courses/{course}/test"))
    page = browser.open(f"/ru/courses/{course}/test", {"csrf_token": token})
    found = re.search(r"data-test='([^']+)'", page)
    if found is None:
        raise ValueError(f"the test did not begin: {browser.path} {page[:400]}")
    script = json.loads(html.unescape(found.group(1)))
    paper = json.loads(browser.open(script["paper"]))
    saves = [_save(browser, script, question, seq, rng) for seq, question in enumerate(paper["questions"], 1)]
    token = token_of(browser.open(script["overview"]))
    browser.open(f"/ru/attempts/{script['attempt']}/send", {"csrf_token": token})
    if not browser.path.endswith("/result"):
        raise ValueError(f"no result: {browser.path}")
    return perf_counter() - begin, saves, browser.requests


def _save(browser: Browser, script: dict[str, Any], question: dict[str, Any], seq: int, rng: random.Random) -> float:
    step = {
        "position": question["position"],
        "client": f"bench-{script['attempt']}",
        "seq": seq,
        "base": question["revision"],
        "fields": fields_of(question, rng),
    }
    begin = perf_counter()
    status, content = browser.send_json(script["answers"], json.dumps(step), script["token"])
    if status != 200:
        raise ValueError(f"an answer was refused: {status} {content[:300]!r} {step}")
    return perf_counter() - begin


def travel_all(address: str, logins: list[str], at_once: int) -> tuple[float, list[float], list[float], int]:
    """Many learners, `at_once` together: seconds in all, seconds of each journey, of each save, requests of one."""
    begin = perf_counter()
    with ThreadPoolExecutor(at_once) as pool:
        trips = list(pool.map(lambda login: travel(address, login), logins))
    saves = [seconds for trip in trips for seconds in trip[1]]
    return perf_counter() - begin, [trip[0] for trip in trips], saves, trips[0][2]
