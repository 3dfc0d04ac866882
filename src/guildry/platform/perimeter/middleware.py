"""What happens around every request: security headers, and refusals turned into answers."""

import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from guildry.kernel import errors

Handler = Callable[[HttpRequest], HttpResponse]

_POLICY = (
    "default-src 'none'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'; "
    "script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; media-src 'self' blob:; manifest-src 'self'; worker-src 'self'; "
    "require-trusted-types-for 'script'; trusted-types htmx app-sw; report-uri /csp-report"
)


def headers(get_response: Handler) -> Handler:
    """Give each request a nonce and each response the policy that names it."""

    def handle(request: HttpRequest) -> HttpResponse:
        request.csp_nonce = nonce = secrets.token_urlsafe(16)  # type: ignore[attr-defined]
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", _POLICY.format(nonce=nonce))
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return handle


class refusals:  # noqa: N801 - Django names middleware by its dotted path, like a function
    """Answer a DomainError raised by a view with the error page or problem of its kind."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, errors.DomainError):
            return None
        return HttpResponse(exception.message, status=exception.problem.status)
