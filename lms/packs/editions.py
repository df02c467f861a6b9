"""A pack in the words of the curriculum, ready to become a version."""

from __future__ import annotations

from collections.abc import Iterator

from lms.commissions.rules import Level
from lms.curriculum.rules import (
    Change,
    Edition,
    EditionCase,
    EditionFigure,
    EditionForm,
    EditionModule,
    EditionSource,
    EditionTerm,
    EditionTopic,
    SourceKind,
)
from lms.packs.content import Pack, plain

LEVELS = {"precinct": Level.PEC, "territorial": Level.TEC}
"""A pack's word for the commissions whose work it teaches."""


def edition_of(pack: Pack) -> Edition:
    """Everything that a version of this pack's course says."""
    file = pack.file
    return Edition(
        course=file.id,
        level=LEVELS[file.level],
        law_date=file.law_date,
        change=Change(file.change),
        workshop=file.workshop,
        late_days=file.late_days,
        test=file.test.model_dump(mode="json"),
        entry=file.entry.model_dump(mode="json") if file.entry else None,
        titles=file.title,
        summaries=file.summary,
        notes=file.note,
        topics=[EditionTopic(code=topic.id, module=topic.module, titles=topic.title) for topic in file.topics],
        modules=list(_modules(pack)),
        sources=list(_sources(pack)),
        figures=list(_figures(pack)),
        cases=list(_cases(pack)),
        forms=list(_forms(pack)),
        terms=list(_terms(pack)),
        checksum=pack.checksum,
    )


def _modules(pack: Pack) -> Iterator[EditionModule]:
    for module in pack.file.modules:
        bodies = {language: pack.texts[module.id, language] for language in pack.file.languages}
        yield EditionModule(module.id, module.minutes, module.self_check, module.title, bodies)


def _sources(pack: Pack) -> Iterator[EditionSource]:
    for source in pack.sources:
        yield EditionSource(source.id, SourceKind(source.mark), source.title, source.edition, source.date)


def _figures(pack: Pack) -> Iterator[EditionFigure]:
    for code, (svg, part) in sorted(pack.figures.items()):
        yield EditionFigure(code, svg, part.title, part.alt, part.labels)


def _cases(pack: Pack) -> Iterator[EditionCase]:
    for case in pack.cases:
        body = {key: value for key, value in plain(case).items() if key not in ("id", "module", "source")}
        yield EditionCase(case.id, case.module, case.source, body)


def _forms(pack: Pack) -> Iterator[EditionForm]:
    for form in pack.file.forms:
        bodies = {language: pack.forms[form.id, language] for language in pack.file.languages}
        yield EditionForm(form.id, form.title, bodies)


def _terms(pack: Pack) -> Iterator[EditionTerm]:
    for term in pack.terms:
        wording = {"stem": term.stem, "avoid": term.avoid}
        yield EditionTerm(term.id, term.term, term.short, {key: value for key, value in wording.items() if value})
