"""Letters for those who cannot be called: what to learn, where, and how to sign in, in Kazakh and Russian."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import current_app, render_template
from sqlalchemy import func, select

from lms.accounts.models import Account, OneTimeCode
from lms.accounts.queries import still_works
from lms.accounts.rules import show_login
from lms.campaigns.queries import is_demo
from lms.commissions.models import Commission
from lms.commissions.names import name_of, office_name
from lms.commissions.permissions import Scope, list_stronger
from lms.commissions.rules import Office
from lms.commissions.slips import Slip, Waiting, draw_slips, issue_slips
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.documents.pdf import render_pdf
from lms.core.web.languages import speaking
from lms.people.models import Person
from lms.reporting.members import Member
from lms.reporting.words import missing_words

MOST_LETTERS = 300
"""More than this at once is printed territory by territory."""
PRINTED_IN = ("kk", "ru")


@dataclass(frozen=True)
class Said:
    """What a letter says in one language."""

    commission: str
    office: str
    """Empty for a plain member."""
    missing: str


@dataclass(frozen=True)
class Letter:
    """What is printed for one person. May hold a one-time code in clear: never stored."""

    member: Member
    said: dict[str, Said]
    login: str
    """In fours; empty when the person has none yet and gets no slip."""
    code: str
    """Of the slip printed with the letter; empty when an earlier slip works, or the person has signed in."""

    @property
    def has_signed_in(self) -> bool:
        """Whether the person knows the way in."""
        return self.member.has_signed_in


def printed_when(members: Sequence[Member]) -> dict[int, datetime]:
    """When the slip was printed that works now, of those members who never signed in and have one: by person."""
    ids = [member.person_id for member in members if not member.has_signed_in]
    rows = db.session.execute(
        select(Account.person_id, func.max(OneTimeCode.created_at))
        .join(OneTimeCode, OneTimeCode.account_id == Account.id)
        .where(Account.person_id.in_(ids), *still_works(clock.now()))
        .group_by(Account.person_id)
    )
    return {person_id: at for person_id, at in rows}  # noqa: C416 - rows are no pairs to mypy


def draw_letters(members: Sequence[Member], *, anew: bool, by: Scope) -> tuple[list[Letter], list[Slip]]:
    """A letter for each member, and the slips that go with those who never signed in: where none works, or for all of
    them with `anew`, which ends the ones printed before. Holders of a role whose slip only the commission above prints
    get none. Nothing is written."""
    rows = _people(members)
    guarded = list_stronger(by, Account.person_id.in_(rows))
    has_one = set() if anew else set(printed_when(members))
    waiting = [
        (person, account, place)
        for person, account, place in rows.values()
        if (account is None or (account.password_hash is None and account.id not in guarded))
        and person.id not in has_one
    ]
    slips = draw_slips(waiting) if waiting else []
    drawn = {slip.person_id: slip for slip in slips}
    return [_letter(member, rows[member.person_id][2], drawn.get(member.person_id)) for member in members], slips


def render_letters(letters: Sequence[Letter], *, election_on: date) -> bytes:
    """The PDF: a page of A5 for each."""
    public_url: str = current_app.extensions["settings"].public_url
    html = render_template(
        "home/letters_print.html",
        letters=letters,
        address=public_url.removeprefix("https://").removeprefix("http://"),
        election_on=election_on,
        demo=is_demo(),
    )
    return render_pdf(html, render_template("home/letters_print.css"), accessible=False)


def issue_letters(
    letters: Sequence[Letter], slips: list[Slip], *, expires_at: datetime, commission: Commission, by: Scope
) -> None:
    """Make the codes that were printed valid, and note that letters were printed."""
    if slips:
        issue_slips(slips, expires_at=expires_at, commission=commission, by=by)
    record("home.letters_printed", by=by, subject=f"commission:{commission.id}", count=len(letters))


def _people(members: Sequence[Member]) -> dict[int, Waiting]:
    places = {
        place.id: place
        for place in db.session.scalars(
            select(Commission).where(Commission.id.in_({member.commission_id for member in members}))
        )
    }
    where = {member.person_id: places[member.commission_id] for member in members}
    rows = db.session.execute(
        select(Person, Account).outerjoin(Account, Account.person_id == Person.id).where(Person.id.in_(where))
    )
    return {person.id: (person, account, where[person.id]) for person, account in rows}


def _letter(member: Member, place: Commission, slip: Slip | None) -> Letter:
    said = {}
    for language in PRINTED_IN:
        with speaking(language):
            office = "" if member.office == Office.MEMBER else office_name(member.office)
            said[language] = Said(name_of(place), office, missing_words(member.missing))
    login = slip.login if slip else member.login or ""
    return Letter(member, said, show_login(login) if login else "", slip.shown_code if slip else "")
