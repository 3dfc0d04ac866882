"""Members who publish posts beside the server: `python -m bench.resume.writing COUNT A_SECOND AUTHOR...`."""

import sys
import time
from itertools import cycle

import django


def main(count: int, a_second: float, handles: list[str]) -> None:
    """Publish so many posts by the clock and print the id of each."""
    django.setup()
    from guildry.community.timeline import actions
    from guildry.community.timeline.rules import Composition
    from guildry.kernel import limits
    from guildry.people.accounts.models import Member

    authors = cycle(Member.objects.filter(handle__in=handles).order_by("pk"))
    began = time.monotonic()
    with limits.lifted():
        for number in range(count):
            time.sleep(max(0.0, began + number / a_second - time.monotonic()))
            composition = Composition(body=f"Post number {number}")
            print(actions.publish_post(next(authors), composition=composition).pk, flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3:])
