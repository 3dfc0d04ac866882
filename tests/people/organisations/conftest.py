"""Every test begins with fresh allowances."""

import pytest

from guildry.kernel import limits


@pytest.fixture(autouse=True)
def fresh_allowances() -> None:
    limits.use_store(limits.LocalStore())
