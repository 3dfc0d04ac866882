"""Taking away what is old enough, chunk by chunk, with a proof of each table."""

from django.db import transaction

from guildry.kernel import bus, clock, permissions
from guildry.kernel.permissions import Actor
from guildry.ops.governance import events, queries
from guildry.ops.governance.actions.taking import CHUNK, take_away
from guildry.ops.governance.models import Proof, RetentionRun
from guildry.ops.governance.rules.retention import POLICIES, Policy, chained

NIGHTLY = "Due every night."


def count_retention(actor: Actor, *, reason: str) -> RetentionRun:
    """Write down what a run would take away now, and take nothing."""
    permissions.require(actor, "governance.retain")
    bus.Act(reason)
    with transaction.atomic():
        now = clock.now()
        run = RetentionRun.objects.create(is_dry=True, ordered_by_id=actor.pk, began_at=now, finished_at=now)
        Proof.objects.bulk_create(
            Proof(
                run=run, policy=due.policy.name, table=due.table, cutoff=due.cutoff, matched=due.matched,
                held=due.held, finished_at=now,
            )
            for due in queries.due_now()
        )  # fmt: skip
    return run


def apply_retention(actor: Actor, *, reason: str = NIGHTLY) -> RetentionRun:
    """Take away what is old enough and not held; goes on with a run that was cut off, and publishes it once."""
    permissions.require(actor, "governance.retain")
    run = queries.unfinished_run() or RetentionRun.objects.create(
        ordered_by_id=actor.pk, began_at=clock.now()
    )
    for policy in POLICIES:
        _apply(actor, run, policy)
    with transaction.atomic():
        run.finished_at = clock.now()
        run.save(update_fields=["finished_at"])
        taken = {proof.policy: proof.deleted for proof in run.proofs.all()}
        act = bus.Act(reason, subject=f"retention:{run.pk}", after=taken)
        bus.publish(events.RetentionApplied(run.pk), actor=actor, act=act)
    return run


def _apply(actor: Actor, run: RetentionRun, policy: Policy) -> None:
    """Work off one policy from where its proof says it got; each chunk goes together with its line in the proof."""
    model = queries.model_of(policy)
    proof, _ = Proof.objects.get_or_create(
        run=run,
        policy=policy.name,
        table=model._meta.db_table,
        defaults={"cutoff": queries.cutoff_of(policy)},
    )
    while proof.finished_at is None:
        with transaction.atomic():
            held = queries.held_among(policy, queries.holds_now())
            rows = queries.matching(policy, proof.cutoff)
            if proof.last_key:
                rows = rows.filter(pk__gt=model._meta.pk.to_python(proof.last_key))
            keys = list(rows.values_list("pk", flat=True)[:CHUNK])
            kept = set(keys if held is None else rows.filter(held, pk__in=keys).values_list("pk", flat=True))
            doomed = [key for key in keys if key not in kept]
            take_away(actor, model=model, keys=doomed)
            proof.matched += len(keys)
            proof.deleted += len(doomed)
            proof.held += len(kept)
            proof.digest = chained(proof.digest, doomed)
            proof.last_key = str(keys[-1]) if keys else proof.last_key
            proof.finished_at = clock.now() if len(keys) < CHUNK else None
            proof.save()
