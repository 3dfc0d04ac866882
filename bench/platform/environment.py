"""Goal 3: whatever is wrong with a configuration is told in one look, in its place, and without a secret."""

import os
import sys
import tempfile
from collections.abc import Iterator

from bench.platform.figures import Figure, told

CODES, LEAST_FILES = 24, 120


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="guildry-bench-") as folder:
        os.environ |= {"GUILDRY_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "guildry.config.settings"}
        import django

        django.setup()
        return told(_figures())


def _figures() -> Iterator[Figure]:
    from tests.kernel.configuration import mistakes
    from tests.kernel.configuration.test_examination import look_at
    from tests.kernel.configuration.test_examination import told as findings_of

    from guildry.kernel.configuration import Code, Layer

    files = [
        *((raw, expected, Layer.DOTENV) for raw, expected in mistakes.DOTENV),
        *((raw, expected, Layer.FILE) for raw, expected in mistakes.TOML),
    ]
    looks = [(look_at(raw, layer), expected) for raw, expected, layer in files]
    exact = sum(findings_of(found) == expected for found, expected in looks)
    at_once = max(len(expected.split()) // 2 for _, expected, _ in files)
    said = "\n".join(str(finding) for found, _ in looks for finding in found.findings).lower()
    leaks = said.count(mistakes.CANARY.lower())
    yield Figure(f"{len(Code)} codes of mistakes", f"at least {CODES}", len(Code) >= CODES)
    yield Figure(f"{len(files)} files", f"at least {LEAST_FILES}", len(files) >= LEAST_FILES)
    yield Figure(
        f"{exact} of them told with line, column and code of every mistake, up to {at_once} in one file",
        f"exactly {len(files)}",
        exact == len(files),
    )
    yield Figure(f"{leaks} secrets in what was told", "exactly 0", leaks == 0)


if __name__ == "__main__":
    sys.exit(main())
