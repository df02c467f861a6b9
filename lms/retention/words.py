"""The schedule in words: what each category is, when its term begins, why it is kept so long; and what stays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lms.core.web.languages import _, _n, lazy, number
from lms.retention.rules import Term


@dataclass(frozen=True)
class Said:
    """One category in words."""

    name: lazy
    begins: lazy
    why: lazy


WORDS: Mapping[str, Said] = MappingProxyType(
    {
        "sessions": Said(
            lazy("Browsers in which somebody is signed in: network and kind of browser"),
            lazy("when the person signed in; signing out erases at once"),
            lazy("So that a member need not sign in for each lesson. Fourteen days are the most that is safe."),
        ),
        "tries": Said(
            lazy("Counts of tries to sign in, under hashes of login and address"),
            lazy("with the quarter of an hour in which they were counted"),
            lazy("Guessing is slowed by the quarter of an hour; a day is enough to look into it."),
        ),
        "codes": Said(
            lazy("One-time codes of slips, as hashes"),
            lazy("when the code was used, withdrawn, or has run out"),
            lazy("So that an officer can be told why a slip does not work."),
        ),
        "rosters": Said(
            lazy("Rosters that were applied: the file, its rows, and the values that undoing would bring back"),
            lazy("when the roster was applied; of discarded ones everything goes at once"),
            lazy("A roster can be looked through and undone for so long. Its figures and the record stay."),
        ),
        "rosters_left": Said(
            lazy("Rosters that were never applied: the file and its rows"),
            lazy("when the file was last read or undone"),
            lazy("A list that nobody applies for so long was forgotten. It is then discarded."),
        ),
        "calls": Said(
            lazy("Notes about calls to members"),
            lazy("when the campaign was closed"),
            lazy("They help to reach somebody in this campaign only. That a call was made, and when, stays."),
        ),
        "help": Said(
            lazy("Why somebody was helped at tests, and with what beside time"),
            lazy("when the campaign was closed"),
            lazy("Health is nobody’s business once the tests are over. How much more time there was stays."),
        ),
        "tests": Said(
            lazy("Words of learners about questions that they dispute, and notes on signs and on tests in a room"),
            lazy("when the campaign was closed"),
            lazy(
                "They are needed as long as a ruling may be questioned. That a question was disputed, what was ruled "
                "and how a sign was judged stays; so does what kind of remark was made on a test, and when."
            ),
        ),
        "people": Said(
            lazy("Identity number with the birth date in it, phone, e-mail and nominating body of former members"),
            lazy("when the last seat and the last role ended and the last campaign of that person was closed"),
            lazy(
                "Members often come back for the next election: they are then known again, and what they have learnt "
                "with them. Whoever holds a seat or a role, or takes part in an open campaign, is never due."
            ),
        ),
        "record": Said(
            lazy("In the record: names and phones before and after, reasons, the network from which somebody acted"),
            lazy("when the change was made"),
            lazy(
                "So that a correction can be questioned for so long. Entries without values stay, and so do values of "
                "the open campaign and of whoever holds a seat or a role."
            ),
        ),
        "prints": Said(
            lazy("Documents with the certificates of a whole commission"),
            lazy("when they were asked for"),
            lazy("They are for printing once and can be made again at any time."),
        ),
        "papers": Said(
            lazy("Documents with papers of tests, with names on them; answers keyed in from paper and never confirmed"),
            lazy("when the document was asked for, or something was keyed in last"),
            lazy("They are for printing once and for keying in soon. That a paper was printed, and its number, stays."),
        ),
        "jobs": Said(
            lazy("Work done in the background, with what was said when it was refused"),
            lazy("when the work ended"),
            lazy("So that whoever runs the server can look into what went wrong."),
        ),
        "left_files": Said(
            lazy("Stored files that nothing refers to any more"),
            lazy("when the file was last written"),
            lazy("Left by an interruption. A day later it is certain that nobody is about to use them."),
        ),
    }
)
STAYS = (
    lazy(
        "Certificates, with the name of their holder: they are signed, and whoever was shown one must be able to "
        "check it."
    ),
    lazy("Results of tests and answers, courses and workshops, and all figures made of them."),
    lazy("Who held which seat or role from when to when; the name in it goes only when a person’s data is erased."),
    lazy("The record of who did what, without values."),
    lazy("Tables and letters taken out as files are never kept here. Manuals hold no personal data."),
)


def days_words(days: int) -> str:
    """A term in words."""
    return _n("%(n)s day", "%(n)s days", days)


def bounds_words(term: Term) -> str:
    """Which terms may be set."""
    return _("from %(least)s to %(greatest)s days", least=number(term.least), greatest=number(term.greatest))


def goes_words(goes: Mapping[str, int]) -> list[str]:
    """What erasing a person's data takes away, a phrase each."""
    return [words(goes[name]) for name, words in _GOES if goes.get(name)]


def stays_words(stays: Mapping[str, int]) -> list[str]:
    """What stays of a person and why, a sentence each."""
    return [words(stays[name]) for name, words in _STAYS if stays.get(name)]


def _names(_count: int) -> str:
    return _("the name; where it stood, a neutral word stands")


def _numbers(_count: int) -> str:
    return _("the identity number, and with it the birth date")


def _contacts(_count: int) -> str:
    return _("phone and e-mail")


def _nominations(_count: int) -> str:
    return _("by whom the person was nominated")


def _cases(n: int) -> str:
    return _n("%(n)s case from the field", "%(n)s cases from the field", n)


def _disputes(n: int) -> str:
    return _n("%(n)s text about a test", "%(n)s texts about tests", n)


def _papers(n: int) -> str:
    return _n("%(n)s document or draft of a test on paper", "%(n)s documents and drafts of tests on paper", n)


def _notes(n: int) -> str:
    return _n("%(n)s note about a call", "%(n)s notes about calls", n)


def _helps(n: int) -> str:
    return _n(
        "why the person was helped at tests (%(n)s entry)", "why the person was helped at tests (%(n)s entries)", n
    )


def _rosters(n: int) -> str:
    return _n(
        "the file of %(n)s roster in which the person stands, with its rows; it cannot be undone any more",
        "the files of %(n)s rosters in which the person stands, with their rows; they cannot be undone any more",
        n,
    )


def _values(n: int) -> str:
    return _n("%(n)s value in the record", "%(n)s values in the record", n)


def _sessions(n: int) -> str:
    return _n("%(n)s browser in which the person is signed in", "%(n)s browsers in which the person is signed in", n)


def _accounts(_count: int) -> str:
    return _("the way in: password, second step and slips; the person cannot sign in any more")


_GOES: tuple[tuple[str, Callable[[int], str]], ...] = (
    ("names", _names),
    ("numbers", _numbers),
    ("contacts", _contacts),
    ("nominations", _nominations),
    ("notes", _notes),
    ("cases", _cases),
    ("helps", _helps),
    ("disputes", _disputes),
    ("papers", _papers),
    ("rosters", _rosters),
    ("values", _values),
    ("sessions", _sessions),
    ("accounts", _accounts),
)


def _certificates(n: int) -> str:
    return _n(
        "%(n)s certificate, and with it the name: it is signed, and whoever was shown it must be able to check it",
        "%(n)s certificates, and with them the name: they are signed, and whoever was shown one must be able to "
        "check it",
        n,
    )


def _seats(n: int) -> str:
    return _n(
        "%(n)s seat with its days: who decided in a commission must stay countable",
        "%(n)s seats with their days: who decided in a commission must stay countable",
        n,
    )


def _courses(n: int) -> str:
    return _n(
        "%(n)s course, so that the figures of the campaign do not change",
        "%(n)s courses, so that the figures of the campaign do not change",
        n,
    )


def _tests(n: int) -> str:
    return _n(
        "%(n)s test with its answers, without a name beside it", "%(n)s tests with their answers, without a name", n
    )


def _acts(n: int) -> str:
    return _n(
        "%(n)s entry of the record, by number and without values",
        "%(n)s entries of the record, by number and without values",
        n,
    )


_STAYS: tuple[tuple[str, Callable[[int], str]], ...] = (
    ("certificates", _certificates),
    ("seats", _seats),
    ("courses", _courses),
    ("tests", _tests),
    ("acts", _acts),
)
