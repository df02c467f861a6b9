"""Pages of roles: who holds which at a commission, from when to when; give one, take one away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.accounts.models import Account
from lms.accounts.queries import find_account_of
from lms.accounts.rules import read_login
from lms.commissions import actions, permissions, queries, staff, terms
from lms.commissions.errors import WrongTerm
from lms.commissions.forms import GrantForm, NewHolderForm, RoleForm
from lms.commissions.identity import current_scope
from lms.commissions.known import MayBeKnown, check_unknown
from lms.commissions.models import Commission, RoleGrant
from lms.commissions.names import office_name, role_name
from lms.commissions.paths import way_to
from lms.commissions.permissions import INSPECTORS, OVERSEERS, Scope
from lms.commissions.rules import Level, Role, may_role_stand_at
from lms.commissions.terms import Change, Standing
from lms.core import clock
from lms.core.database.base import db
from lms.core.errors import Forbidden, NotFound, Refused
from lms.core.web import access
from lms.core.web.languages import _, current_language, date_in_full
from lms.people.models import Person


def add_to(blueprint: Blueprint) -> None:
    """Register these pages."""
    blueprint.add_url_rule("/commissions/<int:commission_id>/roles", view_func=roles)
    blueprint.add_url_rule("/commissions/<int:commission_id>/roles", view_func=grant, methods=["POST"])
    blueprint.add_url_rule("/commissions/<int:commission_id>/roles/new", view_func=bring_in, methods=["GET", "POST"])
    blueprint.add_url_rule("/commissions/<int:commission_id>/roles/revoke", view_func=revoke, methods=["GET", "POST"])


@access.duty(*INSPECTORS)
def roles(commission_id: int) -> ResponseReturnValue:
    """Who holds a role at this commission, and from when to when."""
    scope = current_scope()
    commission = permissions.get_commission(scope, commission_id, *INSPECTORS)
    form = _form(scope, commission)
    _name_asked(form, scope)
    return _page(scope, commission, form)


def _name_asked(form: GrantForm, scope: Scope) -> None:
    """Whom the address names, in the form, as far as the reader may give them a role."""
    account = db.session.get(Account, request.args.get("account", 0, type=int))
    if account is not None and form.offered and permissions.may_name(scope, account):
        form.login.data = account.login
        if (asked := request.args.get("role", "")) in form.offered:
            form.role.data = asked


@access.duty(*OVERSEERS)
def grant(commission_id: int) -> ResponseReturnValue:
    """Say whose login it is and ask; on yes, give the role. What is refused is said beside what was typed."""
    scope = current_scope()
    commission = permissions.get_commission(scope, commission_id, *OVERSEERS)
    form = _form(scope, commission)
    sure = bool(request.form.get("sure"))
    if form.validate_on_submit() and (account := _find_named(form, scope)):
        act = actions.grant_role if sure else actions.check_role
        if _try(act, form, account=account, commission=commission, by=scope):
            role = Role(form.role.data)
            if not sure:
                return _ask_grant(form, scope, commission, account, role)
            flash(_given_words(account, actions.find_grant(account, role, commission), commission.time_zone))
            return redirect(url_for("commissions.roles", commission_id=commission.id))
    return _page(scope, commission, form), 422


@access.duty(Role.CEC_ADMINISTRATOR)
def bring_in(commission_id: int) -> ResponseReturnValue:
    """Give a role to somebody who is not here yet and gets no seat; it leads to their page, for the slip."""
    scope = current_scope()
    commission = permissions.get_commission(scope, commission_id, *OVERSEERS)
    form = NewHolderForm(language=current_language())
    _offer(form, scope, commission)
    if not form.offered:
        raise Refused(_("No role is given at this commission. Choose the one above it."))
    if commission.closed_on is not None:
        raise Refused(_("This commission is closed. Give the role at a commission that works."))
    if form.validate_on_submit() and (account := _try_bringing_in(form, commission, scope)):
        flash(
            _given_words(account, actions.find_grant(account, Role(form.role.data), commission), commission.time_zone)
        )
        return redirect(url_for("commissions.person", person_id=account.person_id))
    page = render_template(
        "commissions/new_holder.html",
        form=form,
        commission=commission,
        way=way_to(scope, commission),
        known=[_place_known(scope, one) for one in form.may_be],
        office_name=office_name,
        role_name=role_name,
    )
    return page, 422 if form.is_submitted() else 200


def _place_known(scope: Scope, person: Person) -> dict[str, Any]:
    """Somebody whom the reader reaches: where they sit or what they hold, and with which login."""
    return {
        "person": person,
        "account": find_account_of(person.id),
        "seat": queries.find_seat_of(person.id),
        "grants": permissions.list_roles_of(scope, person.id, *OVERSEERS),
    }


def _try_bringing_in(form: NewHolderForm, commission: Commission, by: Scope) -> Account | None:
    role, first, last = Role(form.role.data), form.first.data, form.last.data
    try:
        if not form.is_sure:
            check_unknown(form.known(), by)
        return staff.bring_in(commission=commission, role=role, known=form.known(), first=first, last=last, by=by)
    except WrongTerm as wrong:
        field = form.first if wrong.is_of_first_day else form.last
        field.errors = [wrong.sentence]
    except (Refused, Forbidden) as refusal:
        form.form_errors.append(refusal.sentence)
        if isinstance(refusal, MayBeKnown):
            form.ask()
            form.may_be = refusal.people
    return None


@access.duty(*OVERSEERS)
def revoke(commission_id: int) -> ResponseReturnValue:
    """Ask whether the role is to be taken away; on sending, take it. It is undone by giving it again."""
    scope = current_scope()
    commission = permissions.get_commission(scope, commission_id, *OVERSEERS)
    account = db.session.get(Account, request.values.get("account", 0, type=int))
    role = request.values.get("role", "")
    if account is None or role not in set(Role):
        raise NotFound
    held = actions.get_grant(account=account, role=Role(role), commission=commission, by=scope)
    if request.method == "GET":
        own = account.id == scope.account_id
        return _ask("commissions/revoke.html", scope, commission, account, role=held.role, own=own)
    actions.revoke_role(account=account, role=Role(role), commission=commission, by=scope)
    flash(
        _(
            "The role “%(role)s” is taken away from %(name)s. It no longer works from this moment.",
            role=role_name(role),
            name=account.person.full_name,
        )
    )
    if account.id == scope.account_id:  # these pages may be theirs no more
        return redirect(url_for("home.start"))
    return redirect(url_for("commissions.roles", commission_id=commission.id))


def _given_words(account: Account, grant: RoleGrant | None, zone: str) -> str:
    """What was given, with its days: a role that begins later is none that somebody has now."""
    if grant is None:
        raise NotFound
    words = {"name": account.person.full_name, "role": role_name(grant.role)}
    first, last = terms.days_of(grant, zone)
    begins, ends = date_in_full(first), date_in_full(last) if last else ""
    if terms.standing_of(grant, clock.now()) is Standing.TO_COME:
        if last:
            return _(
                "%(name)s will be: %(role)s, from %(first)s. Last day: %(last)s.", first=begins, last=ends, **words
            )
        return _("%(name)s will be: %(role)s, from %(first)s.", first=begins, **words)
    if last:
        return _("%(name)s is now: %(role)s. Last day: %(last)s.", last=ends, **words)
    return _("%(name)s is now: %(role)s.", **words)


def _ask_grant(form: GrantForm, scope: Scope, commission: Commission, account: Account, role: Role) -> str:
    """Whose login it is, and what becomes of the same role where it is held already."""
    held, now, zone = actions.find_grant(account, role, commission), clock.now(), commission.time_zone
    change = terms.change_of(held, terms.term_of(form.first.data, form.last.data, zone), now)
    days = terms.days_of(held, zone) if held is not None and change is not Change.NEW else None
    works = held is not None and terms.standing_of(held, now) is Standing.WORKS
    more = {"form": form, "role": role, "change": change.value, "held": days, "works": works}
    return _ask("commissions/grant.html", scope, commission, account, **more)


def _form(scope: Scope, commission: Commission) -> GrantForm:
    form = GrantForm()
    _offer(form, scope, commission)
    return form


def _offer(form: RoleForm, scope: Scope, commission: Commission) -> None:
    grantable = permissions.list_grantable(scope, commission.id)
    form.offer([role for role in grantable if may_role_stand_at(role, Level(commission.level))])


def _find_named(form: GrantForm, scope: Scope) -> Account | None:
    account = permissions.find_account_named(scope, read_login(form.login.data))
    if account is None:
        form.login.errors = [permissions.not_named_sentence(scope)]
    return account


def _try(act: Callable[..., object], form: GrantForm, **what: Any) -> bool:
    """Give the role, or see whether it may be given; whether that went well, the form's fields tell why not."""
    role, first, last = Role(form.role.data), form.first.data, form.last.data
    try:
        act(role=role, first=first, last=last, **what)
    except WrongTerm as wrong:
        field = form.first if wrong.is_of_first_day else form.last
        field.errors = [wrong.sentence]
    except (Refused, Forbidden) as refusal:
        form.form_errors.append(refusal.sentence)
    else:
        return True
    return False


def _ask(template: str, scope: Scope, commission: Commission, account: Account, **more: Any) -> str:
    """A question about one person and one role, with where the person sits."""
    return render_template(
        template,
        commission=commission,
        way=way_to(scope, commission),
        account=account,
        seat=queries.find_seat_of(account.person_id),
        office_name=office_name,
        role_name=role_name,
        **more,
    )


def _page(scope: Scope, commission: Commission, form: GrantForm) -> str:
    now, grants = clock.now(), queries.list_all_grants(commission.id)
    people = {one.account.person_id for one in grants}
    return render_template(
        "commissions/roles.html",
        reached=permissions.list_now(scope, people, *INSPECTORS),
        commission=commission,
        way=way_to(scope, commission),
        form=form,
        offered=form.offered,
        brings_in=staff.may_bring_in(scope),
        grants=[(one, terms.standing_of(one, now).value, *terms.days_of(one, commission.time_zone)) for one in grants],
        role_name=role_name,
    )
