"""The probes answer as pages too, to anybody, on any host, and nobody keeps what they said."""

import pytest
from django.test import Client

from guildry.platform.health import queries


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/startupz", "/readyz"])
def test_a_probe_answers_as_a_page(path: str) -> None:
    answer = Client().get(path, HTTP_HOST="10.0.0.7")

    status, body = queries.PROBES[path]()
    assert (answer.status_code, answer.content) == (status, body)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_a_probe_changes_nothing_and_takes_no_form() -> None:
    assert Client().post("/healthz").status_code == 405


def test_the_samples_are_those_of_the_sampler() -> None:
    assert [sample.name for sample in queries.samples()] == [
        sample.name for sample in queries.SAMPLER.current()
    ]
