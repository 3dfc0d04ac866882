"""What came of the work in the workshop."""

from django.db.models import Count

from guildry.platform.facts.models import Receipt, StoredFact
from guildry.platform.jobs.models import Job
from tests.processes.workshop.models import Effect, Mark


def report() -> dict[str, object]:
    bells = StoredFact.objects.filter(name="workshop.BellRang")
    jobs = Job.objects.filter(task="tests.processes.workshop.tasks.work")
    return {
        "seqs": list(StoredFact.objects.order_by("seq").values_list("seq", flat=True)),
        "bells": bells.count(),
        "effects": list(Effect.objects.values_list("name", flat=True)),
        "waiting": Receipt.objects.exclude(state=Receipt.State.DELIVERED).count(),
        "jobs": dict(jobs.values_list("state").annotate(Count("id"))),
        "dead": list(Job.objects.filter(state=Job.State.DEAD).values_list("task", "attempts", "error")),
        "marks": dict(Mark.objects.values_list("name", "times")),
    }
