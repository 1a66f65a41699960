"""Where the peers put the rows: one flat table, nothing encrypted, the number unique."""

from django.db import models


class PeerWorker(models.Model):
    id_number = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=50)
    hukou = models.CharField(max_length=100)
    employer = models.CharField(max_length=100)
    entry_on = models.DateField()

    class Meta:
        app_label = "benchmarks"

    def __str__(self) -> str:
        return self.name
