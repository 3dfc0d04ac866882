"""Every way in says who may use it, and means it: guests, members and each staff role call all of them."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from guildry.kernel import permissions
from guildry.kernel.permissions import PERMISSIONS, SecondFactorMissing, StaffRole
from guildry.people.accounts import actions, rules
from guildry.people.accounts.models import Member
from tests.architecture import audiences
from tests.architecture.audiences import MEMBER, PUBLIC, SAFE, Answer, Caller, Entry, Undeclared
from tests.factories.people import grant, make_member

VIEWS, OPERATIONS = audiences.views(), audiences.operations()
# Pages whose own meaning is a refusal or an outage: they greet whoever was turned away, or report on the process.
MEANT = {"/sign-in/suspended/": 403, "/sign-in/service/failed/": 401, "/readyz": 503, "/startupz": 503}
# Pages in the middle of a sign-in send whoever is not in the middle of one back to its beginning.
MIDWAY = {"/sign-in/passkey/", "/sign-in/second-factor/", "/sign-in/service/join/"}


def _of(entries: Iterable[Entry], *kinds: str) -> list[Entry]:
    return [entry for entry in entries if entry.kind in kinds]


def _prove(caller: Caller, entries: Iterable[Entry], is_right: Callable[[Entry, Answer], bool]) -> None:
    """Call every entry by every method; fails with a list of the answers that were not right."""
    wrong = [
        f"{entry.where} {method}: {answer}"
        for entry in entries
        for method in entry.methods
        if not is_right(entry, answer := caller.call(method, entry.url))
    ]
    assert not wrong, "\n" + "\n".join(wrong)


def _is_let_in(entry: Entry, answer: Answer) -> bool:
    if answer.status == MEANT.get(entry.where):
        return True
    is_refused = answer.status in (401, 403) or answer.status >= 500
    return not is_refused and (entry.where in MIDWAY or not answer.leads_to_sign_in)


def _is_led_to_sign_in(entry: Entry, answer: Answer) -> bool:
    """A method that an address does not take at all is refused before anybody is asked who they are."""
    return answer.leads_to_sign_in or answer.status == 405


@pytest.fixture
def ruler(ada: Member) -> Member:
    """A member who holds every staff role, with the second factor that puts them in force."""
    somebody = make_member("ruler")
    for role in StaffRole:
        somebody = grant(somebody, role, by=ada)
    return somebody


def test_everything_says_who_may_use_it() -> None:
    undeclared = []
    for entry in VIEWS + OPERATIONS:
        try:
            assert entry.kind != "permission" or entry.audience in PERMISSIONS, entry.audience
            _ = entry.audience
        except Undeclared as refusal:
            undeclared.append(str(refusal))

    assert undeclared == [], "\n\n".join(undeclared)


def test_a_view_that_says_nothing_is_told_what_to_do() -> None:
    def forgotten(request: object) -> None: ...

    entry = Entry("/forgotten/", "/forgotten/", audiences.marks_of(forgotten))

    with pytest.raises(Undeclared) as refusal:
        _ = entry.audience

    assert "/forgotten/ does not say who may use it" in str(refusal.value)
    assert '@permissions.needs("area.verb")' in str(refusal.value)


def test_a_view_that_says_two_things_is_undeclared_too() -> None:
    @permissions.public
    @permissions.needs("accounts.grant_role")
    def torn(request: object) -> None: ...

    entry = Entry("/torn/", "/torn/", audiences.marks_of(torn))

    with pytest.raises(Undeclared, match=r"It says now: public and accounts\.grant_role"):
        _ = entry.audience


def test_no_address_of_the_api_is_missing_from_the_walk() -> None:
    assert {entry.where.partition(" ")[2] for entry in OPERATIONS} == audiences.api_routes()
    assert len(_of(OPERATIONS, PUBLIC, MEMBER, "permission")) > 60
    assert len(_of(VIEWS, PUBLIC)) > 40
    assert len(_of(VIEWS, MEMBER)) > 60
    assert len(_of(VIEWS, "permission")) > 5


@pytest.mark.django_db
def test_public_pages_let_guests_in() -> None:
    _prove(Caller(), _of(VIEWS, PUBLIC), _is_let_in)


@pytest.mark.django_db
def test_guests_are_led_to_sign_in_everywhere_else() -> None:
    guarded = _of(VIEWS, MEMBER, "permission")

    _prove(Caller(), guarded, _is_led_to_sign_in)
    silent = [
        entry.where
        for entry in guarded
        if not any(Caller().call(method, entry.url).leads_to_sign_in for method in entry.methods)
    ]

    assert silent == [], "Neither method asks who is there."


def test_members_may_enter_whatever_is_for_members(ada: Member) -> None:
    _prove(Caller(ada), _of(VIEWS, PUBLIC, MEMBER), _is_let_in)


def test_staff_roles_close_no_door_to_their_holders(ruler: Member) -> None:
    _prove(Caller(ruler), VIEWS + OPERATIONS, _is_let_in)


def test_members_without_a_permission_are_told_which_one_and_who_grants_it(ada: Member) -> None:
    def is_told(entry: Entry, answer: Answer) -> bool:
        names_it = f"needs the permission {entry.audience}" in answer.text
        return answer.status == 403 and names_it and "An administrator can grant it" in answer.text

    _prove(Caller(ada), _of(VIEWS, "permission"), is_told)


@pytest.mark.parametrize("role", StaffRole)
def test_a_staff_role_opens_exactly_what_its_permissions_name(
    role: StaffRole, ada: Member, ben: Member
) -> None:
    holder = grant(ben, role, by=ada)

    def is_as_declared(entry: Entry, answer: Answer) -> bool:
        if role in PERMISSIONS[entry.audience].roles:
            return _is_let_in(entry, answer)
        return answer.status == 403

    _prove(Caller(holder), _of(VIEWS + OPERATIONS, "permission"), is_as_declared)


@pytest.mark.parametrize("role", StaffRole)
def test_a_staff_role_rests_until_a_second_factor_protects_its_holder(
    role: StaffRole, ada: Member, ben: Member
) -> None:
    grant(ben, role, by=ada).authenticator_set.all().delete()
    resting = Member.objects.get(pk=ben.pk)

    assert (resting.staff_roles, resting.withheld_roles) == (frozenset(), {role})
    for permission in PERMISSIONS:
        refusal = SecondFactorMissing if role in permission.roles else permissions.PermissionMissing
        with pytest.raises(refusal):
            permissions.require(resting, permission.name)
    _prove(Caller(resting), _of(VIEWS, "permission"), lambda entry, answer: answer.status == 403)


@pytest.mark.django_db
def test_the_api_asks_a_guest_who_they_are() -> None:
    def is_asked(entry: Entry, answer: Answer) -> bool:
        challenge = answer.headers.get("WWW-Authenticate")
        return (answer.status, answer.code, challenge) == (401, "unauthenticated", 'Bearer realm="guildry"')

    _prove(Caller(), _of(OPERATIONS, MEMBER, "permission"), is_asked)


@pytest.mark.django_db
def test_the_api_refuses_a_made_up_token() -> None:
    def is_refused(entry: Entry, answer: Answer) -> bool:
        return (answer.status, answer.code) == (401, "token_refused")

    guarded = _of(OPERATIONS, MEMBER, "permission")

    _prove(Caller(token="gld_made-up"), guarded, is_refused)


@pytest.mark.django_db
def test_the_api_answers_guests_what_is_public() -> None:
    _prove(Caller(), _of(OPERATIONS, PUBLIC), _is_let_in)


def test_the_api_takes_members(ada: Member) -> None:
    _prove(Caller(ada), _of(OPERATIONS, PUBLIC, MEMBER), _is_let_in)


def test_a_session_writes_through_the_api_only_with_the_token_of_our_pages(ada: Member) -> None:
    writes = [entry for entry in _of(OPERATIONS, MEMBER, "permission") if entry.methods[0] not in SAFE]

    def is_refused(entry: Entry, answer: Answer) -> bool:
        return (answer.status, answer.code) == (403, "csrf")

    _prove(Caller(ada, checks_csrf=True), writes, is_refused)


def _area(entry: Entry) -> str:
    return entry.url.split("/")[3]


AREAS = sorted({_area(entry) for entry in OPERATIONS})


@pytest.mark.parametrize("area", AREAS)
def test_a_token_does_what_its_scopes_cover_and_needs_no_form_token(area: str, ada: Member) -> None:
    inside = [entry for entry in _of(OPERATIONS, MEMBER) if _area(entry) == area]
    token = actions.issue_token(ada, name="fits", scopes=[f"{area}.read", f"{area}.write"], days=7).secret

    _prove(Caller(token=token, checks_csrf=True), inside, _is_let_in)


def test_a_token_does_nothing_that_its_scopes_leave_out(ada: Member) -> None:
    guarded = _of(OPERATIONS, MEMBER, "permission")
    reads, writes = ([e for e in guarded if (e.methods[0] in SAFE) is safe] for safe in (True, False))
    reader = actions.issue_token(ada, name="reads", scopes=["read"], days=7).secret

    def is_refused(entry: Entry, answer: Answer) -> bool:
        return (answer.status, answer.code) == (403, "scope_missing")

    _prove(Caller(token=reader), writes, is_refused)
    for area in AREAS:
        elsewhere = [other for other in AREAS if other != area]
        scopes = [f"{other}.{verb}" for other in elsewhere for verb in ("read", "write")]
        foreigner = actions.issue_token(ada, name="elsewhere", scopes=scopes, days=7).secret
        _prove(Caller(token=foreigner), [e for e in reads + writes if _area(e) == area], is_refused)


def test_tokens_can_be_limited_to_every_area_of_the_api() -> None:
    assert sorted(rules.AREAS) == AREAS


def test_socket_events_are_for_members_or_for_a_known_permission() -> None:
    loose: list[Any] = [
        (namespace.path, event.name)
        for namespace, event in audiences.socket_events()
        if not (
            {namespace.permission, event.permission} - {""} <= {entry.name for entry in PERMISSIONS}
            and event.shape.__struct_config__.forbid_unknown_fields
            and event.burst > 0
            and event.per_second > 0
        )
    ]

    assert loose == []
    assert len(audiences.socket_events()) >= 1
