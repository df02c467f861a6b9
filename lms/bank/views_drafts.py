"""Pages of drafts: the list, the editor, the way through review to publication."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.bank import actions, editor, permissions, queries, shaping
from lms.bank.comparing import Line, compare_said
from lms.bank.errors import BadPicture, DraftFaulty
from lms.bank.models import Draft, DraftStep
from lms.bank.permissions import READERS, WRITERS
from lms.bank.rules import OPEN, DraftState
from lms.bank.words import DIFFICULTY_WORDS, USE_WORDS, lines_of_sources
from lms.commissions.identity import current_scope
from lms.core.errors import Refused
from lms.core.web import access
from lms.core.web.languages import LANGUAGES, _, current_language
from lms.curriculum.queries import find_course, find_newest_version, list_newest_versions, list_sources, list_topics
from lms.questions.kinds.registry import KINDS, get_kind
from lms.questions.models import QuestionVersion

CLOSED = (DraftState.PUBLISHED, DraftState.DROPPED)


def add_to(blueprint: Blueprint) -> None:
    """Give these pages their addresses."""
    blueprint.add_url_rule("/bank/drafts", view_func=drafts)
    blueprint.add_url_rule("/bank/drafts/new", view_func=new, methods=["GET", "POST"])
    blueprint.add_url_rule("/bank/drafts/<int:draft>", view_func=draft)
    blueprint.add_url_rule("/bank/drafts/<int:draft>/save", view_func=save, methods=["POST"])
    blueprint.add_url_rule("/bank/drafts/<int:draft>/autosave", view_func=autosave, methods=["POST"])
    blueprint.add_url_rule("/bank/drafts/<int:draft>/move", view_func=move, methods=["POST"])
    blueprint.add_url_rule("/bank/drafts/<int:draft>/copies/<int:copy>", view_func=copy)
    blueprint.add_url_rule("/bank/drafts/<int:draft>/copies/<int:copy>/use", view_func=use_copy, methods=["POST"])


@access.duty(*READERS)
def drafts() -> ResponseReturnValue:
    """Drafts: those being written and reviewed, of these only those that wait for review, or those that are done
    with."""
    done, waiting = (request.args.get(name) == "1" for name in ("done", "waiting"))
    states = CLOSED if done else (DraftState.IN_REVIEW,) if waiting else OPEN
    found = queries.list_drafts(states, before=request.args.get("before", type=int))
    return render_template(
        "bank/drafts.html",
        drafts=found,
        done=done,
        waiting=waiting,
        more=found[-1].id if len(found) == queries.PAGE else None,
        scope=current_scope(),
        may_write=current_scope().holds(*WRITERS),
        may_review=permissions.may_review,
    )


@access.duty(*WRITERS)
def new() -> ResponseReturnValue:
    """Begin a new question: of which course and kind."""
    courses = list_newest_versions()
    if request.method == "POST":
        course, kind = find_course(request.form.get("course", "")), request.form.get("kind", "")
        if course is None or kind not in KINDS:
            raise Refused(_("Choose a course and a kind of question."))
        made = actions.begin_draft(course=course, kind=kind, by=current_scope())
        return redirect(url_for("bank.draft", draft=made.id))
    chosen = request.args.get("course", "")
    return render_template("bank/new.html", courses=courses, kinds=list(KINDS), chosen=chosen)


@access.duty(*READERS)
def draft(draft: int) -> ResponseReturnValue:
    """The draft: its editor for whoever writes it, the question to read for everybody else."""
    found = queries.get_draft(draft)
    if found.state == DraftState.DRAFT and permissions.may_edit(current_scope(), found):
        return _editor(found, check=request.args.get("check") == "1")
    return _reading(found)


@access.duty(*WRITERS)
def save(draft: int) -> ResponseReturnValue:
    """Keep what is typed, complete or not; then do what was pressed: a picture, parts more or fewer, check, send."""
    found, refused = queries.get_draft(draft), None
    head, body = editor.read_form(found, request.form)
    pressed = request.form.get("do", "save")
    try:
        editor.put_picture(found, body, request.files, asked=pressed == "picture")
    except BadPicture as bad:
        refused = bad
    shaping.change_parts(body, get_kind(found.kind).schema, pressed)
    revision = request.form.get("revision", 0, type=int)
    kept = actions.save_draft(draft=found, revision=revision, head=head, body=body, by=current_scope())
    if kept is not None:
        return redirect(url_for("bank.copy", draft=draft, copy=kept.id))
    if refused is not None:
        return _back(draft, picture=refused.fault.value, what=refused.what or None, _anchor="faults")
    return _go_on(found, pressed)


def _go_on(found: Draft, pressed: str) -> ResponseReturnValue:
    """Where a kept draft goes on after a button of its form."""
    if pressed == "send":
        try:
            actions.send_for_review(draft=found, by=current_scope())
        except DraftFaulty:
            return _back(found.id, check=1)
        flash(_("The question waits for review by another methodologist."))
        return redirect(url_for("bank.drafts"))
    if pressed == "save":
        flash(_("Kept on the server."))
        return _back(found.id, check=1)
    return _back(found.id, _anchor=f"body.{shaping.place_of(found.body, pressed)}")


def _back(draft: int, **more: Any) -> ResponseReturnValue:
    """To the editor again, the preview in the language in which it was."""
    return redirect(url_for("bank.draft", draft=draft, see=request.form.get("see", ""), **more))


@access.duty(*WRITERS)
def autosave(draft: int) -> ResponseReturnValue:
    """Keep what is typed while it is typed; the answer says so and brings the question as learners will see it."""
    found = queries.get_draft(draft)
    head, body = editor.read_form(found, request.form)
    revision = request.form.get("revision", 0, type=int)
    kept = actions.save_draft(draft=found, revision=revision, head=head, body=body, by=current_scope())
    if kept is not None:
        address = url_for("bank.copy", draft=draft, copy=kept.id)
        return jsonify(fate="stale", copy=address)
    preview = render_template("bank/_preview_alone.html", seen=_seen(found, request.form.get("see", "")))
    return jsonify(fate="kept", revision=found.revision, preview=preview)


@access.duty(*WRITERS)
def move(draft: int) -> ResponseReturnValue:
    """Approve, return, publish or drop a draft."""
    found, scope, pressed = queries.get_draft(draft), current_scope(), request.form.get("do", "")
    if pressed == "approve":
        actions.approve(draft=found, by=scope)
        flash(_("The question is approved. It can be published now."))
    elif pressed == "return":
        actions.return_draft(draft=found, note=request.form.get("note", ""), by=scope)
        flash(_("The draft is with its author again."))
    elif pressed == "publish":
        version = actions.publish(draft=found, by=scope)
        flash(_("The question is published. Renew the course to bring it to papers."))
        return redirect(url_for("bank.question", question=version.question_id))
    elif pressed == "drop":
        actions.drop(draft=found, by=scope)
        flash(_("The draft is dropped. Nothing that is published has changed."))
        return redirect(url_for("bank.drafts"))
    else:
        raise Refused(_("Press one of the buttons of the draft."))
    return redirect(url_for("bank.draft", draft=draft))


@access.duty(*WRITERS)
def copy(draft: int, copy: int) -> ResponseReturnValue:
    """A save that came too late, beside the draft as it is."""
    found = queries.get_draft(draft)
    permissions.check_may_edit(current_scope(), found)
    step = queries.get_stale_copy(draft, copy)
    return render_template(
        "bank/copy.html",
        draft=found,
        step=step,
        mine=_seen(step, "", found.kind),
        other=_seen(found, ""),
        rows=compare_said((step.head, step.body), (found.head, found.body)),
    )


@access.duty(*WRITERS)
def use_copy(draft: int, copy: int) -> ResponseReturnValue:
    """Have the copy be what the draft says."""
    found = queries.get_draft(draft)
    step = queries.get_stale_copy(draft, copy)
    actions.save_draft(draft=found, revision=found.revision, head=step.head, body=step.body, by=current_scope())
    flash(_("The draft says now what the copy said."))
    return redirect(url_for("bank.draft", draft=draft))


def _editor(found: Draft, *, check: bool) -> ResponseReturnValue:
    faults = editor.tell_faults(found, editor.find_faults(found)) if check else []
    if refused := editor.read_refusal(request.args):
        faults = [editor.Told("body.picture", refused)]
    nodes = editor.nodes_of_draft(found)
    ground, version = queries.ground_of(found.course), find_newest_version(found.course_id)
    return render_template(
        "bank/editor.html",
        draft=found,
        nodes=nodes,
        has_picture=any(node.slot.shape is shaping.Shape.PICTURE for node in nodes),
        drawn_of=editor.drawn_of,
        faults=faults,
        copies=_list_copies(found),
        refused=refused,
        languages=ground.languages,
        topics=list_topics(version.id) if version else [],
        sources=list_sources(version.id) if version else [],
        uses=USE_WORDS,
        difficulties=DIFFICULTY_WORDS,
        kinds_of=shaping.part_kinds,
        name_of=shaping.name_of,
        seen=_seen(found, request.args.get("see", "")),
        see=_language(request.args.get("see", "")),
    )


def _reading(found: Draft) -> ResponseReturnValue:
    scope = current_scope()
    steps = queries.list_steps(found.id)
    newest = queries.list_question_versions(found.question_id)[0] if found.question_id else None
    return render_template(
        "bank/draft.html",
        draft=found,
        all_seen=[seen for language in LANGUAGES if (seen := editor.see(found.kind, found.body, language))],
        steps=steps,
        rows=_changed(found, newest) if newest else [],
        newest=newest,
        sources=lines_of_sources(found.course.code, found.head.get("source") or []),
        names=queries.names_of(step.person_id for step in steps),
        may_review=permissions.may_review(scope, found),
        may_edit=permissions.may_edit(scope, found),
        may_write=scope.holds(*WRITERS),
    )


def _changed(found: Draft, newest: QuestionVersion) -> list[Line]:
    """What the draft says otherwise than the version it renews."""
    code = found.renews.code if found.renews else ""
    return compare_said((queries.head_of(code, newest), newest.body), (found.head, found.body))


def _list_copies(found: Draft) -> list[DraftStep]:
    """Saves that came too late and say something else than the draft."""
    late = queries.list_stale_copies(found.id)
    return [step for step in late if compare_said((step.head, step.body), (found.head, found.body))]


def _seen(said: Draft | DraftStep, see: str, kind: str = "") -> Any:
    return editor.see(kind or getattr(said, "kind", ""), said.body, _language(see))


def _language(see: str) -> str:
    return see if see in LANGUAGES else current_language()
