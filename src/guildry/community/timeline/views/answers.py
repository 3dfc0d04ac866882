"""How pages answer: back to where the member was, or with the one part that changed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from guildry.community.timeline import queries
from guildry.community.timeline.views.articles import article
from guildry.kernel.permissions import viewer_of
from guildry.ui.pages import render


def see(address: str) -> HttpResponseRedirect:
    """Redirect after a form: the browser asks for the address with GET."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response


def back(request: HttpRequest, fallback: str) -> HttpResponseRedirect:
    """Return to the page the form was on, if it is one of ours."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return see(wanted if is_ours else fallback)


def with_post(request: HttpRequest, post_id: int, message: str = "") -> HttpResponse:
    """Answer with the changed post: to htmx the card it was changed on, to everybody else the page it was on."""
    if request.htmx:  # type: ignore[attr-defined]
        card = request.POST.get("card", "")
        post = queries.post_card(viewer_of(request), int(card) if card.isdecimal() else post_id)
        return render(request, "timeline/_post.html", {"article": article, "post": post})
    if message:
        messages.success(request, message)
    return back(request, reverse("timeline:post", kwargs={"post_id": post_id}))
