"""What browsers are told with every answer, and whether all of it is."""

from collections.abc import Mapping
from dataclasses import dataclass

_DIRECTIVES = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "script-src": "'self' 'nonce-{nonce}'",
    "style-src": "'self' 'nonce-{nonce}'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "media-src": "'self' blob:",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "htmx app-sw",
}
_PAGE_POLICY = "; ".join(f"{name} {sources}" for name, sources in _DIRECTIVES.items())

# Nothing here uses these, so no script that slips in may either.
_DENIED = (
    "accelerometer autoplay browsing-topics camera compute-pressure "
    "cross-origin-isolated display-capture encrypted-media gamepad geolocation gyroscope hid idle-detection "
    "local-fonts magnetometer microphone midi payment picture-in-picture "
    "screen-wake-lock serial storage-access usb "
    "window-management xr-spatial-tracking"
)

STANDING_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _DENIED.split()),
}
STRICT_TRANSPORT = "max-age=63072000; includeSubDomains"
ENFORCE, REPORT_ONLY = "enforce", "report-only"
POLICY_HEADERS = {
    ENFORCE: "Content-Security-Policy",
    REPORT_ONLY: "Content-Security-Policy-Report-Only",
}


def content_policy(nonce: str, *, secure: bool) -> str:
    """Return the Content-Security-Policy of a page; `secure` says that the site is served over https."""
    policy = _PAGE_POLICY.format(nonce=nonce)
    if secure:
        return f"{policy}; upgrade-insecure-requests; report-uri /csp-report; report-to csp"
    return f"{policy}; report-uri /csp-report"


def standing_headers(*, origin: str, mode: str, is_indexed: bool = True) -> dict[str, str]:
    """Return the headers of every answer besides its policy; `origin` is empty unless the site is served over https.

    Under report-only the policy forbids nothing, so framing is refused apart.
    """
    chosen = dict(STANDING_HEADERS)
    if not is_indexed:
        chosen["X-Robots-Tag"] = "noindex, nofollow"
    if mode == REPORT_ONLY:
        chosen["X-Frame-Options"] = "DENY"
    if origin:
        chosen["Strict-Transport-Security"] = STRICT_TRANSPORT
        chosen["Reporting-Endpoints"] = f'csp="{origin}/csp-report"'
    return chosen


def site_headers(nonce: str, *, secure: bool, origin: str, mode: str) -> dict[str, str]:
    """Return the headers of every answer, its policy among them."""
    policy = {POLICY_HEADERS[mode]: content_policy(nonce, secure=secure)}
    return policy | standing_headers(origin=origin if secure else "", mode=mode)


@dataclass(frozen=True)
class HeaderCheck:
    """One thing a browser should be told, whether it is, and what it guards against."""

    header: str
    wanted: str
    guards: str
    is_met: bool


def header_checks(headers: Mapping[str, str], *, secure: bool) -> list[HeaderCheck]:
    """Compare what answers say with what browsers should be told, one entry a demand."""
    policy = headers.get("Content-Security-Policy", "")
    directives = {part.split(" ")[0]: part for part in policy.split("; ") if part}
    scripts, denied = directives.get("script-src", ""), headers.get("Permissions-Policy", "")
    found = [
        ("Content-Security-Policy", "enforced", "anything that slips into a page", bool(policy)),
        ("Content-Security-Policy", "default-src 'none'", "sources nobody thought of", _is(directives, "default-src")),
        ("Content-Security-Policy", "script-src with a nonce, nothing unsafe", "injected scripts",
         "'nonce-" in scripts and "unsafe" not in policy),
        ("Content-Security-Policy", "object-src, base-uri 'none'", "plugins and rewritten links",
         _is(directives, "object-src") and _is(directives, "base-uri")),
        ("Content-Security-Policy", "frame-ancestors 'none'", "clicks stolen by a frame", _is(directives, "frame-ancestors")),
        ("Content-Security-Policy", "require-trusted-types-for 'script'", "scripts made from text",
         "require-trusted-types-for" in directives),
        ("Content-Security-Policy", "report-uri", "violations nobody hears of", "report-uri" in directives),
        ("X-Content-Type-Options", "nosniff", "files run as what they are not", headers.get("X-Content-Type-Options") == "nosniff"),
        ("Referrer-Policy", "strict-origin-when-cross-origin", "addresses told to other sites",
         headers.get("Referrer-Policy") == "strict-origin-when-cross-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin", "windows of other sites", headers.get("Cross-Origin-Opener-Policy") == "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin", "answers read by other sites",
         headers.get("Cross-Origin-Resource-Policy") == "same-origin"),
        ("Permissions-Policy", "camera, microphone and location denied", "devices used unasked",
         all(f"{name}=()" in denied for name in ("camera", "microphone", "geolocation"))),
        ("Strict-Transport-Security", "at least a year, on https", "a first visit without encryption",
         secure and headers.get("Strict-Transport-Security") == STRICT_TRANSPORT),
    ]  # fmt: skip
    return [HeaderCheck(*row) for row in found]


def _is(directives: Mapping[str, str], name: str) -> bool:
    return directives.get(name) == f"{name} 'none'"
