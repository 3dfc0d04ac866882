"""Whole-product pages."""

from datetime import timedelta
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_GET

from guildry.kernel import clock, runtime
from guildry.kernel.permissions import MemberRequest, needs, public
from guildry.site import queries
from guildry.ui import gallery, menus
from guildry.ui.pages import render

# Less than a year, as RFC 9116 asks; it is written anew with every answer.
VALID_FOR = timedelta(days=180)
HATS = (
    ("freelancer", "user-round", "Freelancers", "Show the work, the rate and when you are free.", "brand"),
    ("client", "building-2", "Clients", "Find people whose skills you can check.", "accent"),
    ("job_seeker", "briefcase", "Job seekers", "Be found by what you can do, not by keywords.", "success"),
    ("mentor", "graduation-cap", "Mentors", "Say what you teach and answer where people ask.", "brand"),
    ("volunteer", "heart-handshake", "Volunteers", "Lend a hand, and have it seen.", "danger"),
    ("organiser", "users-round", "Organisers", "Bring chapters and organisations together.", "warning"),
)


@public
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Welcome a guest; take a member to the Timeline."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(reverse("timeline:home"))
    structured = {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": "Guildry",
        "url": f"{settings.ORIGIN}/",
        "potentialAction": {
            "@type": "SearchAction",
            "target": f"{settings.ORIGIN}{reverse('ui:palette')}?q={{search}}",
            "query-input": "required name=search",
        },
    }
    context: dict[str, Any] = {"people": gallery.PEOPLE, "guilds": gallery.GUILDS, "hats": HATS}
    return render(request, "site/home.html", context | {"structured": structured})


@needs("console.enter")
@require_GET
def console(request: MemberRequest) -> HttpResponse:
    """Open the first screen of the console that this member may see."""
    first = menus.navigation_for(request.user, request.path).console[0].entries[0]
    return HttpResponseRedirect(first.url)


@public
@require_GET
def licences(request: HttpRequest) -> HttpResponse:
    context = {"parts": queries.vendored_parts(), "packages": queries.installed_packages()}
    return render(request, "site/licences.html", context)


@public
@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    return render(request, "site/offline.html")


@public
@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """Describe the site to devices that install it."""
    described = {
        "name": "Guildry",
        "short_name": "Guildry",
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#fafafc",
        "theme_color": "#3f48d6",
        "icons": [{"src": static("ui/logo.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
    }
    return JsonResponse(described, content_type="application/manifest+json")


@public
@require_GET
def robots(request: HttpRequest) -> HttpResponse:
    kept_out = "".join(
        f"Disallow: {path}\n"
        for path in ("/settings/", "/network/", "/notifications/", "/ops/", "/ui/palette/")
    )
    # Whoever may list nothing still has to read the header that says so.
    guide = f"Sitemap: {settings.ORIGIN}/sitemap.xml\n" if runtime.value("site.is_indexed") else ""
    return HttpResponse(f"User-agent: *\n{kept_out}{guide}", content_type="text/plain; charset=utf-8")


@public
@require_GET
def sitemap(request: HttpRequest) -> HttpResponse:
    """List the pages of the site that are open to everybody."""
    paths = ["/", *(menus.address_of(module.url_name) for module in menus.visible_modules(None))]
    entries = "".join(f"<url><loc>{settings.ORIGIN}{path}</loc></url>" for path in dict.fromkeys(paths))
    body = (
        '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    )
    return HttpResponse(f"{body}{entries}</urlset>", content_type="application/xml")


@public
@require_GET
def security_contact(request: HttpRequest) -> HttpResponse:
    """Say where to report a weakness (RFC 9116)."""
    _, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    expires = (clock.now() + VALID_FOR).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = (
        f"Contact: mailto:{address}",
        f"Expires: {expires.isoformat()}",
        "Preferred-Languages: en",
        f"Canonical: {settings.ORIGIN}{reverse('site:security_contact')}",
    )
    return HttpResponse("".join(f"{line}\n" for line in lines), content_type="text/plain; charset=utf-8")


@public
@require_GET
def favicon(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(static("ui/logo.svg"))
