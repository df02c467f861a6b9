"""Help, reasons and decisions in words."""

from __future__ import annotations

from lms.assessment.models import Accommodation
from lms.assessment.rules_time import LARGE_PRINT, AttemptSettings, Extra
from lms.core.web.languages import _, _n, lazy

HELPS = {
    LARGE_PRINT: lazy("large print"),
    "reader": lazy("somebody reads aloud"),
    "scribe": lazy("somebody writes down the answers"),
    "quiet_room": lazy("a room of their own"),
    "paper": lazy("on paper"),
}
REASONS = {
    "sight": lazy("sight"),
    "hearing": lazy("hearing"),
    "movement": lazy("movement of the hands"),
    "reading": lazy("difficulty in reading"),
    "language": lazy("language of the test"),
    "health": lazy("health"),
    "other": lazy("another reason"),
}
MORE = {
    "outage": lazy("the server or the link was down"),
    "device": lazy("the device broke down"),
    "disturbance": lazy("a disturbance at the place"),
    "other": lazy("another reason"),
}
LATE = {
    "outage": lazy("the server or the link was down"),
    "device": lazy("the device broke down"),
    "own_fault": lazy("the person was late"),
    "other": lazy("another reason"),
}
GRANTED = {
    "workshop": lazy("a workshop or a talk"),
    "practice": lazy("practised again"),
    "outage": lazy("the server or the link was down"),
    "other": lazy("another reason"),
}


def help_words(one: Accommodation) -> str:
    """What an accommodation gives, in one line."""
    time = []
    if one.percent:
        time.append(_("%(n)s per cent more time", n=one.percent))
    if one.minutes:
        time.append(_n("%(n)s minute more", "%(n)s minutes more", one.minutes))
    return ", ".join([*time, *(str(HELPS[code]) for code in one.helps if code in HELPS)])


def time_words(settings: AttemptSettings) -> str:
    """How long the test lasts for somebody with extra time, and how that comes about; empty without extra time."""
    extra = settings.extra
    if extra is None:
        return ""
    return _(
        "You have %(all)s: %(usual)s %(more)s.",
        all=_n("%(n)s minute", "%(n)s minutes", settings.minutes + extra.adds),
        usual=settings.minutes,
        more=_more_words(extra),
    )


def _more_words(extra: Extra) -> str:
    shares = {0: "", 50: _("and half as much again"), 100: _("and as much again")}
    share = shares.get(extra.percent, _("and %(n)s per cent more", n=extra.percent))
    minutes = _n("and %(n)s minute more", "and %(n)s minutes more", extra.minutes) if extra.minutes else ""
    return " ".join(part for part in (share, minutes) if part)
