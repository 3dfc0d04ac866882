"""Background jobs with the lease of whoever runs them, and the slots of the schedule."""

from django.db import models

from guildry.kernel import inventory
from guildry.kernel.inventory import classified


@inventory.belongs(
    stays="Work for the program, gone within days; what names somebody who is erased is looked for and deleted.",
    is_emptied=False,
)
class Job(models.Model):
    """One call of one task.

    Nobody touches a running job before `lease_until`; a finished one is deleted after it.
    """

    class State(models.TextChoices):
        READY = "ready", "Ready"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        DEAD = "dead", "Dead"

    task = classified(models.CharField(max_length=160), inventory.SYSTEM)
    arguments = classified(models.TextField(), inventory.PRIVATE_CONTENT)
    queue = classified(
        models.CharField(max_length=32, default="default", db_default="default"), inventory.SYSTEM
    )
    state = classified(
        models.CharField(max_length=8, choices=State, default="ready", db_default="ready"), inventory.SYSTEM
    )
    # The priority negated, so that one ascending index gives the order on every database.
    rank = classified(models.SmallIntegerField(default=0, db_default=0), inventory.SYSTEM)
    run_at = classified(models.DateTimeField(), inventory.SYSTEM)
    lease_until = classified(models.DateTimeField(null=True), inventory.SYSTEM)
    worker = classified(models.CharField(max_length=80, blank=True, db_default=""), inventory.SYSTEM)
    attempts = classified(models.SmallIntegerField(default=0, db_default=0), inventory.SYSTEM)
    most_attempts = classified(models.SmallIntegerField(default=8, db_default=8), inventory.SYSTEM)
    unique_key = classified(models.CharField(max_length=120, null=True, unique=True), inventory.SYSTEM)
    result = classified(models.TextField(blank=True, default=""), inventory.PRIVATE_CONTENT)
    error = classified(models.TextField(blank=True, default=""), inventory.SYSTEM)
    trace_id = classified(models.CharField(max_length=64, blank=True, db_default=""), inventory.SYSTEM)
    created_at = classified(models.DateTimeField(), inventory.SYSTEM)
    started_at = classified(models.DateTimeField(null=True), inventory.SYSTEM)
    finished_at = classified(models.DateTimeField(null=True), inventory.SYSTEM)

    class Meta:
        indexes = [
            models.Index(fields=["state", "rank", "run_at"], name="job_due"),
            models.Index(fields=["state", "lease_until"], name="job_lease"),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.state}"


class Slot(models.Model):
    """The last slot of a scheduled job that was fired; moving it forward is the right to fire the next."""

    name = classified(models.CharField(max_length=120, primary_key=True), inventory.SYSTEM)
    number = classified(models.BigIntegerField(), inventory.SYSTEM)

    def __str__(self) -> str:
        return f"{self.name} {self.number}"
