"""Whatever happened to a backup, proving it names what is wrong, before one byte of it is used."""

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from guildry.kernel import clock
from guildry.ops.backups import archive, queries
from guildry.ops.backups.models import Backup
from guildry.ops.backups.rules import Kind, Report
from tests.factories.backups import KEYS, claim, seal_again


@pytest.fixture
def path(made: Backup) -> Path:
    return queries.path_of(made.name)


def examined(path: Path) -> Report:
    return queries.examined(path, signers=queries.known_signers(), identities=[KEYS[0]])


def manifest_of(path: Path) -> archive.Manifest:
    return queries.manifest_at(path)


def flip(file: Path, at: int = -1) -> None:
    raw = bytearray(file.read_bytes())
    raw[at] ^= 1
    file.write_bytes(raw)


def swap(path: Path) -> None:
    one, two = (path / part.name for part in manifest_of(path).parts[1:3])
    kept = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(kept)


def say_other_parts(path: Path, **changes: object) -> None:
    first, *rest = manifest_of(path).parts
    claim(path, parts=(msgspec.structs.replace(first, **changes), *rest))


def sign_by_another(path: Path) -> None:
    payload = (path / archive.MANIFEST).read_bytes()
    (path / archive.SIGNATURE).write_bytes(archive.signed(payload, "another site"))


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def seal_to_another(path: Path) -> None:
    part = manifest_of(path).parts[0]
    (path / part.name).unlink()
    other = archive.new_identity().to_public()
    made = archive.seal([b"SQLite format 3\0"], path / part.name, kind="database", recipients=[other])
    claim(path, parts=(made, *manifest_of(path).parts[1:]))


def break_and_sign(path: Path) -> None:
    """Damage the sealed database and sign that, so that only opening it can notice."""
    part = manifest_of(path).parts[0]
    flip(path / part.name)
    raw = (path / part.name).read_bytes()
    say_other_parts(path, sha256=archive_hash(raw))


def archive_hash(raw: bytes) -> str:
    import hashlib

    return hashlib.sha256(raw).hexdigest()


def first(path: Path) -> Path:
    return path / manifest_of(path).parts[0].name


CATALOGUE: list[tuple[Kind, Callable[[Path], object]]] = [
    (Kind.NOT_A_BACKUP, lambda path: (path / archive.MANIFEST).unlink()),
    (Kind.NOT_A_BACKUP, lambda path: (path / archive.SIGNATURE).unlink()),
    (Kind.NOT_A_BACKUP, lambda path: claim(path, format="gbk/2")),
    (Kind.BAD_SIGNATURE, lambda path: flip(path / archive.MANIFEST, 5)),
    (Kind.BAD_SIGNATURE, lambda path: flip(path / archive.SIGNATURE, -20)),
    (Kind.UNKNOWN_SIGNER, sign_by_another),
    (Kind.PART_MISSING, lambda path: first(path).unlink()),
    (Kind.PART_EXTRA, lambda path: (path / "more.age").touch()),
    (Kind.PART_SWAPPED, swap),
    (Kind.PART_SWAPPED, lambda path: claim(path, name="20200101T000000Z-other1")),
    (Kind.BYTES_MISMATCH, lambda path: cut(first(path))),
    (Kind.CIPHER_HASH, lambda path: flip(first(path))),
    (Kind.NO_RECIPIENT_KEY, seal_to_another),
    (Kind.DECRYPT_FAILED, break_and_sign),
    (Kind.PLAIN_HASH, lambda path: say_other_parts(path, plain_sha256="ab" * 32)),
    (Kind.NOT_A_DUMP, lambda path: seal_again(path, 0, b"no copy of anything")),
    (Kind.SCHEMA_NEWER, lambda path: claim(path, migrations=("accounts.0999_from_tomorrow",))),
    (Kind.CLOCK_SKEW, lambda path: claim(path, finished=(clock.now() + timedelta(hours=1)).isoformat())),
    (Kind.CLOCK_SKEW, lambda path: claim(path, finished="2020-01-01T00:00:00+00:00")),
]


def test_every_kind_of_damage_is_called_by_its_name(path: Path, tmp_path: Path) -> None:
    seen = []
    for number, (kind, damage) in enumerate(CATALOGUE):
        copy = tmp_path / str(number) / path.name
        shutil.copytree(path, copy)
        damage(copy)
        seen.append((kind, [finding.kind for finding in examined(copy).findings][:1]))

    assert [found for _, found in seen] == [[kind] for kind, _ in seen]


def test_every_flip_and_every_cut_is_noticed_before_a_part_is_opened(path: Path) -> None:
    nobody: list[archive.Identity] = []
    signers = queries.known_signers()
    for name in ("secrets.tar.zst.age", archive.SIGNATURE):
        file = path / name
        raw = file.read_bytes()
        for at in range(len(raw)):
            file.write_bytes(raw[:at] + bytes([raw[at] ^ 4]) + raw[at + 1 :])
            assert not queries.examined(path, signers=signers, identities=nobody).is_right, (name, at)
        for at in range(0, len(raw), 7):
            file.write_bytes(raw[:at])
            assert not queries.examined(path, signers=signers, identities=nobody).is_right, (name, at)
        file.write_bytes(raw)
    assert queries.examined(path, signers=signers, identities=nobody).is_right


def test_every_flip_in_a_manifest_breaks_its_signature(path: Path) -> None:
    payload, signature = (path / archive.MANIFEST).read_bytes(), (path / archive.SIGNATURE).read_bytes()
    signers = queries.known_signers()

    taken = [
        at
        for at in range(0, len(payload), 5)
        if archive.signer_of(
            payload[:at] + bytes([payload[at] ^ 2]) + payload[at + 1 :], signature, signers
        ).is_genuine
    ]

    assert taken == []


def test_without_a_key_nothing_is_opened(path: Path) -> None:
    report = queries.examined(path, signers=queries.known_signers())

    assert (report.findings, report.is_opened) == ((), False)
    assert report.figures["parts"] == 3
    assert json.loads((path / archive.SIGNATURE).read_text())["payloadType"].endswith("backup+json")


def test_a_backup_of_another_site_is_right_for_whoever_trusts_its_signer(path: Path) -> None:
    sign_by_another(path)

    report = queries.examined(path, signers={archive.public_key_of("another site")}, identities=[KEYS[1]])

    assert (report.findings, report.is_opened) == ((), True)


def test_signers_on_record_count_after_the_key_of_the_site_is_another(path: Path, made: Backup) -> None:
    Backup.objects.filter(pk=made.pk).update(signer=archive.public_key_of("a key of last year"))
    payload = (path / archive.MANIFEST).read_bytes()
    (path / archive.SIGNATURE).write_bytes(archive.signed(payload, "a key of last year"))

    assert examined(path).is_right
