"""Where this program may ask, and how much of an answer it takes."""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

MOST_REDIRECTS = 3
MOST_PAGE_BYTES = 512 * 1024
CONNECT_SECONDS, READ_SECONDS = 3.0, 5.0
PORTS = {"http": 80, "https": 443}
MOST_URL = 2000


def is_askable(url: str) -> bool:
    """Tell whether an address is plain http or https on its usual port, with no credentials in it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return len(url) <= MOST_URL and _is_plain(parts) and port in (None, PORTS[parts.scheme])


def is_public(address: str) -> bool:
    """Tell whether an IP address belongs to the open internet, also when it hides in an IPv6 one."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or _nat64(ip)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def charset_in(content_type: str) -> str:
    """Return the encoding a Content-Type names, or UTF-8."""
    found = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", content_type, re.IGNORECASE)
    return found[1] if found else "utf-8"


def _is_plain(parts: SplitResult) -> bool:
    return (
        parts.scheme in PORTS and bool(parts.hostname) and parts.username is None and parts.password is None
    )


def _nat64(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if ip in ipaddress.ip_network("64:ff9b::/96"):
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return None
