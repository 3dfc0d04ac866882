"""What may be configured: one declaration a key, and everything that is read, checked and written from it."""

from guildry.kernel.configuration.declaration import (
    DeclarationError,
    Risk,
    Rule,
    Scope,
    Setting,
)
from guildry.kernel.configuration.kinds import Wrong, parse, render

__all__ = ["DeclarationError", "Risk", "Rule", "Scope", "Setting", "Wrong", "parse", "render"]
