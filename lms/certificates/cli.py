"""Commands about certificates."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from lms.certificates import actions, printing, queries
from lms.certificates.checking import Checked, Unreadable, check_file
from lms.certificates.keys import public_url, signing_key
from lms.certificates.rules import Claim
from lms.certificates.signing import public_words, read_public
from lms.certificates.words import field_name
from lms.commissions.cli import get_commission_named, scope_named
from lms.core.command import answer, in_app, warn_of_own_address
from lms.core.errors import Refused


@click.group("certificates")
def certificates() -> None:
    """Print and check certificates."""


@certificates.command("print")
@click.option("--commission", required=True, help="Code of the commission; those below it are printed too.")
@click.option("--by", required=True, help="Login of whoever prints.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The PDF to write.")
@in_app
def print_certificates(commission: str, by: str, out: Path) -> None:
    """All certificates of a commission as one PDF, a page each."""
    found, scope = get_commission_named(commission), scope_named(by)
    sheets = [printing.sheet_of(one) for one in queries.list_to_print(found.id)]
    actions.note_printed(commission=found, count=len(sheets), by=scope)
    if not sheets:
        raise Refused(f"There is no certificate to print at {commission} yet.")
    warn_of_own_address()
    with click.progressbar(length=len(sheets), label="Certificates", hidden=not sys.stdout.isatty()) as bar:
        content = printing.render_sheets(
            sheets,
            title=f"Сертификаттар / Сертификаты {found.code}",
            progress=lambda done, _all: bar.update(done - bar.pos),
        )
    out.write_bytes(content)
    click.echo(f"{len(sheets)} certificates: {out}")


@certificates.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", "public_key", default="", help="Public key of the installation that issued it (64 hex digits).")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@in_app
def verify(file: Path, public_key: str, as_json: bool) -> None:
    """Check without a network: a certificate's PDF, or a text file with the address or payload of its QR."""
    try:
        key = read_public(public_key) if public_key else signing_key().public_key()
    except ValueError as wrong:
        raise Refused("The public key must be 64 hex digits, as `lms certificates key` prints them.") from wrong
    try:
        report = check_file(file.read_bytes(), key)
    except Unreadable as wrong:
        raise Refused(f"{file}: this is no certificate of this system ({wrong}).") from wrong
    if not report.is_genuine:
        raise Refused(_what_is_wrong(file, report.certificates))
    claims = [one.claim for one in report.certificates if one.claim is not None]
    answer(
        {"genuine": True, "certificates": [_told(claim) for claim in claims]},
        as_json=as_json,
        words="\n\n".join(map(_in_words, claims))
        + f"\n\nGenuine. Whether it was withdrawn since is told by {public_url()}/verify",
    )


@certificates.command("key")
@in_app
def key() -> None:
    """The public key with which certificates of this installation are checked elsewhere."""
    click.echo(public_words(signing_key().public_key()))


def _what_is_wrong(file: Path, found: list[Checked]) -> str:
    altered = list(dict.fromkeys(field_name(name) for one in found for name in one.altered))
    if not altered:
        return (
            f"{file}: the file was changed after it was issued, though its facts are as signed. Ask for the original."
        )
    return f"{file}: NOT genuine. Altered or not as signed: {', '.join(altered)}."


def _told(claim: Claim) -> dict[str, Any]:
    return {
        "demo": claim.demo,
        "kind": claim.kind,
        "number": claim.number,
        "holder": claim.holder,
        "course": claim.course,
        "level": claim.level,
        "issued_on": claim.issued_on.isoformat(),
    }


def _in_words(claim: Claim) -> str:
    lines = [f"{field_name(name):24} {value}" for name, value in _told(claim).items() if name != "demo"]
    return "\n".join([*lines, "DEMO: an invented person"] if claim.demo else lines)


COMMANDS = [certificates]
