"""What was done, one row each time, so that doing it twice shows."""

from django.db import models


class Effect(models.Model):
    """One effect; nothing keeps a second row of the same name out."""

    name = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.name


class Mark(models.Model):
    """An idempotent effect: the same name leaves one row, however often it is written."""

    name = models.CharField(max_length=60, primary_key=True)
    times = models.IntegerField(default=0)

    def __str__(self) -> str:
        return self.name
