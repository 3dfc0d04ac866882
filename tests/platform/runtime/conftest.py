"""Keys of their own, and two people who may change them."""

import pytest

from guildry.kernel.permissions import StaffRole
from guildry.people.accounts.models import Member
from tests.factories.runtime import make_staff, use_own_registry


@pytest.fixture(autouse=True)
def own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    use_own_registry(monkeypatch)


@pytest.fixture
def olu(db: None) -> Member:
    return make_staff("olu")


@pytest.fixture
def ines(db: None) -> Member:
    return make_staff("ines", StaffRole.ADMINISTRATOR)
