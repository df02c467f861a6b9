"""What happened to campaigns."""

from __future__ import annotations

from dataclasses import dataclass

from lms.core.audit.actions import Actor


@dataclass(frozen=True)
class CampaignClosed:
    """A campaign was archived: from now on nothing is done in it."""

    campaign_id: int
    knowing: bool
    """Whether whoever closed it was told, and accepts, that something in it was left undone."""
    by: Actor
