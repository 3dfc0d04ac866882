"""What may be configured: one declaration a key, and everything that is read, checked and written from it."""

from guildry.kernel.configuration.codes import Code
from guildry.kernel.configuration.declaration import (
    DeclarationError,
    Risk,
    Rule,
    Scope,
    Setting,
)
from guildry.kernel.configuration.examination import Examination, examine
from guildry.kernel.configuration.findings import Finding
from guildry.kernel.configuration.kinds import Wrong, bounds, parse, render
from guildry.kernel.configuration.layers import Given, Layer, Origin, Outside, Source

__all__ = [
    "Code", "DeclarationError", "Examination", "Finding", "Given", "Layer", "Origin", "Outside", "Risk", "Rule",
    "Scope", "Setting", "Source", "Wrong", "bounds", "examine", "parse", "render",
]  # fmt: skip
