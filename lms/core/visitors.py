"""What a request says of where it comes from, as far as it is kept: a network and a kind of browser, no device."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

BROWSERS = (
    ("YaBrowser", "Yandex"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
"""Word in what a browser says of itself, and what it is called; the first that fits."""


def browser_of(user_agent: str) -> str:
    """The family of a browser and its system, as `Chrome, Android`; empty when neither is known."""
    said = (next((name for word, name in known if word in user_agent), "") for known in (BROWSERS, SYSTEMS))
    return ", ".join(filter(None, said))


def short_address(address: str) -> str:
    """Which network an address belongs to, not which device: `10.20.30.0`, `2001:db8:7::`; empty when it is none."""
    try:
        whole = ip_address(address)
    except ValueError:
        return ""
    mapped = whole.ipv4_mapped if isinstance(whole, IPv6Address) else None
    whole = mapped or whole
    return str(ip_network((whole, 24 if whole.version == 4 else 48), strict=False).network_address)
