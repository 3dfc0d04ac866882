"""Proofs of forms are what Django itself would take, and each is another one."""

import pytest
from django.http import HttpRequest
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CsrfViewMiddleware, _does_token_match

from guildry.ui.proofs import proof_for


def asking(secret: str = "") -> HttpRequest:
    request = HttpRequest()
    if secret:
        request.META["CSRF_COOKIE"] = secret
    return request


@pytest.mark.parametrize("secret", [CSRF_ALLOWED_CHARS[:32], CSRF_ALLOWED_CHARS[30:], 32 * "9", 32 * "a"])
def test_every_mask_of_a_secret_proves_it(secret: str) -> None:
    proofs = [proof_for(asking(secret)) for _ in range(50)]

    assert all(_does_token_match(proof, secret) for proof in proofs)
    assert not any(_does_token_match(proof, 32 * "b") for proof in proofs)
    assert len(set(proofs)) == 50


def test_a_form_with_the_proof_is_taken() -> None:
    secret = CSRF_ALLOWED_CHARS[10:42]
    request = HttpRequest()
    request.method, request.COOKIES["csrf"] = "POST", secret
    request.POST = {"csrfmiddlewaretoken": proof_for(asking(secret))}  # type: ignore[assignment]

    middleware = CsrfViewMiddleware(lambda request: None)  # type: ignore[arg-type, return-value]

    assert middleware.process_view(request, test_a_form_with_the_proof_is_taken, (), {}) is None


def test_who_has_no_secret_gets_one_with_its_cookie_and_who_has_one_keeps_it() -> None:
    new, known = asking(), asking(32 * "k")

    assert _does_token_match(proof_for(new), new.META["CSRF_COOKIE"])
    proof_for(known)

    assert new.META["CSRF_COOKIE_NEEDS_UPDATE"]
    assert "CSRF_COOKIE_NEEDS_UPDATE" not in known.META
