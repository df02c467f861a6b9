"""Why a file cannot be read at all. Kept as data; `lms.rosters.messages` makes the sentence."""

from __future__ import annotations

from enum import StrEnum


class FileFault(StrEnum):
    """What is wrong with the file as a whole."""

    TOO_LARGE = "file too large"
    EMPTY = "file empty"
    ENCRYPTED = "file protected by a password"
    OLD_EXCEL = "old Excel file"
    NOT_A_TABLE = "not a table file"
    DAMAGED = "file damaged"
    UNPACKS_TOO_LARGE = "file unpacks too large"
    HIDDEN_ORDERS = "file holds entity declarations"
    TOO_MANY_CELLS = "table too large"
    NO_TABLE = "no table found"
    COLUMN_MISSING = "column missing"


class UnreadableFile(Exception):
    """The file is refused: what is wrong, and the details for the sentence."""

    def __init__(self, fault: FileFault, **params: str) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.params = params
