"""What the network puts on the pages of profiles."""

from django.http import HttpRequest

from guildry.people.accounts.models import Member
from guildry.people.network import queries
from guildry.people.network.forms import RequestForm
from guildry.people.network.queries import Relation
from guildry.ui import addresses, scene
from guildry.ui.behaviours import hx
from guildry.ui.pages import render


def relation(request: HttpRequest) -> str:
    """The buttons for what one can do about the member; guests are led to the sign-in, nobody meets their own."""
    member: Member = request.subject  # type: ignore[attr-defined]
    viewer = request.user if isinstance(request.user, Member) else None
    if viewer == member:
        return ""
    context = {
        "member": member,
        "relation": queries.relation(viewer, member),
        "size": "full",
        "form": RequestForm(auto_id="request_%s"),
    }
    return render(request, "network/_relation.html", context).content.decode()


def next_step(request: HttpRequest) -> str:
    """The buttons for the next step towards one of the members of a list, who are all asked about at once."""
    viewer = request.user if isinstance(request.user, Member) else None
    member: Member = request.subject  # type: ignore[attr-defined]
    if viewer is None or viewer == member:
        return ""
    known: dict[int, Relation] | None = getattr(request, "relations", None)
    if known is None:
        known = queries.relations(viewer, [other.pk for other in request.subjects])  # type: ignore[attr-defined]
        request.relations = known  # type: ignore[attr-defined]
    context = {"member": member, "relation": known[member.pk], "size": "", "form": None}
    return render(request, "network/_relation.html", context).content.decode()


def nearby(request: HttpRequest) -> str:
    """Where people one may know appear once it is looked at, so that the page itself asks for nobody."""
    if not isinstance(request.user, Member):
        return ""
    with scene.with_nonce(request.csp_nonce):  # type: ignore[attr-defined]
        return f"<div {hx(get=addresses.url('network:nearby'), trigger='intersect once', swap='outerHTML')}></div>"


def counts(request: HttpRequest) -> str:
    """How large the member's network is, with the way to the lists for the member."""
    member: Member = request.subject  # type: ignore[attr-defined]
    context = {"member": member, "counts": queries.counts_of(member.pk)}
    return render(request, "network/_counts.html", context).content.decode()
