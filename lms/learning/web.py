"""What the parts of the learner's pages share."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("learning", __name__, template_folder="templates")
