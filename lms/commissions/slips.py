"""Sign-in slips: who gets one, the codes, and the sheet to print and cut."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import segno
from flask import current_app, render_template
from sqlalchemy import exists, select
from sqlalchemy.sql import ColumnElement

from lms.accounts import rules as account_rules
from lms.accounts.actions import keep_code, open_account
from lms.accounts.models import Account, OneTimeCode
from lms.accounts.queries import find_account_of, still_works
from lms.campaigns.queries import find_open_campaign, is_demo
from lms.commissions.models import Appointment, Commission, CommissionClosure
from lms.commissions.names import name_of
from lms.commissions.permissions import Scope, check_oversees, list_stronger
from lms.core import clock
from lms.core.audit.actions import record, record_all
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
    territory: str
    """Name of the commission above, so that piles can be sorted."""

    @property
    def shown_login(self) -> str:
        """The login in fours."""
        return account_rules.show_login(self.login)

    @property
    def shown_code(self) -> str:
        """The code in fours."""
        return account_rules.show_code(self.code)


Waiting = tuple[Person, Account | None, Commission]


@dataclass(frozen=True)
class SlipList:
    """Who has no slip yet, who has one but never signed in, and who signs in already and gets none."""

    without: list[Waiting]
    unused: list[Waiting]
    signed_in: int
    stronger: int
    """Holders of a role whose slip only the commission above prints."""

    def chosen(self, *, everyone: bool) -> list[Waiting]:
        """Those to print for: all who never signed in, or only those without a slip."""
        return self.without + self.unused if everyone else self.without


def list_for_slips(commission: Commission, *, below: bool, by: Scope) -> SlipList:
    """The members of a commission (and of all below it) by whether they have ever chosen a password or have a slip.
    Whoever holds the code of somebody signs in as them: for holders of a role, only who could give it gets one."""
    places = select(CommissionClosure.descendant_id).where(CommissionClosure.ancestor_id == commission.id)
    if not below:
        places = places.where(CommissionClosure.depth == 0)
    rows = db.session.execute(
        select(Person, Account, Commission, _has_slip())
        .join(Appointment, Appointment.person_id == Person.id)
        .join(Commission, Commission.id == Appointment.commission_id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(Appointment.ends_on.is_(None), Appointment.commission_id.in_(places))
        .order_by(Commission.level.desc(), Commission.parent_id, Commission.number, Appointment.id)
    ).all()
    without: list[Waiting] = []
    unused: list[Waiting] = []
    guarded, stronger = list_stronger(by, Account.password_hash.is_(None)), 0
    for person, account, place, has_slip in rows:
        if account is not None and account.id in guarded:
            stronger += 1
        elif account is None or account.password_hash is None:
            (unused if has_slip else without).append((person, account, place))
    return SlipList(without, unused, len(rows) - len(without) - len(unused) - stronger, stronger)


def _has_slip() -> ColumnElement[bool]:
    return exists().where(OneTimeCode.account_id == Account.id, *still_works(clock.now()))


def list_with_slip(account_ids: Collection[int]) -> set[int]:
    """Those of some accounts whose slip still works."""
    return set(
        db.session.scalars(
            select(OneTimeCode.account_id).where(OneTimeCode.account_id.in_(account_ids), *still_works(clock.now()))
        )
    )


def find_slip_time(account_id: int) -> datetime | None:
    """When the slip that now works was printed; None when there is none."""
    return db.session.scalar(
        select(OneTimeCode.created_at)
        .where(OneTimeCode.account_id == account_id, *still_works(clock.now()))
        .order_by(OneTimeCode.id.desc())
        .limit(1)
    )


def draw_slips(people: list[Waiting]) -> list[Slip]:
    """A slip with a fresh code for each person, and a fresh login for those without an account. Nothing is written."""
    if not people:
        raise Refused(_("Everyone here has a slip or has signed in already, so there is nothing to print."))
    if len(people) > MOST_SLIPS:
        raise Refused(_("These are more than %(n)s slips. Print them district by district.", n=MOST_SLIPS))
    above = _names_of({place.parent_id for _person, _account, place in people if place.parent_id})
    return [
        Slip(
            person_id=person.id,
            name=person.full_name,
            login=account.login if account else account_rules.new_login(),
            code=account_rules.new_code(),
            commissions={row.language: row.name for row in commission.names},
            territory=above.get(commission.parent_id or 0, ""),
        )
        for person, account, commission in people
    ]


def _names_of(commission_ids: set[int]) -> dict[int, str]:
    with speaking("kk"):
        return {
            one.id: name_of(one)
            for one in db.session.scalars(select(Commission).where(Commission.id.in_(commission_ids)))
        }


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
    printed: list[tuple[str, dict[str, Any]]] = []
    for slip in slips:
        account = find_account_of(slip.person_id)
        if account is None:
            person = db.session.get_one(Person, slip.person_id)
            account = open_account(person=person, login=slip.login, by=by)
        keep_code(account=account, code=slip.code, expires_at=expires_at)
        printed.append((f"account:{account.id}", {"expires_at": expires_at.isoformat()}))
    record_all("accounts.slip_printed", by=by, acts=printed)
    record("accounts.slips_printed", by=by, subject=f"commission:{commission.id}", count=len(slips))
    db.session.flush()


def slip_expiry() -> datetime:
    """End of election day in the country's time, or 60 days from now when that is past or no campaign is open."""
    campaign = find_open_campaign()
    if campaign is not None and campaign.election_on >= clock.today():
        return datetime.combine(campaign.election_on, time(23, 59), ZoneInfo(clock.home_zone()))
    return clock.now() + timedelta(days=60)


def file_name(commission: Commission) -> str:
    """Name of the file offered to the officer."""
    return _("Slips %(name)s", name=name_of(commission)) + ".pdf"


def _fragment(slip: Slip) -> str:
    return urlencode({"login": slip.login, "code": slip.code})


def _qr(address: str) -> str:
    picture: str = segno.make(address, error="m", micro=False).png_data_uri(scale=3, border=2)
    return picture
