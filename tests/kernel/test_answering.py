"""Headers put straight into the store are the ones Django itself would keep."""

from django.http import HttpResponse

from guildry.kernel import answering


def test_a_header_put_is_the_header_django_sets() -> None:
    ours, theirs = HttpResponse(), HttpResponse()

    answering.put(ours, "X-Request-Id", "abc")
    theirs.headers["X-Request-Id"] = "abc"

    assert list(ours.items()) == list(theirs.items())
    assert ours["x-request-id"] == "abc"


def test_what_a_response_already_says_is_kept() -> None:
    response = HttpResponse(headers={"Cache-Control": "no-store"})

    answering.put_missing(response, answering.prepared({"cache-control": "private", "X-Frame": "none"}))

    assert (response["Cache-Control"], response["X-Frame"]) == ("no-store", "none")
    assert answering.has(response, "x-frame")
    assert not answering.has(response, "x-other")


def test_what_a_response_depends_on_is_added_once() -> None:
    response = HttpResponse()

    answering.vary_on(response, "Accept", "Cookie")
    answering.vary_on(response, "Cookie", "Authorization")

    assert response["Vary"] == "Accept, Cookie, Authorization"
