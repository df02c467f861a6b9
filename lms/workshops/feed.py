"""A person's workshops as a calendar that phones and desks subscribe to."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import current_app

from lms.core.config import Settings
from lms.core.web.languages import _, pick, speaking
from lms.workshops import queries, rules
from lms.workshops.models import Workshop

if TYPE_CHECKING:
    from icalendar import Event


def calendar_of(person_id: int, language: str, now: datetime) -> bytes:
    """The person's own workshops of the last two months and to come, as iCalendar in `language`, times in UTC."""
    from icalendar import Calendar  # only here: few requests and no command need it

    with speaking(language):
        calendar = Calendar()
        calendar.add("prodid", "-//Cascade//Workshops//EN")
        calendar.add("version", "2.0")
        calendar.add("calscale", "GREGORIAN")
        calendar.add("method", "PUBLISH")
        calendar.add("x-wr-calname", _("Workshops"))
        calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
        for own in queries.list_for_calendar(person_id, now):
            calendar.add_component(_event(own, language))
        content: bytes = calendar.to_ical()
    return content


def uid_of(workshop: Workshop) -> str:
    """The name of the workshop in all calendars; never changes."""
    return f"workshop-{workshop.id}-{workshop.created_at:%Y%m%dT%H%M%SZ}@cascade"


def _event(own: queries.OwnWorkshop, language: str) -> Event:
    from icalendar import Event, vUri

    workshop = own.workshop
    settings: Settings = current_app.extensions["settings"]
    event = Event()
    event.add("uid", uid_of(workshop))
    event.add("dtstamp", workshop.changed_at)
    event.add("last-modified", workshop.changed_at)
    event.add("created", workshop.created_at)
    event.add("sequence", workshop.sequence)
    event.add("dtstart", workshop.starts_at)
    event.add("dtend", workshop.ends_at)
    event.add("status", "CANCELLED" if workshop.state == rules.State.CANCELLED else "CONFIRMED")
    event.add("summary", _("Workshop: %(course)s", course=pick(own.title)))
    if workshop.place:
        event.add("location", workshop.place)
    event.add("description", _description(workshop))
    event.add("url", vUri(f"{settings.public_url}/{language}/workshops/{workshop.id}"))
    return event


def _description(workshop: Workshop) -> str:
    lines = [_("Trainer: %(name)s", name=workshop.trainer.full_name)]
    if workshop.link and _is_address(workshop.link):
        lines.append(_("Link: %(link)s", link=workshop.link))
    if workshop.state == rules.State.CANCELLED:
        lines.insert(0, _("This workshop was cancelled."))
    return "\n".join(lines)


def _is_address(link: str) -> bool:
    return urlsplit(link).scheme in ("http", "https")
