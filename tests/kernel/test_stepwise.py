"""Hooks that prove a migration, against models that are there."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Q

from guildry.kernel import stepwise
from guildry.people.accounts.models import Member
from tests.factories.people import make_member

pytestmark = pytest.mark.django_db


def test_counts_that_agree_pass_and_others_say_by_how_much(ada: Member) -> None:
    stepwise.counts_agree("accounts.Member", "accounts.Member")(apps, connection)

    with pytest.raises(AssertionError, match=r"accounts\.Member has 1 rows and network\.Block has 0"):
        stepwise.counts_agree("accounts.Member", "network.Block")(apps, connection)


def test_an_invariant_holds_or_is_broken_by_so_many(ada: Member) -> None:
    make_member("zoe")

    stepwise.holds("accounts.Member", ~Q(handle=""))(apps, connection)
    with pytest.raises(AssertionError, match=r"1 rows of accounts\.Member are otherwise"):
        stepwise.holds("accounts.Member", Q(handle="zoe"))(apps, connection)


def test_a_reference_to_nothing_is_found(ada: Member, ben: Member, django_db_blocker: Any) -> None:
    from guildry.people.network.models import Mute

    mute = Mute.objects.create(muter=ada, muted=ben, **_moment(Mute))
    check = stepwise.no_orphans("network.Mute", "muted")
    check(apps, connection)

    with connection.constraint_checks_disabled():
        Mute.objects.filter(pk=mute.pk).update(muted_id=999_999)
        with pytest.raises(AssertionError, match=r"1 rows of network\.Mute refer in muted to nothing"):
            check(apps, connection)
        Mute.objects.filter(pk=mute.pk).update(muted_id=ben.pk)


def _moment(model: Any) -> dict[str, Any]:
    from guildry.kernel import clock

    return {"created_at": clock.now()} if any(f.name == "created_at" for f in model._meta.fields) else {}
