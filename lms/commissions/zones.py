"""Which time zone a commission may have."""

from __future__ import annotations

from lms.campaigns.queries import this_country
from lms.commissions.rules import Territory, may_have_zone
from lms.core.errors import Refused
from lms.core.web.languages import _


def zone_fault(territory: Territory, zone: str, above: str) -> str:
    """Why a commission below one in the time zone `above` cannot have this one, as a sentence; empty when it can."""
    if may_have_zone(territory, zone, above=above, of_country=this_country().time_zones):
        return ""
    if territory is Territory.PRECINCT:
        return _(
            "A precinct inside the country has the time of the commission above: %(zone)s. Leave this empty.",
            zone=above,
        )
    return _("The country has no such time zone. Only a precinct abroad may have another one.")


def check_zone(territory: Territory, zone: str, above: str) -> None:
    """Raise Refused when a commission below one in the time zone `above` cannot have this one."""
    fault = zone_fault(territory, zone, above)
    if fault:
        raise Refused(fault)
