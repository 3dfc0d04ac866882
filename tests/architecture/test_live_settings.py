"""Every key that may change while the site runs is flipped by a test that sees what becomes of it."""

import ast
import re
from fnmatch import fnmatch
from functools import cache

from guildry.kernel.points import RUNTIME_SETTINGS
from tools import steps

LIVE, ALERTS = "tests/config/test_live_settings.py", "tests/ops/alerts"
BACKUPS, SWITCHES = "tests/ops/backups", "tests/config/test_live_switches.py"
LIMIT = f"{LIVE}::test_a_limit_holds_from_the_next_act_on"
KEPT = f"{LIVE}::test_what_is_kept_goes_when_its_time_gets_shorter"
MAIL_ALERT = f"{ALERTS}/test_measurements.py::test_mail_that_is_refused_or_waits"
FACTS_ALERT = f"{ALERTS}/test_measurements.py::test_facts_that_are_late_or_were_given_up"
JOBS_ALERT = f"{ALERTS}/test_measurements.py::test_jobs_that_wait_or_were_given_up"
GOVERNANCE = "tests/ops/governance"
KEPT_BY_CLASS = f"{GOVERNANCE}/test_retention.py::test_how_long_things_are_kept_is_a_setting"
SHARING = "tests/platform/perimeter/test_sharing.py"
WINDOWS = "tests/platform/realtime/test_windows.py::test_windows_are_counted_against_the_limits_in_force"
FLIPPED_BY = {
    "accounts.codes_sent": LIMIT,
    "accounts.sign_in_tries": LIMIT,
    "accounts.tokens_most": LIMIT,
    "alerts.certificate_days": f"{ALERTS}/test_measurements.py::test_a_certificate_is_read_only_where_there_is_one",
    "alerts.disk_free": f"{ALERTS}/test_measurements.py::test_room_on_the_disk",
    "alerts.errors_per_minute": f"{ALERTS}/test_measurements.py::test_a_rate_of_failures",
    "alerts.facts_dead": FACTS_ALERT,
    "alerts.facts_lag": FACTS_ALERT,
    "alerts.mail": f"{ALERTS}/test_delivering.py::test_mail_can_be_switched_off",
    "alerts.mail_refused": MAIL_ALERT,
    "alerts.mail_waiting": MAIL_ALERT,
    "alerts.private_hosts": f"{ALERTS}/test_delivering.py::test_a_webhook_carries_the_alert_and_proves_where_it_comes_from",
    "alerts.push": f"{ALERTS}/test_delivering.py::test_push_can_be_switched_off",
    "alerts.queue_age": JOBS_ALERT,
    "alerts.queue_dead": JOBS_ALERT,
    "alerts.recovery_samples": f"{ALERTS}/test_standing.py::test_settings_say_how_many_readings_it_takes",
    "alerts.report_kinds": f"{ALERTS}/test_measurements.py::test_new_kinds_of_reports",
    "alerts.samples": f"{ALERTS}/test_standing.py::test_settings_say_how_many_readings_it_takes",
    "alerts.webhook": f"{ALERTS}/test_delivering.py::test_a_webhook_carries_the_alert_and_proves_where_it_comes_from",
    "backup.drill_every": f"{BACKUPS}/test_tasks.py::test_how_often_a_drill_is_due_is_a_setting",
    "backup.every": f"{BACKUPS}/test_making.py::test_the_next_backup_is_due_when_the_newest_proven_one_is_old_enough",
    "backup.folder": f"{BACKUPS}/test_making.py::test_another_folder_is_used_when_it_is_set",
    "backup.keep_days": f"{BACKUPS}/test_keeping.py::test_each_setting_of_retention_keeps_what_it_says",
    "backup.keep_months": f"{BACKUPS}/test_keeping.py::test_each_setting_of_retention_keeps_what_it_says",
    "backup.keep_weeks": f"{BACKUPS}/test_keeping.py::test_each_setting_of_retention_keeps_what_it_says",
    "backup.log": f"{BACKUPS}/test_following.py::test_whether_a_log_is_kept_is_a_setting",
    "backup.log_days": f"{BACKUPS}/test_keeping.py::test_the_log_goes_when_its_days_are_over",
    "backup.max_age": f"{BACKUPS}/test_tasks.py::test_health_fails_when_backup_or_drill_is_too_old",
    "backup.max_drill_age": f"{BACKUPS}/test_tasks.py::test_health_fails_when_backup_or_drill_is_too_old",
    "backup.part_size": f"{BACKUPS}/test_making.py::test_uploads_are_cut_into_parts",
    "backup.recipients": f"{BACKUPS}/test_making.py::test_nothing_is_made_that_nobody_could_open",
    "backup.untouched": f"{BACKUPS}/test_keeping.py::test_each_setting_of_retention_keeps_what_it_says",
    "cors.max_age": f"{SHARING}::test_browsers_remember_as_long_as_is_set",
    "cors.methods": f"{SHARING}::test_only_the_listed_methods_get_leave",
    "cors.origins": f"{SHARING}::test_a_listed_origin_gets_leave_from_the_next_request_on_and_no_other_does",
    "csp.mode": "tests/platform/perimeter/test_headers.py::test_the_policy_is_enforced_or_only_reported",
    "files.largest_megabytes": f"{SWITCHES}::test_one_file_may_be_as_large_as_is_set_and_pages_say_so",
    "files.megabytes_daily": f"{LIVE}::test_bytes_are_counted_against_the_limit_in_force",
    "files.uploads_hourly": LIMIT,
    "governance.contact": f"{GOVERNANCE}/test_record.py::test_who_answers_for_the_data_is_a_setting",
    "governance.controller": f"{GOVERNANCE}/test_record.py::test_who_answers_for_the_data_is_a_setting",
    "governance.cool_off": f"{GOVERNANCE}/test_erasures.py::test_how_long_it_cools_off_is_a_setting",
    "governance.copies_daily": f"{GOVERNANCE}/test_copies.py::test_how_many_copies_a_day_is_a_setting",
    "http.rate.*": "tests/platform/perimeter/test_limits.py::test_an_allowance_is_what_its_settings_say",
    "mail.from_name": f"{SWITCHES}::test_mail_comes_from_the_name_in_force_whoever_writes_it",
    "network.follows_hourly": LIMIT,
    "network.requests_daily": LIMIT,
    "notifications.digest_hour": f"{SWITCHES}::test_the_next_digest_is_planned_for_the_hour_in_force",
    "organisations.founded_daily": LIMIT,
    "organisations.invitation_lifetime": f"{LIVE}::test_an_invitation_lasts_as_long_as_is_set",
    "organisations.invitations_daily": LIMIT,
    "organisations.requests_daily": LIMIT,
    "realtime.sockets_per_address": WINDOWS,
    "realtime.sockets_per_member": WINDOWS,
    "registration.mode": f"{SWITCHES}::test_only_an_address_that_was_invited_gets_a_code_and_nobody_sees_which",
    "retention.alerts": KEPT_BY_CLASS,
    "retention.answered": KEPT_BY_CLASS,
    "retention.dead_jobs": f"{LIVE}::test_jobs_given_up_are_kept_as_long_as_was_set_then",
    "retention.done_jobs": f"{LIVE}::test_finished_jobs_are_kept_as_long_as_was_set_when_they_ended",
    "retention.mail": KEPT,
    "retention.notifications": KEPT,
    "retention.receipts": KEPT,
    "retention.rejected_files": KEPT,
    "retention.reports": KEPT_BY_CLASS,
    "retention.requests": KEPT_BY_CLASS,
    "retention.secret_mail": KEPT,
    "retention.secrets": "tests/config/test_stored_secrets.py::test_what_is_over_is_purged_as_soon_as_the_setting_says",
    "retention.security_logs": KEPT_BY_CLASS,
    "retention.unused_files": KEPT,
    "site.is_indexed": f"{SWITCHES}::test_search_engines_may_list_the_site_only_while_that_is_on",
    "timeline.comment_hourly": LIMIT,
    "timeline.drafts_most": LIMIT,
    "timeline.link_previews": f"{SWITCHES}::test_no_other_server_is_asked_about_links_while_previews_are_off",
    "timeline.post_hourly": LIMIT,
    "timeline.react_hourly": LIMIT,
    "timeline.rss": f"{SWITCHES}::test_hashtags_are_published_as_rss_only_while_that_is_on",
}


@cache
def _definitions(path: str) -> dict[str, str]:
    """Return the source of everything that a module of tests defines, by name."""
    found: dict[str, str] = {}
    for node in ast.parse((steps.ROOT / path).read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found[node.name] = ast.unparse(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {ast.unparse(target): ast.unparse(node) for target in targets}
    return found


def _reach(place: str) -> str:
    """Return the source of a test with the tables, helpers and fixtures that it names."""
    path, _, name = place.partition("::")
    known = _definitions(path)
    return known[name] + "".join(known[word] for word in set(re.findall(r"\w+", known[name])) & known.keys())


def test_each_live_key_has_a_test_that_flips_it() -> None:
    live = [setting.key for setting in RUNTIME_SETTINGS if setting.is_runtime]

    assert [key for key in live if not any(fnmatch(key, name) for name in FLIPPED_BY)] == []
    assert [name for name in FLIPPED_BY if not any(fnmatch(key, name) for key in live)] == []


def test_each_of_these_tests_names_its_key_and_puts_another_value_in_force() -> None:
    idle = [
        key
        for key, place in FLIPPED_BY.items()
        if not re.search(r"overridden|propose_changes", source := _reach(place))
        or not (key.endswith("*") or key.rpartition(".")[2] in source)
    ]

    assert idle == []
