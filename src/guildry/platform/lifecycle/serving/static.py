"""Static files: collected once per state of their sources, answered from memory of where they are."""

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise import WhiteNoise
from whitenoise.storage import CompressedManifestStaticFilesStorage

from guildry.platform.lifecycle.bridge import Answer, Headers, Scope

HARDENED = {b"x-content-type-options": b"nosniff", b"cross-origin-resource-policy": b"same-origin"}


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Names that carry a digest of the content, also in the imports of JavaScript modules, and a compressed twin of each."""

    support_js_module_import_aggregation = True


def collect() -> None:
    """Gather static files in the data folder unless the sources are those gathered last time."""
    stamp, digest = Path(settings.STATIC_ROOT, ".sources"), _digest_of_sources()
    if stamp.exists() and stamp.read_text() == digest:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(digest)


def answers(standing: Headers | None = None) -> "StaticFiles":
    return StaticFiles(settings.STATIC_ROOT, settings.STATIC_URL, standing)


class StaticFiles:
    """Answers requests for collected files on the loop; hashed names may be kept for ever.

    `standing` headers are added to every file; a content policy not to scripts, where it would bind what a worker does.
    """

    def __init__(self, root: str | Path, prefix: str, standing: Headers | None = None) -> None:
        self.prefix = prefix
        self._standing = [header for header in standing or [] if header[0] not in HARDENED]
        self._of_scripts = [header for header in self._standing if header[0] != b"content-security-policy"]
        self._files = WhiteNoise(
            None,
            root=str(root),
            prefix=prefix,
            max_age=0,
            allow_all_origins=False,
            immutable_file_test=r"\.[0-9a-f]{12}\.[^/]+$",
        ).files

    def __call__(self, scope: Scope) -> Answer | None:
        path: str = scope["path"]
        if not path.startswith(self.prefix) or scope["method"] not in ("GET", "HEAD"):
            return None
        found = self._files.get(path)
        if found is None:
            return None
        conditions = {
            f"HTTP_{name.decode('latin-1').upper().replace('-', '_')}": value.decode("latin-1")
            for name, value in scope["headers"]
        }
        response: Any = found.get_response(scope["method"], conditions)
        body = b""
        if response.file is not None:
            with response.file as file:
                body = file.read()
        headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in response.headers]
        standing = self._of_scripts if path.endswith(".js") else self._standing
        return Answer(int(response.status), [*headers, *HARDENED.items(), *standing], body)


def _digest_of_sources() -> str:
    storages: dict[str, Any] = settings.STORAGES
    digest = hashlib.sha256(storages["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for path, storage in finder.list(["CVS", ".*", "*~"]):
            state = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()
