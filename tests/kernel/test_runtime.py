"""What is in force is read from memory, and replaced as a whole or not at all."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from guildry.kernel import points, runtime
from tests.kernel.configuration.test_declaration import make_setting

KEY = "http.rate.login_per_min"


@pytest.fixture(autouse=True)
def own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = points.Settings()
    points.ALL_POINTS.remove(registry)
    registry.register(make_setting())
    monkeypatch.setattr(runtime, "RUNTIME_SETTINGS", registry)
    monkeypatch.setattr(runtime, "_values", {})


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    seen: list[Any] = []
    monkeypatch.setattr(runtime, "_preparations", {})

    def prepare(values: Mapping[str, Any]) -> runtime.Commit:
        if values.get(KEY) == 13:
            raise ValueError("thirteen")
        return lambda: seen.append(values.get(KEY))

    runtime.prepare_with(runtime.Preparation("test", prepare))
    return iter([seen])


def test_the_default_holds_until_something_else_is_in_force() -> None:
    assert runtime.value(KEY) == 10

    runtime.use({KEY: 20})

    assert runtime.value(KEY) == 20
    assert runtime.in_force() == {KEY: 20}


def test_an_unknown_key_is_an_error_of_the_program() -> None:
    with pytest.raises(KeyError):
        runtime.value("http.rate.logins")


def test_tests_flip_a_value_for_a_while() -> None:
    with runtime.overridden({KEY: 30}):
        assert runtime.value(KEY) == 30

    assert runtime.value(KEY) == 10


@pytest.mark.parametrize(("values", "error"), [({"a.b": 1}, KeyError), ({KEY: "30"}, TypeError)])
def test_a_flip_of_the_wrong_kind_is_refused(values: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error), runtime.overridden(values):
        pass


def test_whoever_prepares_hears_of_new_values(prepared: Iterator[list[Any]]) -> None:
    runtime.use({KEY: 20})

    assert next(prepared) == [20]


def test_values_somebody_cannot_prepare_for_leave_the_old_ones(prepared: Iterator[list[Any]]) -> None:
    runtime.use({KEY: 20})

    with pytest.raises(ValueError, match="thirteen"):
        runtime.use({KEY: 13})

    assert runtime.value(KEY) == 20
    assert next(prepared) == [20]


def test_two_cannot_prepare_under_one_name(prepared: Iterator[list[Any]]) -> None:
    with pytest.raises(ValueError, match="prepares already"):
        runtime.prepare_with(runtime.Preparation("test", lambda values: lambda: None))
