"""The work that is measured: nothing at all, and an effect that can be counted."""

from django.db import connection
from django_tasks import task


@task()
def nothing(number: int) -> None:
    """What is measured is everything around it."""


@task()
def effect(number: int) -> None:
    """Leave one row per job, however often it runs, and count the runs in it."""
    with connection.cursor() as cursor:
        cursor.execute(UPSERT[connection.vendor], [number])


UPSERT = {
    "sqlite": "INSERT INTO bench_effect VALUES (%s, 1) ON CONFLICT (number) DO UPDATE SET times = times + 1",
    "mysql": "INSERT INTO bench_effect VALUES (%s, 1) ON DUPLICATE KEY UPDATE times = times + 1",
}
