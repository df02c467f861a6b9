"""Passkeys (WebAuthn): added, proven, listed, removed. Here lie public keys; the private ones stay on devices."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from lms.accounts import pending
from lms.accounts.actions import ActorOf
from lms.accounts.models import Account, Passkey
from lms.accounts.rules import RelyingParty
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.errors import NotFound, Refused
from lms.core.web.languages import _
from lms.people.vault import keyed_hash

if TYPE_CHECKING:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

MOST = 10
"""So many passkeys of one person are kept."""
LASTS = timedelta(minutes=5)
"""So long an authenticator may take to answer."""
LONGEST_NAME = 60
ADDING, PROVING = "passkey-adding", "passkey-proving"


def begin_adding(*, account: Account, party: RelyingParty, session: str) -> str:
    """What the browser is to tell an authenticator that makes a new passkey (JSON). The answer is taken once, from this
    session, within `LASTS`."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers import structs

    if _count(account) >= MOST:
        raise Refused(_("You have %(n)s passkeys, and more are not kept. Remove one first.", n=MOST))
    options = generate_registration_options(
        rp_id=party.id,
        rp_name="Cascade",
        user_id=bytes.fromhex(keyed_hash("passkey-user", str(account.id))),
        user_name=account.login,
        timeout=_milliseconds(),
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.PREFERRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_descriptors(account),
    )
    _keep_challenge(ADDING, session, options.challenge)
    return options_to_json(options)


def add(*, account: Account, party: RelyingParty, session: str, answer: str, name: str) -> Passkey:
    """Keep the passkey that the browser's `answer` (JSON) brings. Refused with a sentence when the answer is late, sent
    before, made for another site, or not made with a PIN, finger or face."""
    from webauthn import verify_registration_response

    challenge = _take_challenge(ADDING, session)
    with _read_strictly():
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    if db.session.scalar(select(Passkey.id).where(Passkey.credential_id == made.credential_id)) is not None:
        raise Refused(_("This passkey is kept already."))
    passkey = Passkey(
        account_id=account.id,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        transports=_transports(answer),
        name=name.strip()[:LONGEST_NAME] or _("Passkey"),
        backed_up=made.credential_backed_up,
        created_at=clock.now(),
    )
    db.session.add(passkey)
    db.session.flush()
    record("accounts.passkey_added", by=ActorOf(account), subject=f"account:{account.id}", passkey=passkey.id)
    return passkey


def begin_proving(*, account: Account, party: RelyingParty, session: str) -> str:
    """What the browser is to ask the person's authenticator (JSON). The answer is taken once, from this session, within
    `LASTS`."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers.structs import UserVerificationRequirement

    options = generate_authentication_options(
        rp_id=party.id,
        timeout=_milliseconds(),
        allow_credentials=_descriptors(account),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    _keep_challenge(PROVING, session, options.challenge)
    return options_to_json(options)


def prove(*, account: Account, party: RelyingParty, session: str, answer: str) -> None:
    """Refused with a sentence unless the browser's `answer` (JSON) was made just now, for this session and site, by a
    passkey of the account, with a PIN, finger or face, and the passkey's count went up."""
    from webauthn import verify_authentication_response
    from webauthn.helpers import parse_authentication_credential_json

    challenge = _take_challenge(PROVING, session)
    with _read_strictly():
        said = parse_authentication_credential_json(answer)
        passkey = db.session.scalar(
            select(Passkey)
            .where(Passkey.account_id == account.id, Passkey.credential_id == said.raw_id)
            .with_for_update()
        )
        if passkey is None:
            raise Refused(_("This passkey does not belong to your account. Take another one."))
        proven = verify_authentication_response(
            credential=said,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    passkey.sign_count = proven.new_sign_count
    passkey.backed_up = proven.credential_backed_up
    passkey.last_used_at = clock.now()


def remove(*, account: Account, passkey: Passkey) -> None:
    """Take a passkey away; whoever calls this has seen that the person may be without it."""
    name = passkey.id
    db.session.delete(passkey)
    db.session.flush()
    record("accounts.passkey_removed", by=ActorOf(account), subject=f"account:{account.id}", passkey=name)


def list_passkeys(account_id: int) -> Sequence[Passkey]:
    """The passkeys of an account, the first one first."""
    return db.session.scalars(select(Passkey).where(Passkey.account_id == account_id).order_by(Passkey.id)).all()


def get_passkey(account_id: int, passkey_id: int) -> Passkey:
    """A passkey of the account; NotFound when it is none or somebody else's."""
    passkey = db.session.get(Passkey, passkey_id)
    if passkey is None or passkey.account_id != account_id:
        raise NotFound
    return passkey


def _count(account: Account) -> int:
    return db.session.scalar(select(func.count()).where(Passkey.account_id == account.id)) or 0


def _descriptors(account: Account) -> list[PublicKeyCredentialDescriptor]:
    from webauthn.helpers.structs import AuthenticatorTransport, PublicKeyCredentialDescriptor

    known = {one.value for one in AuthenticatorTransport}
    return [
        PublicKeyCredentialDescriptor(
            id=one.credential_id,
            transports=[AuthenticatorTransport(way) for way in one.transports if way in known] or None,
        )
        for one in list_passkeys(account.id)
    ]


def _transports(answer: str) -> list[str]:
    """How the authenticator says it is reached; kept as a hint only."""
    from webauthn.helpers.structs import AuthenticatorTransport

    said: Any = json.loads(answer).get("response", {}).get("transports", [])
    known = {one.value for one in AuthenticatorTransport}
    return sorted({way for way in said if way in known}) if isinstance(said, list) else []


def _milliseconds() -> int:
    return int(LASTS.total_seconds() * 1000)


def _keep_challenge(kind: str, session: str, challenge: bytes) -> None:
    pending.keep(kind, session, {"challenge": challenge.hex()}, lasts=LASTS)


def _take_challenge(kind: str, session: str) -> bytes:
    kept = pending.take(kind, session)
    if kept is None:
        raise Refused(_("This took too long, or was sent twice. Press the button once more."))
    return bytes.fromhex(kept["challenge"])


@contextmanager
def _read_strictly() -> Iterator[None]:
    """What an authenticator did not make, or made for something else, is refused with a sentence."""
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        yield
    except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError):
        raise Refused(_("The passkey was not accepted. Press the button once more, or take another way.")) from None
