"""Files are gathered once per state of their sources and answered without a thread."""

import gzip
from pathlib import Path

import pytest

from guildry.platform.lifecycle.bridge import Scope
from guildry.platform.lifecycle.serving import static
from guildry.platform.lifecycle.serving.static import StaticFiles

HASHED, BODY = "ui/ui.0123456789ab.css", b"body{}" * 100


@pytest.fixture
def files(tmp_path: Path) -> StaticFiles:
    (tmp_path / "ui").mkdir()
    (tmp_path / "ui" / "ui.css").write_text("body{}")
    (tmp_path / HASHED).write_bytes(BODY)
    (tmp_path / f"{HASHED}.gz").write_bytes(gzip.compress(BODY))
    (tmp_path.parent / "secret").write_text("not here")
    return StaticFiles(tmp_path, "/static/")


def asked(path: str, method: str = "GET", **headers: str) -> Scope:
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"path": f"/static/{path}", "method": method, "headers": named}


def test_a_file_with_a_digest_in_its_name_is_kept_for_ever_and_hardened(files: StaticFiles) -> None:
    answer = files(asked(HASHED))

    assert answer
    headers = dict(answer.headers)
    assert (answer.status, answer.body) == (200, BODY)
    assert headers[b"cache-control"] == b"max-age=315360000, public, immutable"
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert headers[b"cross-origin-resource-policy"] == b"same-origin"
    assert b"access-control-allow-origin" not in headers


def test_another_file_is_asked_for_again(files: StaticFiles) -> None:
    answer = files(asked("ui/ui.css"))

    assert answer
    assert dict(answer.headers)[b"cache-control"] == b"max-age=0, public"


def test_a_compressed_twin_is_sent_to_who_reads_it(files: StaticFiles) -> None:
    answer = files(asked(HASHED, accept_encoding="gzip, br"))

    assert answer
    assert dict(answer.headers)[b"content-encoding"] == b"gzip"
    assert gzip.decompress(answer.body) == BODY


def test_what_a_reader_has_already_is_not_sent_again(files: StaticFiles) -> None:
    first = files(asked(HASHED))
    assert first

    again = files(asked(HASHED, if_none_match=dict(first.headers)[b"etag"].decode()))

    assert again
    assert (again.status, again.body) == (304, b"")


def test_a_head_has_no_body(files: StaticFiles) -> None:
    answer = files(asked(HASHED, "HEAD"))

    assert answer
    assert (answer.status, answer.body) == (200, b"")


@pytest.mark.parametrize(
    ("path", "method"),
    [("ui/missing.css", "GET"), ("../secret", "GET"), ("ui/../../secret", "GET"), (HASHED, "POST")],
)
def test_everything_else_is_left_to_the_site(files: StaticFiles, path: str, method: str) -> None:
    assert files(asked(path, method)) is None
    assert files({"path": "/elsewhere", "method": "GET", "headers": []}) is None


def test_files_are_gathered_again_only_when_a_source_changed(
    tmp_path: Path, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.STATIC_ROOT = tmp_path / "static"  # type: ignore[attr-defined]
    static.collect()
    one = next(path for path in (tmp_path / "static").rglob("*.css"))
    one.unlink()

    static.collect()
    left_out = not one.exists()
    monkeypatch.setattr(static, "_digest_of_sources", lambda: "another state")
    static.collect()

    assert left_out
    assert one.exists()
    assert static.answers().prefix == "/static/"


@pytest.mark.parametrize(("name", "is_bound"), [("ui/ui.css", True), (HASHED, True), ("ui/worker.js", False)])
def test_files_carry_what_stands_with_every_answer_and_no_policy_binds_a_worker(
    files: StaticFiles, tmp_path: Path, name: str, is_bound: bool
) -> None:
    (tmp_path / "ui" / "worker.js").write_text("")
    policy, lasting = (
        (b"content-security-policy", b"default-src 'none'"),
        (b"referrer-policy", b"no-referrer"),
    )
    again = StaticFiles(tmp_path, "/static/", [policy, lasting, (b"x-content-type-options", b"nosniff")])

    first = again(asked(name))
    assert first
    repeated = again(asked(name, if_none_match=dict(first.headers)[b"etag"].decode()))
    assert repeated

    for answer in (first, repeated):
        assert lasting in answer.headers
        assert (policy in answer.headers) == is_bound
        assert [name for name, _ in answer.headers].count(b"x-content-type-options") == 1
    assert repeated.status == 304
