"""Settings come from the environment; secrets are made once and kept from others."""

from __future__ import annotations

from pathlib import Path

import pytest

from lms.core.config import load_secrets, load_settings
from lms.core.errors import Refused


def test_secrets_are_made_once_and_readable_by_the_owner_only(tmp_path: Path) -> None:
    first, second = load_secrets(tmp_path / "secrets"), load_secrets(tmp_path / "secrets")
    assert (first.session, first.encryption, first.lookup) == (second.session, second.encryption, second.lookup)
    assert first.signing.private_bytes_raw() == second.signing.private_bytes_raw()
    assert (tmp_path / "secrets").stat().st_mode & 0o077 == 0
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "secrets").iterdir()} == {0o600}
    assert {path.suffix for path in (tmp_path / "secrets").iterdir()} == {".key"}


def test_every_installation_has_its_own(tmp_path: Path) -> None:
    assert load_secrets(tmp_path / "a").session != load_secrets(tmp_path / "b").session


def test_the_environment_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "PUBLIC_URL", "PORT"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("INSTANCE", str(tmp_path / "new"))
    settings = load_settings()
    assert settings.is_sqlite
    assert settings.database_url.endswith("/new/cascade.db")
    assert settings.public_url == "http://127.0.0.1:8000"
    monkeypatch.setenv("DATABASE_URL", "postgresql://cascade@one,two/lms")
    monkeypatch.setenv("PUBLIC_URL", "https://training.example/")
    settings = load_settings()
    assert settings.database_url.startswith("postgresql+psycopg://cascade@/lms?host=one&host=two&")
    assert settings.public_url == "https://training.example"


@pytest.mark.parametrize("url", ["mysql://root:hidden@host/name", "hidden", "postgresql://u:hidden@host:port/name"])
def test_a_database_that_is_not_known_is_told_without_what_may_be_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("INSTANCE", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(Refused, match="Write it as in postgresql://user@host/name") as refused:
        load_settings()
    assert ":hidden" not in refused.value.sentence
