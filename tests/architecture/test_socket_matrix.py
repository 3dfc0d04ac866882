"""Every socket namespace and event lets in whom it names: a guest, a member and staff connect for real."""

from collections.abc import Iterator

import pytest

from guildry.kernel.points import NAMESPACES
from tests.architecture import audiences
from tests.platform.realtime.client import Client, Refused, connected
from tests.platform.realtime.town import Town, founded

pytestmark = pytest.mark.processes
PATHS = sorted(namespace.path for namespace in NAMESPACES)
SHUT = {"unauthenticated", "forbidden", "permission_missing", "unknown_event", "unknown_namespace"}
# Ben holds every staff role, with the second factor that puts them in force.
APPOINT = """
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from guildry.kernel.permissions import SYSTEM, StaffRole
from guildry.people.accounts import actions, queries
ben = queries.member_by_handle("ben")
TOTP.activate(ben, generate_totp_secret())
for role in StaffRole:
    actions.grant_role(SYSTEM, member_id=ben.pk, role=role, reason="To test")
"""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    running = founded(tmp_path_factory.mktemp("sockets"))
    running.run(APPOINT)
    running.start()
    yield running
    running.end()


async def join(client: Client, path: str) -> str:
    """Join a namespace; returns why not, or nothing."""
    try:
        await client.join(path)
    except Refused as refusal:
        return refusal.code
    return ""


async def test_guests_enter_no_namespace(town: Town) -> None:
    async with connected(town.origin) as client:
        answers = {path: await join(client, path) for path in PATHS}

    assert answers == dict.fromkeys(PATHS, "unauthenticated")


async def test_members_enter_what_needs_no_permission(town: Town) -> None:
    async with connected(town.origin, cookie=town.people["ada"].session) as client:
        answers = {path: await join(client, path) for path in PATHS}

    assert answers == {
        namespace.path: "permission_missing" if namespace.permission else "" for namespace in NAMESPACES
    }


async def test_holders_of_every_role_enter_all(town: Town) -> None:
    async with connected(town.origin, cookie=town.people["ben"].session) as client:
        assert {path: await join(client, path) for path in PATHS} == dict.fromkeys(PATHS, "")


@pytest.mark.parametrize("who", ["ada", "ben"])
async def test_an_event_is_open_to_whom_it_names(who: str, town: Town) -> None:
    wrong = []
    async with connected(town.origin, cookie=town.people[who].session) as client:
        for namespace, event in audiences.socket_events():
            needed = namespace.permission or event.permission
            if who == "ada" and namespace.permission:
                continue
            await join(client, namespace.path)
            answer = await client.ask(namespace.path, event.name, {})
            code = "" if answer["ok"] else answer["code"]
            is_right = code == "permission_missing" if needed and who == "ada" else code not in SHUT
            wrong += [] if is_right else [f"{namespace.path} {event.name}: {code}"]

    assert wrong == []


async def test_an_event_of_one_namespace_is_unknown_in_another(town: Town) -> None:
    known = {(namespace.path, event.name) for namespace, event in audiences.socket_events()}
    strange = sorted({(path, name) for path in PATHS for _, name in known} - known)
    async with connected(town.origin, cookie=town.people["ben"].session) as client:
        for path in PATHS:
            await client.join(path)
        codes = {(await client.ask(path, name, {}))["code"] for path, name in strange}

    assert codes == {"unknown_event"}
