"""The console opens the first screen its visitor may see, and stands in the menus of those who may."""

import pytest
from django.test import Client

from guildry.kernel.permissions import PERMISSIONS, StaffRole
from guildry.kernel.points import MODULES
from guildry.people.accounts.models import Member
from guildry.ui.menus import CONSOLE_GROUPS, navigation_for
from tests.factories.pages import text_of
from tests.factories.people import grant

pytestmark = pytest.mark.django_db


def test_whoever_may_see_a_screen_of_the_console_may_enter_it() -> None:
    screens = [module for module in MODULES if "console" in module.placement]

    assert screens
    assert all(
        PERMISSIONS[screen.permission].roles <= PERMISSIONS["console.enter"].roles for screen in screens
    )
    assert {screen.group for screen in screens} <= set(CONSOLE_GROUPS)


@pytest.mark.parametrize("role", sorted(PERMISSIONS["console.enter"].roles))
def test_the_console_opens_a_screen_for_each_role_that_may_enter(
    role: StaffRole, ada: Member, ben: Member, client: Client
) -> None:
    client.force_login(grant(ben, role, by=ada))

    answer = client.get("/ops/", follow=True)

    assert answer.status_code == 200
    assert answer.redirect_chain == [("/ops/health/", 302)]
    assert "Health" in text_of(answer)


def test_the_console_stands_in_the_rail_of_staff_only(ada: Member, ben: Member) -> None:
    operator = grant(ben, StaffRole.OPERATOR, by=ada)

    places = [entry for section in navigation_for(operator, "/ops/health/").rail for entry in section.entries]
    console = next(entry for entry in places if entry.key == "console")

    assert (console.is_current, console.is_around) == (False, True)
    assert not navigation_for(ada, "/").console
    assert all(
        entry.key != "console" for section in navigation_for(ada, "/").rail for entry in section.entries
    )


def test_the_screen_shown_is_marked_in_the_places_of_the_console(
    ada: Member, ben: Member, client: Client
) -> None:
    client.force_login(grant(ben, StaffRole.OPERATOR, by=ada))

    page = client.get("/ops/health/").content.decode()

    assert '<a class="rail-link" href="/ops/health/" aria-current="page">' in page
