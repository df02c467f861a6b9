"""The record of a person, of a commission and of everything, for those who look after them."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.accounts.queries import find_account_of
from lms.campaigns.queries import find_open_campaign
from lms.commissions import permissions
from lms.commissions.identity import current_scope
from lms.commissions.models import Commission
from lms.commissions.names import name_of
from lms.commissions.permissions import INSPECTORS, WATCHERS, holds_at_centre
from lms.commissions.rules import Level, Role
from lms.core import clock
from lms.core.database.base import db
from lms.core.web import access
from lms.core.web.languages import _
from lms.core.web.paging import asked_page
from lms.home.record import PAGE, About, Everything, about_commission, about_person, count_entries, list_entries
from lms.home.record_details import change_words, field_words
from lms.home.record_words import ACTS, act_words
from lms.home.rules import read_day

ALL_READERS = (Role.CEC_ADMINISTRATOR, Role.AUDITOR)
"""Who reads the record of everything, where the branch is the whole country."""
THING = re.compile(r"[a-z_]{1,40}(:[\w.-]{1,80})?")


def add_to(blueprint: Blueprint) -> None:
    """Register these pages."""
    blueprint.add_url_rule("/record", view_func=record_start)
    blueprint.add_url_rule("/people/<int:person_id>/record", view_func=person_record)
    blueprint.add_url_rule("/commissions/<int:commission_id>/record", view_func=commission_record)


@access.duty(*INSPECTORS)
def person_record(person_id: int) -> ResponseReturnValue:
    """What was done about a person who sits or sat in the reader's branch, or holds a role there and no seat."""
    scope = current_scope()
    person = permissions.get_person_ever(scope, person_id, *INSPECTORS)
    back = url_for("commissions.history", person_id=person.id)
    account = find_account_of(person.id) if holds_at_centre(scope, *ALL_READERS) else None
    return _page(person.full_name, back, about_person(person.id, scope), login=account.login if account else "")


@access.duty(*INSPECTORS)
def commission_record(commission_id: int) -> ResponseReturnValue:
    """What was done about a commission of the reader's branch."""
    commission = permissions.get_commission(current_scope(), commission_id, *INSPECTORS)
    back = url_for("commissions.show", commission_id=commission.id)
    return _page(name_of(commission), back, about_commission(commission.id, is_central=commission.level == Level.CEC))


@access.duty(*INSPECTORS)
def record_start() -> ResponseReturnValue:
    """Everything that was done, for those whose branch is the whole country; for others the record of the top of their
    branch, or a choice when there are several."""
    scope = current_scope()
    if holds_at_centre(scope, *ALL_READERS):
        return _whole_record()
    places = sorted(scope.places(*INSPECTORS))
    if len(places) == 1:
        return redirect(url_for("home.commission_record", commission_id=places[0]))
    tops = [db.session.get_one(Commission, place) for place in places]
    return render_template("home/record_start.html", tops=tops, name_of=name_of)


def _whole_record() -> str:
    """What was done on one day, by one account, of one kind, about one thing."""
    typed = {name: request.args.get(name, "").strip()[:120] for name in ("day", "by", "what", "of")}
    campaign = find_open_campaign()
    day = read_day(typed["day"], campaign.election_on if campaign else clock.today())
    asked = Everything(
        subject=typed["of"] if THING.fullmatch(typed["of"]) else "",
        login=typed["by"],
        action=typed["what"] if typed["what"] in ACTS else "",
        day=day,
    )
    misread = _("“%(typed)s” is no day. Choose one, or type it as 20.11.2026.", typed=typed["day"])
    return _page(
        "", "", asked, everything=True, typed=typed, misread=misread if typed["day"] and day is None else "",
        acts=sorted(((code, act_words(code)) for code in ACTS), key=lambda one: one[1].casefold()),
    )  # fmt: skip


def _page(name: str, back: str, about: About | Everything, *, everything: bool = False, **words: Any) -> str:
    total = count_entries(about)
    page, last = asked_page(total, PAGE)
    path, lines = request.path, list_entries(about, page=page)
    people = {person_id for line in lines for one in line.details for person_id, _name in one.people}
    kept = {key: value for key, value in request.args.items() if key in ("day", "by", "what", "of") and value}
    return render_template(
        "home/record.html",
        name=name,
        back=back,
        everything=everything,
        reads_all=holds_at_centre(current_scope(), *ALL_READERS),
        total=total,
        lines=lines,
        reached=permissions.list_ever(current_scope(), people, *WATCHERS),
        page=page,
        last=last,
        act_words=act_words,
        field_words=field_words,
        change_words=change_words,
        address=lambda n: f"{request.script_root}{path}?{urlencode({**kept, 'page': n})}",
        **words,
    )
