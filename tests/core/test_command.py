"""A trouble of the database is told by commands in a sentence, without a stack."""

from __future__ import annotations

import sqlite3

import click
import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy.exc import OperationalError

from lms.core.command import TROUBLES, in_app
from lms.core.database.trouble import Trouble


def raising(said: str) -> click.Command:
    @click.command()
    @in_app
    def command() -> None:
        raise OperationalError("SELECT", {}, sqlite3.OperationalError(said))

    return command


def test_a_trouble_is_a_sentence(app: Flask) -> None:
    done = CliRunner().invoke(raising("database is locked"))
    assert (done.exit_code, done.output.strip()) == (1, TROUBLES[Trouble.BUSY])
    assert set(TROUBLES) == set(Trouble)


def test_a_fault_of_ours_is_none(app: Flask) -> None:
    with pytest.raises(OperationalError):
        CliRunner().invoke(raising("no such column"), catch_exceptions=False)
