"""Which jobs there are and how far the workers are behind."""

from dataclasses import dataclass

from django.db.models import Count, Min

from guildry.kernel import clock
from guildry.platform.jobs.models import Job


@dataclass(frozen=True)
class Backlog:
    """Counts by state, and the seconds the longest waiting due job has waited."""

    ready: int
    running: int
    dead: int
    oldest_seconds: float
    retrying: int = 0


def job(key: int) -> Job | None:
    return Job.objects.filter(pk=key).first()


def jobs_in_state(state: str, limit: int = 50) -> list[Job]:
    """Return the newest jobs in a state."""
    return list(Job.objects.filter(state=state).order_by("-id")[:limit])


def backlog() -> Backlog:
    unfinished = Job.objects.filter(state__in=[Job.State.READY, Job.State.RUNNING, Job.State.DEAD])
    counts = dict(unfinished.values_list("state").annotate(Count("id")).order_by())
    now = clock.present()
    retrying = Job.objects.filter(state=Job.State.READY, attempts__gt=0).count()
    oldest = Job.objects.filter(state=Job.State.READY, run_at__lte=now).aggregate(at=Min("run_at"))["at"]
    return Backlog(
        counts.get(Job.State.READY, 0),
        counts.get(Job.State.RUNNING, 0),
        counts.get(Job.State.DEAD, 0),
        (now - oldest).total_seconds() if oldest else 0.0,
        retrying,
    )
