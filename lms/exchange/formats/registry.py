"""The formats there are. A new one is a new folder with the same files, and a line in FORMATS."""

from __future__ import annotations

import functools

from lms.core.errors import NotFound
from lms.exchange.formats.aiken import limits as aiken_limits
from lms.exchange.formats.aiken import reading as aiken_reading
from lms.exchange.formats.aiken import writing as aiken_writing
from lms.exchange.formats.gift import limits as gift_limits
from lms.exchange.formats.gift import reading as gift_reading
from lms.exchange.formats.gift import writing as gift_writing
from lms.exchange.formats.moodle import limits as moodle_limits
from lms.exchange.formats.moodle import reading as moodle_reading
from lms.exchange.formats.moodle import writing as moodle_writing
from lms.exchange.formats.own import limits as own_limits
from lms.exchange.formats.own import reading as own_reading
from lms.exchange.formats.own import writing as own_writing
from lms.exchange.formats.qti import limits as qti_limits
from lms.exchange.formats.qti import reading as qti_reading
from lms.exchange.formats.qti import writing as qti_writing
from lms.exchange.formats.qti.versions import V21, V22, V30, Version
from lms.exchange.formats.shapes import Format

ZIP, TEXT, XML = "application/zip", "text/plain; charset=utf-8", "application/xml"


def _qti(name: str, version: Version) -> Format:
    write = functools.partial(qti_writing.write, version=version)
    title = f"QTI {version.number}"
    return Format(name, title, ".zip", ZIP, qti_reading.read, qti_reading.count, qti_limits.remains, write)


FORMATS = {
    form.name: form
    for form in (
        Format(
            "cascade",
            "Cascade (YAML)",
            ".yaml",
            "application/yaml",
            own_reading.read,
            own_reading.count,
            own_limits.remains,
            own_writing.write,
            has_language=False,
        ),
        Format(
            *("moodle", "Moodle XML", ".xml", XML, moodle_reading.read, moodle_reading.count, moodle_limits.remains),
            moodle_writing.write,
        ),
        Format(
            *("gift", "GIFT", ".gift", TEXT, gift_reading.read, gift_reading.count, gift_limits.remains),
            gift_writing.write,
        ),
        Format(
            *("aiken", "Aiken", ".txt", TEXT, aiken_reading.read, aiken_reading.count, aiken_limits.remains),
            aiken_writing.write,
        ),
        _qti("qti21", V21),
        _qti("qti22", V22),
        _qti("qti30", V30),
    )
}


def get_format(name: str) -> Format:
    """The format with this name; NotFound when there is none."""
    if name not in FORMATS:
        raise NotFound(f"There is no format '{name}'. Use one of: {', '.join(FORMATS)}.")
    return FORMATS[name]
