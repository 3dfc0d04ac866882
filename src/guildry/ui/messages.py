"""Messages for the next page, kept by the browser in a signed cookie."""

from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class SignedMessages(CookieStorage):
    """Django's cookie storage, bound to our host where the site is secure, and silent while there is nothing to say."""

    def __init__(self, request: HttpRequest, *arguments: Any, **options: Any) -> None:
        super().__init__(request, *arguments, **options)
        self.cookie_name = "__Host-messages" if settings.SESSION_COOKIE_SECURE else "messages"

    def _update_cookie(self, encoded_data: str, response: HttpResponseBase) -> None:
        if encoded_data or self.cookie_name in self.request.COOKIES:
            super()._update_cookie(encoded_data, response)  # type: ignore[misc]  # Django keeps it private
