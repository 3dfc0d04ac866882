"""The short way into busy reads answers what the whole way answers."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory

from guildry.community.timeline import actions
from guildry.community.timeline.rules import Composition
from guildry.config.api import api, short
from guildry.people.accounts.models import Member

pytestmark = pytest.mark.django_db


@pytest.fixture
def operation() -> Any:
    return next(found for found in api.operations() if found.view_func.__name__ == "list_posts")


@pytest.mark.parametrize(
    ("query", "is_member", "status"),
    [
        ("", False, 200),
        ("tab=latest", True, 200),
        ("tab=for-you", True, 200),
        ("tab=latest&tab=following&unknown=1", True, 200),
        ("tab=following", False, 401),
        ("tab=nonsense", True, 422),
        ("cursor=nonsense", True, 400),
    ],
)
def test_both_ways_answer_the_same(
    ada: Member, rf: RequestFactory, operation: Any, query: str, is_member: bool, status: int
) -> None:
    actions.publish_post(ada, composition=Composition("We finished the bridge."))
    whole_way = operation.run.args[-1]

    def ask(way: Any) -> HttpResponse:
        request: Any = rf.get(f"/api/v1/timeline/posts?{query}")
        request.user = ada if is_member else AnonymousUser()
        answer: HttpResponse = way(request)
        return answer

    quick, whole = ask(operation.run), ask(whole_way)

    assert (quick.status_code, whole.status_code) == (status, status)
    assert quick.content == whole.content
    assert quick["Content-Type"] == whole["Content-Type"]


def test_what_is_not_open_to_everybody_has_no_short_way() -> None:
    def view() -> None:
        """Asked only by members."""

    view.reads_plainly = dict  # type: ignore[attr-defined]
    guarded = SimpleNamespace(view_func=view, auth_callbacks=[object()], throttle_objects=[])

    with pytest.raises(TypeError, match="view is not open to everybody"):
        short.shorten(api, [guarded])
