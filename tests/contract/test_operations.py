"""Every operation of the document, called with generated data as guest, with a token and with a session."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from guildry.config.api import api
from guildry.config.wsgi import application
from guildry.kernel import limits
from tests.contract.conftest import World

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
schema = schemathesis.openapi.from_dict(copy.deepcopy(api.document))
schema.config.generation.update(with_security_parameters=False)
schema.config.phases.coverage.enabled = False
schema.app = application


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """Keep the connection of the test's transaction, which the server would close after each request."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(
    max_examples=5,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_an_operation_answers_as_the_document_says(case: Any, world: World) -> None:
    for credentials in ({}, {"Authorization": f"Bearer {world.token}"}, world.browser):
        limits.forget_all()
        answer = case.call(headers=credentials)
        case.validate_response(answer, checks=CHECKS)
        lead_somewhere(case, world)


def lead_somewhere(case: Any, world: World) -> None:
    """Point the rest of the calls at rows that are there."""
    named = dict(case.path_parameters or {})
    for name in named:
        named[name] = world.parts.get(name, named[name])
    if "handle" in named and case.operation.path.startswith(
        ("/api/v1/organisations/", "/api/v1/timeline/organisations/")
    ):
        named["handle"] = world.parts["organisation_handle"]
    if case.operation.path.endswith("/vote"):
        named["post_id"] = world.parts["poll_post_id"]
    case.path_parameters = named
