"""Messages for the next page, kept by the browser in a signed cookie."""

from functools import cached_property
from typing import Any
from weakref import proxy

from django.conf import settings
from django.contrib.messages.storage.base import BaseStorage
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.signing import Signer, get_cookie_signer
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class SignedMessages(CookieStorage):
    """Django's cookie storage, bound to our host where the site is secure, and silent while there is nothing to say."""

    def __init__(self, request: HttpRequest, *arguments: Any, **options: Any) -> None:
        # The request holds its messages: holding it too would keep both until the collector comes.
        BaseStorage.__init__(self, proxy(request), *arguments, **options)
        self.cookie_name = "__Host-messages" if settings.SESSION_COOKIE_SECURE else "messages"

    @cached_property
    def signer(self) -> Signer:
        return get_cookie_signer(salt=self.key_salt)

    def _update_cookie(self, encoded_data: str, response: HttpResponseBase) -> None:
        if encoded_data or self.cookie_name in self.request.COOKIES:
            super()._update_cookie(encoded_data, response)  # type: ignore[misc]  # Django keeps it private
