"""The JSON API: every router under one version, one shape of refusal, and the document that describes it."""

from django.http import Http404
from ninja.errors import HttpError, ValidationError

from guildry.community.timeline.api import router as timeline
from guildry.config.api.document import DescribedAPI
from guildry.config.api.reading import StrictParser
from guildry.config.api.short import shorten
from guildry.people.accounts.api import router as accounts
from guildry.people.accounts.api import signed_in
from guildry.people.network.api import router as network
from guildry.people.notifications.api import router as notifications
from guildry.people.organisations.api import router as organisations
from guildry.people.profiles.api import router as profiles
from guildry.platform.files.api import router as files
from guildry.platform.perimeter.views import answer
from guildry.platform.realtime.api import router as realtime

api = DescribedAPI(
    title="Guildry", version="1.0.0", docs_url=None, openapi_url=None, auth=signed_in, parser=StrictParser()
)
api.add_router("", accounts)
api.add_router("/people", profiles)
api.add_router("/organisations", organisations)
api.add_router("/network", network)
api.add_router("/timeline", timeline)
api.add_router("/notifications", notifications)
api.add_router("/files", files)
api.add_router("/realtime", realtime)

for kind in (Exception, Http404, HttpError, ValidationError):
    api.add_exception_handler(kind, answer)
shorten(api, api.operations())
