"""`python -m bench.sums`: checksums of all that a roster touches, of the installation that the environment names."""

from __future__ import annotations

import json

from lms.app import create_app
from tests.rosters.sums import sums

if __name__ == "__main__":
    with create_app().app_context():
        print(json.dumps({name: str(one) for name, one in sums().items()}))
