"""Browsers of those who look after tests, and other devices of members."""

from __future__ import annotations

import http.client
from io import BytesIO
from typing import NamedTuple

from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import stream_encode_multipart

from lms.commissions.models import Commission
from lms.core.database.base import db
from tests.factories.commissions import make_officer
from tests.faults.watching import send_form
from tests.journeys.live import Live


class Desk(NamedTuple):
    """The browser of somebody who brings files in: an officer's, or another device of a member."""

    port: int
    cookie: str
    token: str

    def bring(self, content: bytes) -> int:
        """Bring a file in: the status of the page."""
        file = FileStorage(BytesIO(content), filename="answers.json", content_type="application/json")
        body, _length, boundary = stream_encode_multipart({"csrf_token": self.token, "file": file})
        headers = {"Cookie": f"session={self.cookie}", "Content-Type": f"multipart/form-data; boundary={boundary}"}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("POST", "/en/rescue", body.read(), headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()

    def send(self, path: str, **fields: str) -> int:
        """Send a plain form: the status."""
        return send_form(self.port, self.cookie, path, csrf_token=self.token, **fields)[0]


def open_desks(server: Live) -> list[Desk]:
    """Officers of the regions: the first looks after everybody who sits a test here, the others after none of them."""
    tops = select(Commission.id).where(Commission.level == "tec", Commission.territory == "region")
    with server.inside():
        regions = db.session.scalars(tops.order_by(Commission.id)).all()
    return [open_desk(server, region) for region in regions]


def open_desk(server: Live, commission_id: int) -> Desk:
    """An officer of this commission; each in a context of its own, which holds the token of one session."""
    with server.inside():
        officer = make_officer(db.session.get_one(Commission, commission_id))
        db.session.flush()
        return Desk(server.product.port, *server.sign_in(officer))
