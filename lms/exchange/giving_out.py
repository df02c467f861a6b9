"""Write questions in a format, and say before what it cannot carry."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

from lms.exchange.formats.qti.writing import DAY
from lms.exchange.formats.shapes import Format, Raw
from lms.exchange.losses import Carried, weigh


@dataclass(frozen=True)
class Weighed:
    """Questions before export: what remains of each, in the language asked for."""

    form: Format
    language: str
    carried: list[Carried]

    @property
    def written(self) -> list[Raw]:
        """The questions that can be written, as they will be read back."""
        return [one.remains for one in self.carried if one.remains is not None]


@dataclass(frozen=True)
class Export:
    """A file ready to be taken away."""

    name: str
    media_type: str
    content: bytes


def weigh_all(questions: Sequence[Raw], *, form: Format, language: str) -> Weighed:
    """What the format makes of these questions in one language."""
    return Weighed(form, language, [weigh(raw, form, language) for raw in questions])


def export(name: str, weighed: Sequence[Weighed]) -> Export:
    """The file of these questions; of several languages a ZIP archive with a file for each. `name`: how the file is
    called, without its ending."""
    files = [
        (f"{name}-{one.language}{one.form.ending}" if one.form.has_language else f"{name}{one.form.ending}", one)
        for one in weighed
    ]
    if len(files) == 1:
        file, one = files[0]
        return Export(file, one.form.media_type, one.form.write(one.written, one.language))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, one in files:
            entry = zipfile.ZipInfo(file, DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, one.form.write(one.written, one.language))
    return Export(f"{name}.zip", "application/zip", packed.getvalue())
