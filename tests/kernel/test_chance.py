"""Randomness is drawn many at once, and nobody is given what another has."""

import subprocess
import sys

from guildry.kernel import chance


def test_nothing_is_given_twice() -> None:
    drawn = [chance.fresh() for _ in range(2_000)]

    assert len(set(drawn)) == 2_000
    assert {len(piece) for piece in drawn} == {16}


def test_a_copy_of_the_process_draws_its_own() -> None:
    parts = [
        "import os",
        "from guildry.kernel import chance",
        "chance.fresh()",
        "child = os.fork()",
        "os.write(1, chance.fresh())",
        "os.waitpid(child, 0) if child else os._exit(0)",
    ]

    told = subprocess.run([sys.executable, "-c", "\n".join(parts)], capture_output=True, check=True).stdout

    assert (len(told), told[:16] == told[16:]) == (32, False)
