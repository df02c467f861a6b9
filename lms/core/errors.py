"""What the system refuses, each with a sentence for the person who reads it."""

from __future__ import annotations


class CascadeError(Exception):
    """A refusal with a sentence: what is wrong, where, what to do next."""

    status = 400

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Refused(CascadeError):
    """A rule of the work says no (422)."""

    status = 422


class Forbidden(CascadeError):
    """The person may see the thing but may not do this with it (403)."""

    status = 403


class NotFound(CascadeError):
    """The thing is not there, or not for this person: both look the same (404)."""

    status = 404

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence)


class Unrecorded(Exception):
    """What cannot be recorded is not done (503). No refusal, so that no form shows itself again over a transaction that
    has failed; the web layer takes everything back and says so in the reader's words."""

    def __init__(
        self, sentence: str = "This could not be recorded, so it was not done. Tell whoever runs the server."
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
