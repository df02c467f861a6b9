"""Commands about personal data: what is kept how long, erase what is due, erase one person's."""

from __future__ import annotations

from typing import Any

import click

from lms.commissions.cli import scope_named
from lms.commissions.permissions import SYSTEM
from lms.core.command import answer, in_app
from lms.core.database.base import db
from lms.core.database.engine import only_reading
from lms.core.errors import Refused
from lms.core.web.languages import speaking
from lms.people.models import Person
from lms.retention import queries, running, words
from lms.retention.erasing import Found, erase_person, look_at
from lms.retention.errors import hindrance_sentence

as_json_option = click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")


@click.group()
def retention() -> None:
    """What personal data is kept how long."""


@retention.command("show")
@as_json_option
@in_app
def show(as_json: bool) -> None:
    """The schedule: each category, its term in days, how much is due, and the last run."""
    told = _standing()
    answer(told, as_json=as_json, words="\n".join(map(_line, told)))


@retention.command("run")
@click.option("--dry-run", is_flag=True, help="Only say how much is due; nothing is erased.")
@as_json_option
@in_app
def run(dry_run: bool, as_json: bool) -> None:
    """Erase everything whose term is over, a batch at a time; the server may run meanwhile. Killed half way, it goes on
    the next time. Whoever was erased before a backup was restored is erased again."""
    if dry_run:
        due = {one["category"]: one["due"] for one in _standing()}
        answer({"due": due}, as_json=as_json, words=_counts(due, "Due, and not erased"))
        return
    erased = running.run_schedule(by=SYSTEM, keep=db.session.commit)
    answer({"erased": erased}, as_json=as_json, words=_counts(erased, "Erased"))


@click.group()
def people() -> None:
    """What is known of people."""


@people.command("erase")
@click.argument("person_id", type=int)
@click.option("--by", required=True, help="Login of the CEC administrator who decides.")
@click.option("--reason", default="", help="Why: who asked for it, or what the mistake was. Do not name the person.")
@click.option("--dry-run", is_flag=True, help="Only say what would go and what stays; nothing is erased.")
@as_json_option
@in_app
def erase(person_id: int, by: str, reason: str, dry_run: bool, as_json: bool) -> None:
    """Erase the personal data of the person with this number (as in the address of their pages) for good."""
    person = db.session.get(Person, person_id)
    if person is None:
        raise Refused(f"There is no person with the number {person_id}. Nothing has changed.")
    with speaking("en"):
        if dry_run:
            found, said = look_at(person), "Would be erased"
        else:
            found, said = erase_person(person=person, reason=reason, by=scope_named(by)), "Erased"
        hindrance = hindrance_sentence(found.hindrance, found.waiting) if found.hindrance else ""
        answer(_told(found, hindrance), as_json=as_json, words=_in_words(found, said, hindrance))


def _standing() -> list[dict[str, Any]]:
    with only_reading():
        return [
            {
                "category": one.category.code,
                "days": one.days,
                "due": one.due,
                "run_at": one.run_at.isoformat() if one.run_at else None,
                "erased": one.erased,
                "total": one.total,
            }
            for one in queries.list_standing()
        ]


def _line(one: dict[str, Any]) -> str:
    last = f"last run {one['run_at'][:16].replace('T', ' ')} UTC: {one['erased']:,}" if one["run_at"] else "never run"
    return f"{one['category']:14} {one['days']:>6,} days  {one['due']:>9,} due  {last}"


def _counts(counts: dict[str, int], said: str) -> str:
    some = ", ".join(f"{code} {count:,}" for code, count in counts.items() if count)
    return f"{said}: {some or 'nothing'}."


def _told(found: Found, hindrance: str) -> dict[str, Any]:
    return {"entries": found.ids, "goes": found.goes, "stays": found.stays, "hindrance": hindrance}


def _in_words(found: Found, said: str, hindrance: str) -> str:
    lines = [f"{said}:", *(f"  {one}" for one in words.goes_words(found.goes))]
    lines += ["Stays:", *(f"  {one}" for one in words.stays_words(found.stays))]
    return "\n".join([*lines, *([hindrance] if hindrance else [])])


COMMANDS = [retention, people]
