"""`python -m bench.drawing`: drawing one paper from a bank of 5,000 questions, beside a plain draw from the same pool.

Only what is reckoned: leaving out what may not be drawn, reading the counts as they are kept, and the draw itself."""

from __future__ import annotations

from datetime import date
from random import Random
from time import process_time

from bench.measure import line, quantile
from lms.assessment.rules import Candidate, Seen, draw, usable
from lms.curriculum.settings import DIFFICULTIES, Draw

BANK, TOPICS, EACH, PAPERS = 5_000, 10, 2, 200
TODAY = date(2026, 11, 8)
POOL = [Candidate(n, f"topic-{n % TOPICS}", DIFFICULTIES[n // TOPICS % 3]) for n in range(BANK)]
BLUEPRINT = [Draw(topic=f"topic-{n}", draw=EACH) for n in range(TOPICS)]
COUNTS = {str(n): n % 50 for n in range(BANK)}
"""As the database keeps them."""


def ours(rng: Random) -> int:
    """One paper as it is drawn when an attempt begins."""
    seen = Seen(counts={int(name): papers for name, papers in COUNTS.items()}, papers=1_000, most_percent=40)
    return len(draw(BLUEPRINT, usable(BLUEPRINT, POOL, {7, 4_999}, TODAY), rng, seen))


def plain(rng: Random) -> int:
    """The least that a draw by topics can do: neither difficulties nor counts."""
    paper: list[Candidate] = []
    for part in BLUEPRINT:
        paper += rng.sample([one for one in POOL if one.topic == part.topic], part.draw)
    return len(paper)


def main() -> None:
    """Print the row."""
    rng, times = Random(1), {ours: list[float](), plain: list[float]()}
    for _ in range(PAPERS):
        for work, taken in times.items():
            begin = process_time()
            work(rng)
            taken.append(1_000 * (process_time() - begin))
    (p50, p99), (bare, _rest) = ([quantile(taken, share) for share in (0.5, 0.99)] for taken in times.values())
    said = f"{p50:.1f} ms CPU, {p99:.1f} ms of 99 in 100"
    line(f"A paper of {TOPICS * EACH} from a bank of {BANK:,}", said, f"plain draw by topic {bare:.1f} ms", "<= 10 ms")


if __name__ == "__main__":
    main()
