"""A room in which a member says something and everybody hears it, as durable facts like all else."""
