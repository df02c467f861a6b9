"""What elections are called."""

from __future__ import annotations


def election_names(year: int) -> dict[str, str]:
    """The plain name of an election by language."""
    return {"kk": f"{year} ж. сайлауы", "ru": f"Выборы {year} г.", "en": f"Election of {year}"}
