"""Pages of campaigns: side by side, what makes a precinct ready, closing one and opening the next."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.campaigns.actions import (
    check_election_day,
    check_ready_percent,
    may_close,
    set_election_day,
    set_ready_percent,
    yet_to_come,
)
from lms.campaigns.models import Campaign
from lms.campaigns.queries import get_open_campaign
from lms.commissions.identity import current_scope
from lms.commissions.permissions import Scope
from lms.commissions.rules import Role
from lms.core import clock
from lms.core.errors import Forbidden, Refused
from lms.core.web import access
from lms.core.web.languages import LANGUAGES, _
from lms.home.campaigns import describe_campaign, get_campaign, list_asked, list_campaigns
from lms.home.forms_campaigns import NextForm, RulesForm
from lms.home.moving import look_at_move
from lms.home.permissions import CAMPAIGN_READERS, check_may_read_campaigns
from lms.learning.carrying import NextElection, open_next_campaign, set_counts_again
from lms.workshops.closing import count_left_undone


def add_to(blueprint: Blueprint) -> None:
    """Register these pages."""
    blueprint.add_url_rule("/campaigns", view_func=campaigns)
    blueprint.add_url_rule("/campaigns/<int:campaign_id>", view_func=campaign)
    blueprint.add_url_rule("/campaigns/rules", view_func=campaign_rules, methods=["GET", "POST"])
    blueprint.add_url_rule("/campaigns/next", view_func=next_campaign, methods=["GET", "POST"])


@access.duty(*CAMPAIGN_READERS)
def campaigns() -> ResponseReturnValue:
    """Every campaign with its figures; an auditor of the central commission reads them too."""
    scope = current_scope()
    check_may_read_campaigns(scope)
    changes = scope.holds(Role.CEC_ADMINISTRATOR)
    return render_template("home/campaigns.html", campaigns=list_campaigns(), today=clock.today(), changes=changes)


@access.duty(*CAMPAIGN_READERS)
def campaign(campaign_id: int) -> ResponseReturnValue:
    """One campaign, also after it was closed: its figures by region and by course."""
    check_may_read_campaigns(current_scope())
    return render_template("home/campaign.html", found=describe_campaign(get_campaign(campaign_id)))


@access.duty("cec_administrator")
def campaign_rules() -> ResponseReturnValue:
    """The election's day, when a precinct is ready, and which courses count in the next campaign."""
    scope, campaign = current_scope(), get_open_campaign()
    asked = list_asked(campaign.id)
    counts = [one.id for one in asked if one.counts_again]
    form = RulesForm(percent=campaign.ready_percent, election_on=campaign.election_on, counts=counts)
    form.offer(asked)
    if request.form.get("back"):
        return render_template("home/campaign_rules.html", form=form)
    if form.validate_on_submit():
        try:
            if _is_to_ask(campaign, form):
                return _ask_move(campaign, form, scope)
            moved = set_election_day(campaign=campaign, election_on=form.election_on.data, by=scope)
            set_ready_percent(campaign=campaign, percent=form.percent.data, by=scope)
            for course in asked:
                set_counts_again(course=course, counts=course.id in (form.counts.data or []), by=scope)
        except (Refused, Forbidden) as refusal:
            form.form_errors.append(refusal.sentence)
        else:
            if moved:
                flash(_("Slips printed before expire on the day that was the election's. Print new ones."), "wait")
            flash(_("The rules are kept. Figures follow within half a minute."))
            return redirect(url_for("home.campaigns"))
    return render_template("home/campaign_rules.html", form=form), 422 if form.is_submitted() else 200


def _is_to_ask(campaign: Campaign, form: RulesForm) -> bool:
    """Whether the form moves the election to a day that was not confirmed; Refused for one that cannot be."""
    day = form.election_on.data
    if day == campaign.election_on:
        return False
    check_election_day(campaign, day)
    check_ready_percent(form.percent.data)
    return bool(request.form.get("moves_to") != day.isoformat())


def _ask_move(campaign: Campaign, form: RulesForm, scope: Scope) -> str:
    touched = look_at_move(campaign, form.election_on.data, scope)
    kept = [(name, value) for name, value in request.form.items(multi=True) if name in form and name != "csrf_token"]
    return render_template("home/move_election.html", touched=touched, kept=kept)


@access.duty("cec_administrator")
def next_campaign() -> ResponseReturnValue:
    """Close the present campaign and open the next one."""
    scope, before = current_scope(), get_open_campaign()
    if not may_close(before):
        wait = yet_to_come(before)
        if request.method == "POST":
            raise Refused(wait)
        return render_template("home/next_campaign.html", before=before, wait=wait)
    form = NextForm(called_on=clock.today())
    if form.validate_on_submit():
        try:
            _open(form, scope)
        except (Refused, Forbidden) as refusal:
            form.form_errors.append(refusal.sentence)
        else:
            flash(_("The next campaign is open. Everyone who holds a seat is enrolled."))
            return redirect(url_for("home.campaigns"))
    left = count_left_undone(before.id)
    page = render_template(
        "home/next_campaign.html", form=form, before=before, asked=list_asked(before.id), left=left, wait=""
    )
    return page, 422 if form.is_submitted() else 200


def _open(form: NextForm, by: Scope) -> None:
    election = NextElection(
        code=form.code.data,
        names={language: form[language].data for language in LANGUAGES},
        called_on=form.called_on.data,
        election_on=form.election_on.data,
    )
    open_next_campaign(before=get_open_campaign(), election=election, knowing=form.knowing.data, by=by)
