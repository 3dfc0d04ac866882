"""What the edge answers with."""

from guildry.platform.perimeter.views.answers import answer
from guildry.platform.perimeter.views.pages import (
    bad_request,
    csp_report,
    csrf_failure,
    forbidden,
    not_found,
    problem,
    problem_list,
    server_error,
)
from guildry.platform.perimeter.views.security import dismissal, reopening, security, violation

__all__ = [
    "answer",
    "bad_request",
    "csp_report",
    "csrf_failure",
    "dismissal",
    "forbidden",
    "not_found",
    "problem",
    "problem_list",
    "reopening",
    "security",
    "server_error",
    "violation",
]
