"""Where a request comes from is kept as a network and a kind of browser."""

from __future__ import annotations

import pytest

from lms.core.visitors import browser_of, short_address


@pytest.mark.parametrize(
    ("said", "browser"),
    [
        (
            "Mozilla/5.0 (Linux; Android 9; SM-A105F) Chrome/96.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 15_0 like Mac OS X) Version/15.0 Mobile Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/120.0 YaBrowser/24.1 Safari/537.36", "Yandex, Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537.36 Edg/120.0", "Edge, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox, Linux"),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_a_browser_is_named_by_its_family(said: str, browser: str) -> None:
    assert browser_of(said) == browser


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.20.30.40", "10.20.30.0"),
        ("2001:db8:7:1:2:3:4:5", "2001:db8:7::"),
        ("::ffff:10.20.30.40", "10.20.30.0"),
        ("not an address", ""),
        ("", ""),
    ],
)
def test_an_address_is_kept_as_its_network(address: str, network: str) -> None:
    assert short_address(address) == network
