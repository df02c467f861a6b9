"""Every sentence about a roster, in the reader's language: where it is, what is wrong, what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from lms.core.web.languages import _, _n, date_in_full
from lms.rosters.findings import Finding, Normalised, Note, NoteKind, Outcome, Problem
from lms.rosters.reading.faults import FileFault
from lms.rosters.reading.headings import Field

Params = Mapping[str, str]
Sentence = Callable[[Params], str]


def where(sheet: str, row: int | str, column: str = "") -> str:
    """The place in the file: sheet (if there are sheets), row, column."""
    if sheet and column:
        return _("Sheet “%(sheet)s”, row %(row)s, column “%(column)s”", sheet=sheet, row=row, column=column)
    if sheet:
        return _("Sheet “%(sheet)s”, row %(row)s", sheet=sheet, row=row)
    if column:
        return _("Row %(row)s, column “%(column)s”", row=row, column=column)
    return _("Row %(row)s", row=row)


def finding_sentence(sheet: str, row: int | str, finding: Finding) -> str:
    """The whole sentence about a problem, or about what was put right."""
    words = _PROBLEMS[finding.kind] if isinstance(finding.kind, Problem) else _NORMALISED[finding.kind]
    return f"{where(sheet, row, finding.column)}: {words(finding.params)}"


def reason(finding: Finding) -> str:
    """What is wrong and what to do, without the place (it stands in the row itself)."""
    return _PROBLEMS[Problem(finding.kind)](finding.params)


def fault_sentence(fault: FileFault, params: Params) -> str:
    """Why the file is refused, and what to do."""
    return _FAULTS[fault](params)


def note_sentence(note: Note) -> str:
    """What should be known about the file."""
    return _NOTES[note.kind](note.params)


def outcome_name(outcome: str) -> str:
    """new, unchanged, changed, leaving, problem."""
    return {
        Outcome.NEW: _("new"),
        Outcome.UNCHANGED: _("unchanged"),
        Outcome.CHANGED: _("changed"),
        Outcome.LEAVING: _("leaving"),
        Outcome.PROBLEM: _("problem"),
    }[Outcome(outcome)]


def outcome_words(outcome: str, count: int) -> str:
    """What stands under the number of rows with an outcome: `427` new rows."""
    return {
        Outcome.NEW: _n("new row", "new rows", count),
        Outcome.UNCHANGED: _n("row unchanged", "rows unchanged", count),
        Outcome.CHANGED: _n("row changed", "rows changed", count),
        Outcome.LEAVING: _n("member leaving", "members leaving", count),
        Outcome.PROBLEM: _n("row with a problem", "rows with a problem", count),
    }[Outcome(outcome)]


def field_name(name: str) -> str:
    """What a field of a row is called."""
    return {
        "surname": _("surname"),
        "given_name": _("given name"),
        "patronymic": _("patronymic"),
        "office": _("office"),
        "nominated_by": _("nominated by"),
        "phone": _("phone"),
        "email": _("e-mail"),
        "language": _("language"),
    }[name]


def column_name(field: Field) -> str:
    """What a column of a roster is called, in a form that is recognised when the file comes back."""
    return {
        Field.POSITION: "№",
        Field.COMMISSION: _("Election commission"),
        Field.SURNAME: _("Surname"),
        Field.GIVEN_NAME: _("Given name"),
        Field.PATRONYMIC: _("Patronymic"),
        Field.FULL_NAME: _("Full name"),
        Field.NUMBER: _("Identity number"),
        Field.OFFICE: _("Office in the commission"),
        Field.NOMINATED_BY: _("Nominated by"),
        Field.PHONE: _("Phone"),
        Field.EMAIL: _("E-mail"),
        Field.LANGUAGE: _("Language of training"),
        Field.TIME_ZONE: _("Time zone"),
        Field.SEATS: _("Number of seats"),
        Field.TERRITORY: _("Upper commission"),
        Field.IMPORT: _("Import no."),
    }[field]


def problem_name(kind: str) -> str:
    """A kind of problem in a few words."""
    return {
        Problem.COMMISSION_MISSING: _("no commission"),
        Problem.COMMISSION_UNKNOWN: _("commission not recognised"),
        Problem.TERRITORY_UNKNOWN: _("territory not known"),
        Problem.OUTSIDE_BRANCH: _("commission outside your branch"),
        Problem.FORMULA: _("cell begins like a formula"),
        Problem.SURNAME_MISSING: _("surname missing"),
        Problem.GIVEN_NAME_MISSING: _("given name missing"),
        Problem.LOST_LETTER: _("letter lost in a name"),
        Problem.NO_NAME: _("signs that no name has"),
        Problem.TWO_ALPHABETS: _("name in two alphabets"),
        Problem.NUMBER_MISSING: _("identity number missing"),
        Problem.NUMBER_SHAPE: _("identity number not 12 digits"),
        Problem.CHECK_DIGIT: _("identity number fails its check digit"),
        Problem.NO_SUCH_DAY: _("identity number names no real day"),
        Problem.NOT_14_DIGITS: _("identity number not 14 digits"),
        Problem.NO_BIRTH_DATE: _("identity number names no birth date"),
        Problem.OFFICE_UNKNOWN: _("office not known"),
        Problem.TIME_ZONE_UNKNOWN: _("time zone not known"),
        Problem.OTHER_NAME: _("identity number known with another name"),
        Problem.TWO_NAMES: _("one identity number beside two names"),
        Problem.TOO_YOUNG: _("not old enough for a seat"),
        Problem.TWICE_IN_ONE: _("same person twice in one commission"),
        Problem.IN_TWO: _("same person in two commissions"),
        Problem.SECOND_CHAIR: _("second chair in one commission"),
    }[Problem(kind)]


def normalised_name(kind: str) -> str:
    """A kind of putting right in a few words."""
    return {
        Normalised.LEADING_ZERO: _("lost zeros put back before the identity number"),
        Normalised.CAPITALS: _("name in capitals"),
        Normalised.STRAY_SPACES: _("stray spaces in a name"),
        Normalised.LOOK_ALIKE: _("Latin letter in a Cyrillic name"),
        Normalised.SPACED_NUMBER: _("space in the identity number"),
        Normalised.PHONE_LEFT_OUT: _("phone left out"),
        Normalised.EMAIL_LEFT_OUT: _("e-mail left out"),
        Normalised.LANGUAGE_LEFT_OUT: _("language left out"),
    }[Normalised(kind)]


def _other_row(params: Params) -> str:
    return where(params.get("sheet", ""), params.get("row", ""))


def _in_two(params: Params) -> str:
    if params.get("row"):
        return _(
            "the same identity number stands in another commission (%(where)s, %(commission)s). "
            "Leave the person in one commission.",
            where=_other_row(params),
            commission=params["commission"],
        )
    if params.get("present"):
        return _(
            "this person is now a member of another commission (%(commission)s). "
            "Send that commission's whole roster without the person, or take the row out.",
            commission=params["present"],
        )
    return _(
        "this person is now a member of another commission. Check the number; if it is right, ask the upper commission."
    )


def _second_chair(params: Params) -> str:
    if params.get("row"):
        return _("the commission already has a chair (%(where)s). Correct one of the two.", where=_other_row(params))
    if params.get("held_row"):
        return _chair_is_held(params["held_sheet"], params["held_row"])
    if params.get("chair_row"):
        return _(
            "the commission already has a chair, whose own row has a problem (%(where)s). "
            "Mend that row first and send the whole roster again.",
            where=where(params["chair_sheet"], params["chair_row"]),
        )
    if params.get("said"):
        return _(
            "the commission already has a chair, and nobody leaves this commission while its subtotal says %(said)s "
            "and it has %(rows)s rows. Put the subtotal right first and send the whole roster again.",
            **params,
        )
    return _("the commission already has a chair who stays. Send the commission's whole roster, or correct the office.")


def _chair_is_held(sheet: str, row: str) -> str:
    if sheet:
        return _(
            "the commission already has a chair, and nobody leaves this commission until row %(row)s of sheet "
            "“%(sheet)s” is mended. Mend that row first and send the whole roster again.",
            sheet=sheet,
            row=row,
        )
    return _(
        "the commission already has a chair, and nobody leaves this commission until row %(row)s is mended. "
        "Mend that row first and send the whole roster again.",
        row=row,
    )


_PROBLEMS: Mapping[Problem, Sentence] = {
    Problem.COMMISSION_MISSING: lambda _p: _("no commission is named here or above. Write its name, as УИК № 17."),
    Problem.COMMISSION_UNKNOWN: lambda p: _(
        "“%(value)s” is not a commission's name we know. Write УИК № 17, № 17 УСК, ТИК: … or АСК: ….", **p
    ),
    Problem.TERRITORY_UNKNOWN: lambda p: _(
        "it is not clear which territory “%(value)s” belongs to. "
        "Put the territorial commission's rows above it, or choose the commission when sending the file.",
        **p,
    ),
    Problem.OUTSIDE_BRANCH: lambda p: _(
        "“%(value)s” is not in the branch this file is for. Send it for the right commission.", **p
    ),
    Problem.FORMULA: lambda _p: _("the cell begins like a formula. Write the name as plain text."),
    Problem.SURNAME_MISSING: lambda _p: _("the surname is missing. Write it."),
    Problem.GIVEN_NAME_MISSING: lambda _p: _("the given name is missing. Write it."),
    Problem.LOST_LETTER: lambda p: _(
        "a letter of “%(value)s” was lost (a question mark stands for it). "
        "Write the name in full and save the file as XLSX or as CSV UTF-8.",
        **p,
    ),
    Problem.NO_NAME: lambda p: _("“%(value)s” has signs that no name has. Write the name only.", **p),
    Problem.TWO_ALPHABETS: lambda p: _("“%(value)s” mixes Cyrillic and Latin letters. Write it in one alphabet.", **p),
    Problem.NUMBER_MISSING: lambda _p: _("the identity number is missing. Write all its digits."),
    Problem.NOT_14_DIGITS: lambda _p: _("the identity number is not 14 digits. Copy it again from the document."),
    Problem.NO_BIRTH_DATE: lambda _p: _(
        "the second to ninth digits of the identity number name no birth date. Copy it again from the document."
    ),
    Problem.NUMBER_SHAPE: lambda _p: _("the identity number is not 12 digits. Copy it again from the document."),
    Problem.CHECK_DIGIT: lambda _p: _(
        "the identity number fails its check digit, so one of its digits is wrong. Copy it again from the document."
    ),
    Problem.NO_SUCH_DAY: lambda _p: _(
        "the identity number begins with a date that does not exist. Copy it again from the document."
    ),
    Problem.OFFICE_UNKNOWN: lambda p: (
        _(
            "“%(value)s” is no office of a commission. "
            "Write chair, deputy chair, secretary or member, or take the row out.",
            **p,
        )
        if p.get("value")
        else _("the office is missing. Write chair, deputy chair, secretary or member.")
    ),
    Problem.TIME_ZONE_UNKNOWN: lambda p: _(
        "“%(value)s” is no time zone. Write it as Asia/Almaty or Europe/Berlin.", **p
    ),
    Problem.OTHER_NAME: lambda _p: _(
        "this identity number is known with another name. Check each digit, and the surname and given name."
    ),
    Problem.TWO_NAMES: lambda p: _(
        "the same identity number stands beside another name (%(where)s, %(commission)s). "
        "Compare both with the documents and correct them.",
        where=_other_row(p),
        commission=p["commission"],
    ),
    Problem.TOO_YOUNG: lambda p: _(
        "by the identity number, this person is old enough for a seat only from %(day)s on. "
        "Check the number, or take the row out.",
        day=date_in_full(date.fromisoformat(p["day"])),
    ),
    Problem.TWICE_IN_ONE: lambda p: _(
        "the same identity number stands in this commission already (%(where)s). Take one of the two rows out.",
        where=_other_row(p),
    ),
    Problem.IN_TWO: _in_two,
    Problem.SECOND_CHAIR: _second_chair,
}

_NORMALISED: Mapping[Normalised, Sentence] = {
    Normalised.LEADING_ZERO: lambda _p: _("zeros lost in front of the identity number were put back."),
    Normalised.CAPITALS: lambda p: _("the name was in capitals; it is kept as “%(value)s”.", **p),
    Normalised.STRAY_SPACES: lambda p: _("spaces were taken away; the name is kept as “%(value)s”.", **p),
    Normalised.LOOK_ALIKE: lambda p: _(
        "a letter of the other alphabet that looks the same was replaced; the name is kept as “%(value)s”.", **p
    ),
    Normalised.SPACED_NUMBER: lambda _p: _("the space inside the identity number was taken away."),
    Normalised.PHONE_LEFT_OUT: lambda p: _("“%(value)s” is no phone number; it was left out.", **p),
    Normalised.EMAIL_LEFT_OUT: lambda p: _("“%(value)s” is no e-mail address; it was left out.", **p),
    Normalised.LANGUAGE_LEFT_OUT: lambda p: _(
        "“%(value)s” is no language of training (Kazakh, Russian or English); it was left out.", **p
    ),
}

_NOTES: Mapping[NoteKind, Sentence] = {
    NoteKind.HIDDEN_ROWS: lambda p: _("The file has hidden rows (%(count)s). They were read like the others.", **p),
    NoteKind.HIDDEN_SHEET: lambda p: _("The hidden sheet “%(sheet)s” was not read.", **p),
    NoteKind.SHEET_WITHOUT_TABLE: lambda p: _(
        "The sheet “%(sheet)s” was not read: it has no row of headings that we know.", **p
    ),
    NoteKind.COLUMNS_SAID: lambda p: _(
        "%(where)s: these headings were read as was said of them before.", where=where(p["sheet"], p["row"])
    ),
    NoteKind.ROW_NOT_READ: lambda p: _(
        "%(where)s was not read: it names neither a person nor a commission.", where=where(p["sheet"], p["row"])
    ),
    NoteKind.SUBTOTAL_DIFFERS: lambda p: _(
        "%(where)s: the subtotal says %(said)s, the commission has %(rows)s rows. Nobody is taken to be leaving there.",
        where=where(p["sheet"], p["row"]),
        said=p["said"],
        rows=p["rows"],
    ),
    NoteKind.TWO_DEPUTIES: lambda p: _(
        "%(commission)s would have more than one deputy chair after applying: %(count)s. Check that this is meant.", **p
    ),
    NoteKind.TWO_SECRETARIES: lambda p: _(
        "%(commission)s would have more than one secretary after applying: %(count)s. Check that this is meant.", **p
    ),
    NoteKind.MANY_MEMBERS: lambda p: _(
        "%(commission)s would have more than %(most)s members after applying: %(count)s. Check that this is meant.",
        **{"most": "11", **p},
    ),
    NoteKind.PARTY_TWICE: lambda p: _(
        "%(commission)s would have %(count)s members of “%(body)s” after applying. A party may have one only.",
        **p,
    ),
    NoteKind.ODD_NUMBERS: lambda p: _(
        "Identity numbers of a seldom kind, such as foreigners have, or with a zero put back that nothing confirms: "
        "%(count)s, the first in %(where)s. They were taken. Compare them with the documents.",
        count=p["count"],
        where=where(p["sheet"], p["row"]),
    ),
}


def _column_missing(params: Params) -> str:
    names = ", ".join(f"“{column_name(Field(name))}”" for name in params["columns"].split(", "))
    return _(
        "%(where)s: the heading row lacks %(columns)s. Add the column and send the file again.",
        where=where(params["sheet"], params["row"]),
        columns=names,
    )


_FAULTS: Mapping[FileFault, Sentence] = {
    FileFault.TOO_LARGE: lambda p: _(
        "The file is too large: %(size)s MB, at most %(limit)s MB can be read. Send the territories one by one.", **p
    ),
    FileFault.EMPTY: lambda _p: _("The file is empty. Choose the file with the roster."),
    FileFault.ENCRYPTED: lambda _p: _(
        "The file is protected by a password. Save it without a password and send it again."
    ),
    FileFault.OLD_EXCEL: lambda _p: _("This is a file of old Excel (.xls). Save it as .xlsx and send it again."),
    FileFault.NOT_A_TABLE: lambda p: (
        _(
            "This is a file of another kind (%(kind)s), not a table. Save the roster as XLSX or CSV and send it again.",
            **p,
        )
        if p.get("kind")
        else _("This is not a table. Save the roster as XLSX or CSV and send it again.")
    ),
    FileFault.DAMAGED: lambda _p: _("The file is damaged and cannot be read. Open it, save it anew and send it again."),
    FileFault.UNPACKS_TOO_LARGE: lambda _p: _(
        "The file would unpack to far more than any roster holds, so it was not opened. Copy the table into a new file."
    ),
    FileFault.HIDDEN_ORDERS: lambda _p: _(
        "The file holds declarations that no spreadsheet needs, so it was not opened. Copy the table into a new file."
    ),
    FileFault.TOO_MANY_CELLS: lambda p: _(
        "The table is too large: at most %(rows)s rows and %(columns)s columns can be read. "
        "Delete what stands far below or beside it, or send the territories one by one.",
        **p,
    ),
    FileFault.NO_TABLE: lambda _p: _(
        "No table was found: no row has headings such as commission, surname, identity number. Add the heading row."
    ),
    FileFault.COLUMN_MISSING: _column_missing,
}
