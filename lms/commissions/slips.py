"""Sign-in slips: who gets one, the codes, and the sheet to print and cut."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

import segno
from flask import current_app, render_template
from sqlalchemy import select

from lms.accounts import rules as account_rules
from lms.accounts.actions import hash_code, open_account
from lms.accounts.models import Account, OneTimeCode
from lms.accounts.queries import find_account_of
from lms.campaigns.queries import find_open_campaign, is_demo
from lms.commissions.models import Appointment, Commission, CommissionClosure
from lms.commissions.names import name_of
from lms.commissions.permissions import Scope, check_oversees
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.documents.pdf import render_pdf
from lms.core.errors import Refused
from lms.core.web.languages import _, speaking
from lms.people.models import Person

MOST_SLIPS = 600
"""More than this at once is printed district by district."""


@dataclass(frozen=True)
class Slip:
    """What is printed for one person. Holds the one-time code in clear: never stored."""

    person_id: int
    name: str
    login: str
    code: str
    commissions: dict[str, str]
    """Name of the commission by language."""

    @property
    def shown_login(self) -> str:
        """The login in fours."""
        return account_rules.show_login(self.login)

    @property
    def shown_code(self) -> str:
        """The code in fours."""
        return account_rules.show_code(self.code)


@dataclass(frozen=True)
class SlipList:
    """Who would get a slip, and who signs in already and would not."""

    waiting: list[tuple[Person, Account | None, Commission]]
    signed_in: list[Person]


def list_for_slips(commission: Commission, *, below: bool) -> SlipList:
    """The members of a commission (and of all below it) by whether they have ever chosen a password."""
    places = select(CommissionClosure.descendant_id).where(CommissionClosure.ancestor_id == commission.id)
    if not below:
        places = places.where(CommissionClosure.depth == 0)
    rows = db.session.execute(
        select(Person, Account, Commission)
        .join(Appointment, Appointment.person_id == Person.id)
        .join(Commission, Commission.id == Appointment.commission_id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(Appointment.ends_on.is_(None), Appointment.commission_id.in_(places))
        .order_by(Commission.level.desc(), Commission.parent_id, Commission.number, Appointment.id)
    ).all()
    waiting = [(row[0], row[1], row[2]) for row in rows if row[1] is None or row[1].password_hash is None]
    return SlipList(waiting, [row[0] for row in rows if row[1] is not None and row[1].password_hash is not None])


def draw_slips(people: list[tuple[Person, Account | None, Commission]]) -> list[Slip]:
    """A slip with a fresh code for each person, and a fresh login for those without an account. Nothing is written."""
    if not people:
        raise Refused(_("Everyone here has signed in already, so there is no slip to print."))
    if len(people) > MOST_SLIPS:
        raise Refused(_("These are more than %(n)s slips. Print them district by district.", n=MOST_SLIPS))
    return [
        Slip(
            person_id=person.id,
            name=person.full_name,
            login=account.login if account else account_rules.new_login(),
            code=account_rules.new_code(),
            commissions={row.language: row.name for row in commission.names},
        )
        for person, account, commission in people
    ]


def render_slips(slips: list[Slip], *, expires_at: datetime) -> bytes:
    """The PDF: eight slips an A4 page with cut lines, in Kazakh and Russian, each with its QR."""
    public_url: str = current_app.extensions["settings"].public_url
    with speaking("kk"):
        html = render_template(
            "commissions/slips_print.html",
            slips=[(slip, _qr(f"{public_url}/sign-in#" + _fragment(slip))) for slip in slips],
            address=public_url.removeprefix("https://").removeprefix("http://"),
            expires_at=expires_at,
            demo=is_demo(),
        )
        css = render_template("commissions/slips_print.css")
    return render_pdf(html, css, accessible=False)


def issue_slips(slips: list[Slip], *, expires_at: datetime, commission: Commission, by: Scope) -> None:
    """Make the printed codes valid: opens missing accounts, ends earlier unused codes, keeps the new ones' hashes."""
    check_oversees(by, commission.id)
    for slip in slips:
        account = find_account_of(slip.person_id)
        if account is None:
            person = db.session.get_one(Person, slip.person_id)
            account = open_account(person=person, login=slip.login, by=by)
        _replace_code(account, slip.code, expires_at)
    record("accounts.slips_printed", by=by, subject=f"commission:{commission.id}", count=len(slips))
    db.session.flush()


def slip_expiry() -> datetime:
    """End of election day in the country's time, or 60 days from now when that is past or no campaign is open."""
    campaign = find_open_campaign()
    if campaign is not None and campaign.election_on >= clock.today():
        return datetime.combine(campaign.election_on, time(23, 59), ZoneInfo("Asia/Almaty"))
    return clock.now() + timedelta(days=60)


def find_local_address() -> str | None:
    """The address the slips would carry when it works on this machine only; None when others can reach it."""
    public_url: str = current_app.extensions["settings"].public_url
    return public_url if urlsplit(public_url).hostname in ("127.0.0.1", "localhost", "::1") else None


def file_name(commission: Commission) -> str:
    """Name of the file offered to the officer."""
    return _("Slips %(name)s", name=name_of(commission)) + ".pdf"


def _replace_code(account: Account, code: str, expires_at: datetime) -> None:
    now = clock.now()
    for old in db.session.scalars(
        select(OneTimeCode).where(
            OneTimeCode.account_id == account.id, OneTimeCode.used_at.is_(None), OneTimeCode.revoked_at.is_(None)
        )
    ):
        old.revoked_at = now
    db.session.add(OneTimeCode(account_id=account.id, code_hash=hash_code(code), created_at=now, expires_at=expires_at))


def _fragment(slip: Slip) -> str:
    return urlencode({"login": slip.login, "code": slip.code})


def _qr(address: str) -> str:
    picture: str = segno.make(address, error="m", micro=False).png_data_uri(scale=3, border=2)
    return picture
