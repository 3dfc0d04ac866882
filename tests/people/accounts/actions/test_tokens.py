"""Access tokens: shown once, kept as digests, limited in scope, number and time."""

from datetime import timedelta

import pytest

from guildry.kernel import clock, crypto, errors
from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts import actions, events, queries, rules
from guildry.people.accounts.models import AccessToken, Member
from tests.people.accounts.facts import published


def issue(member: Member, *scopes: str, days: int = 30, name: str = "Backup script") -> actions.IssuedToken:
    return actions.issue_token(member, name=name, scopes=scopes or ("read",), days=days)


def test_a_token_is_shown_once_and_kept_as_a_digest(ada: Member) -> None:
    issued = issue(ada, "timeline.read", "me.read", "me.read")

    stored = AccessToken.objects.get()
    assert issued.secret.startswith("gld_")
    assert len(issued.secret) == 47
    assert issued.secret not in str(vars(stored))
    assert stored.digest == crypto.digest(issued.secret)
    assert (stored.prefix, stored.scopes) == (issued.secret[:10], ["me.read", "timeline.read"])
    assert stored.expires_at - stored.created_at == timedelta(days=30)
    assert stored.last_used_at is None
    assert published(events.TokenIssued) == [events.TokenIssued(ada.pk, stored.pk)]


def test_everything_wrong_with_a_token_is_named_at_once(ada: Member) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        actions.issue_token(ada, name=" ", scopes=["admin"], days=31)

    assert [error.field for error in refusal.value.errors] == ["name", "scopes", "days"]
    assert AccessToken.objects.count() == 0


@pytest.mark.parametrize("scopes", [(), ("read", "nonsense!")])
def test_a_token_needs_scopes_that_exist(scopes: tuple[str, ...], ada: Member) -> None:
    with pytest.raises(errors.Invalid):
        actions.issue_token(ada, name="Script", scopes=scopes, days=30)


def test_a_scope_for_an_area_that_does_not_exist_is_refused(ada: Member) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        issue(ada, "nowhere.read")

    assert [error.field for error in refusal.value.errors] == ["scopes"]


def test_the_system_has_no_tokens(db: None) -> None:
    with pytest.raises(errors.Unauthenticated):
        actions.issue_token(SYSTEM, name="Script", scopes=["read"], days=30)


def test_a_member_has_a_handful_of_tokens(ada: Member, ben: Member) -> None:
    for _ in range(rules.TOKENS_PER_MEMBER):
        issue(ada)

    with pytest.raises(actions.TooManyTokens):
        issue(ada)
    issue(ben)
    actions.revoke_token(ada, token_id=queries.tokens_of(ada)[0].pk)
    issue(ada)

    assert len(queries.tokens_of(ada)) == rules.TOKENS_PER_MEMBER


def test_tokens_that_ran_out_leave_room_for_new_ones(ada: Member) -> None:
    with clock.at(clock.now() - timedelta(days=8)):
        for _ in range(rules.TOKENS_PER_MEMBER):
            issue(ada, days=7)

    issue(ada)

    assert AccessToken.objects.filter(expires_at__gt=clock.now()).count() == 1


def test_a_revoked_token_stops_at_once(ada: Member) -> None:
    issued = issue(ada)
    actions.revoke_token(ada, token_id=issued.token.pk)

    assert queries.authenticate_token(issued.secret) is None
    assert published(events.TokenRevoked) == [events.TokenRevoked(ada.pk, issued.token.pk)]
    with pytest.raises(errors.NotFound):
        actions.revoke_token(ada, token_id=issued.token.pk)


def test_nobody_revokes_the_token_of_another(ada: Member, ben: Member) -> None:
    issued = issue(ada)

    with pytest.raises(errors.NotFound):
        actions.revoke_token(ben, token_id=issued.token.pk)
    assert queries.authenticate_token(issued.secret) is not None


def test_the_system_ends_a_token_for_whoever_looks_after_accounts(ada: Member) -> None:
    issued = issue(ada)

    actions.revoke_token(SYSTEM, token_id=issued.token.pk)

    assert queries.authenticate_token(issued.secret) is None


def test_last_use_is_noted_at_most_once_a_minute(ada: Member) -> None:
    token = issue(ada).token
    start = clock.now()
    for seconds in (0, 30, 59, 60):
        actions.touch_token(SYSTEM, token_id=token.pk, used_at=start + timedelta(seconds=seconds))

    token.refresh_from_db()
    assert token.last_used_at == start + timedelta(seconds=60)


def test_a_token_in_force_names_its_holder_in_one_query(
    ada: Member, django_assert_num_queries: object
) -> None:
    issued = issue(ada, "me.read")

    with django_assert_num_queries(1):  # type: ignore[operator]
        holder = queries.authenticate_token(issued.secret)

    assert holder is not None
    assert (holder.member, holder.token_id, holder.scopes) == (ada, issued.token.pk, ("me.read",))
    assert holder.member.email == ada.email


def test_a_token_of_nobody_does_nothing(ada: Member) -> None:
    issued = issue(ada, days=7)

    assert queries.authenticate_token("gld_made-up") is None
    with clock.at(clock.now() + timedelta(days=7)):
        assert queries.authenticate_token(issued.secret) is None
    Member.objects.filter(pk=ada.pk).update(is_active=False)
    assert queries.authenticate_token(issued.secret) is None
