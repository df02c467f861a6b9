"""Check a certificate without a network: its signature, and that what is printed is what was signed."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from lms.certificates.facts import Facts, claim_of
from lms.certificates.printing import ATTACHMENT, LANGUAGES, rows_of
from lms.certificates.rules import Claim
from lms.certificates.signing import Forged, holds_seal, read_payload

MOST_BYTES = 100 * 1024 * 1024


class Unreadable(ValueError):
    """There is no certificate of this system in the file."""


@dataclass(frozen=True)
class Checked:
    """One certificate in a file."""

    claim: Claim | None
    """What was signed; None when the signature does not hold."""
    facts: Facts | None = None
    """Everything printed; None when only the payload was there."""
    altered: list[str] = field(default_factory=list)
    """Names of facts that differ from what was signed; `signature` when that itself does not hold."""


@dataclass(frozen=True)
class Report:
    """What a check found."""

    certificates: list[Checked]
    untouched: bool | None
    """Whether the file is as issued, to the byte; None when it is no PDF."""

    @property
    def is_genuine(self) -> bool:
        """Whether nothing was altered."""
        return self.untouched is not False and not any(one.altered for one in self.certificates)


def check_file(content: bytes, key: Ed25519PublicKey) -> Report:
    """What is in the content of a file: a PDF of ours, or a text that holds a payload or the address of a QR. Raises
    Unreadable."""
    if len(content) > MOST_BYTES:
        raise Unreadable("the file is too large")
    if content.lstrip()[:5] == b"%PDF-":
        return Report(_check_pdf(content, key), holds_seal(content, key))
    return Report([_check_payload(_payload_in(content), key)], None)


def _payload_in(content: bytes) -> str:
    try:
        words = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError as wrong:
        raise Unreadable("neither a PDF nor a text") from wrong
    payload = words.rpartition("#")[2]
    if not re.fullmatch(r"[\w-]+\.[\w-]+", payload, re.ASCII):
        raise Unreadable("no payload in the text")
    return payload


def _check_payload(payload: str, key: Ed25519PublicKey) -> Checked:
    try:
        return Checked(read_payload(payload, key))
    except Forged:
        return Checked(None, altered=["signature"])


def _check_pdf(content: bytes, key: Ed25519PublicKey) -> list[Checked]:
    from pypdf import PdfReader  # only here: commands and other pages start without it

    try:
        reader = PdfReader(io.BytesIO(content))
        attached = json.loads(reader.attachments[ATTACHMENT][0])
        pages = [page.extract_text() for page in reader.pages]
    except Exception as wrong:  # a damaged file can make the reader raise anything
        raise Unreadable("no signed facts in the PDF") from wrong
    if not isinstance(attached, list) or not attached or len(attached) != len(pages):
        raise Unreadable("pages and signed facts do not go together")
    return [_check_page(one, text, key) for one, text in zip(attached, pages, strict=True)]


def _check_page(attached: Any, text: str, key: Ed25519PublicKey) -> Checked:
    try:
        facts: Facts = attached["facts"]
        claim = read_payload(attached["payload"], key)
        altered = [*_differing(claim_of(facts), claim), *_missing(facts, text)]
    except Forged:
        return Checked(None, altered=["signature"])
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise Unreadable("the signed facts are incomplete") from wrong
    return Checked(claim, facts, list(dict.fromkeys(altered)))


def _differing(stated: Claim, signed: Claim) -> Iterator[str]:
    """Names of facts in which the attached facts differ from the signed claim; `facts` when one that the claim does not
    spell out was altered."""
    names = ("demo", "kind", "number", "holder", "course", "level", "issued_on")
    differing = [name for name in names if getattr(stated, name) != getattr(signed, name)]
    if not differing and stated.digest != signed.digest:
        differing = ["facts"]
    yield from differing


def _missing(facts: Facts, text: str) -> Iterator[str]:
    """Names of facts that do not stand on the page as they should."""
    plain = _plain(text)
    wanted = [("number", "№" + facts["number"]), ("holder", facts["holder"])]
    for language in LANGUAGES:
        wanted += [("course", f"«{facts['course'][language]}»"), ("commission", facts["commission"].get(language, ""))]
        wanted += [(row.field, f"{row.label}:{row.value}") for row in rows_of(facts, language)]
    if facts["demo"]:
        wanted.append(("demo", "DEMO"))
    for name, words in wanted:
        if _plain(words) not in plain:
            yield name


def _plain(text: str) -> str:
    return re.sub(r"[\s\u00ad]+", "", text)
