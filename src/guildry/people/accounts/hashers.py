"""Password hashing with the OWASP minimum for Argon2id."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """19 MiB, two passes, one lane: memory-hard without letting sign-ins exhaust a small machine."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
