"""What is wrong with a name, an identity number or a phone number that somebody has typed, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms.core.web.languages import _
from lms.people.identity_number import find_other_sign
from lms.people.schemes.shape import NumberFault, Scheme
from lms.people.spelling import NameFault

if TYPE_CHECKING:
    from lms.countries.schema import PhonePart


def number_hint(scheme: Scheme) -> str:
    """What an identity number looks like, below its field."""
    return _("%(n)s digits.", n=scheme.length)


def number_sentence(fault: NumberFault, scheme: Scheme, typed: str = "") -> str:
    """What is wrong with an identity number and what to do. `typed`: as somebody typed it."""
    other = find_other_sign(typed) if fault in (NumberFault.SHAPE, NumberFault.NOT_14_DIGITS) else None
    if other is not None:
        place, sign = other
        return _("Sign %(place)s, “%(sign)s”, is no digit. Type digits only.", place=place, sign=sign)
    return {
        NumberFault.MISSING: _("Type the identity number: %(n)s digits.", n=scheme.length),
        NumberFault.SHAPE: _("An identity number has 12 digits. Count them once more."),
        NumberFault.CHECK_DIGIT: _("One of the digits is wrong: the last one does not belong to the others."),
        NumberFault.NO_SUCH_DAY: _("The first six digits name no day of the calendar. Check them."),
        NumberFault.NOT_14_DIGITS: _("An identity number has 14 digits. Count them once more."),
        NumberFault.NO_BIRTH_DATE: _("The second to ninth digits name no birth date: day, month, year. Check them."),
    }[fault]


def odd_number_sentence() -> str:
    """What to do about a number that is good and yet seldom (`Scheme.is_odd`)."""
    return _(
        "The identity number is of a seldom kind, such as foreigners have. Compare it with the document once more."
    )


def name_sentence(fault: NameFault) -> str:
    """What is wrong with a part of a name and what to do."""
    return {
        NameFault.FORMULA: _("A name begins with a letter. Type it anew."),
        NameFault.LOST_LETTER: _("A letter is lost: there is a question mark. Type the name with all its letters."),
        NameFault.NO_NAME: _("There is a sign here that no name has. Type the name anew."),
        NameFault.TWO_ALPHABETS: _("There are Cyrillic and Latin letters in this name. Type it in one alphabet."),
    }[fault]


def email_sentence() -> str:
    """What to do about an e-mail address that cannot be read."""
    return _("This is no e-mail address. Type it as name@example.kz, or leave it empty.")


def phone_sentence(plan: PhonePart) -> str:
    """What to do about a phone number that cannot be read."""
    return _("This is no phone number. Type it as %(example)s, or leave it empty.", example=plan.example)
