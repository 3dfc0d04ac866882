"""The codes of what can be wrong with a configuration, each with what it means."""

from enum import StrEnum


class Code(StrEnum):
    """One kind of mistake; the same code means the same in every file and for ever."""

    NO_EQUALS = "E01"
    BAD_NAME = "E02"
    OPEN_QUOTE = "E03"
    TWICE = "E04"
    BAD_BYTES = "E05"
    LINE_ENDS = "E06"
    AFTER_QUOTE = "E07"
    AMBIGUOUS = "E08"
    UNKNOWN = "E09"
    OLD_NAME = "E10"
    MISSING = "E11"
    TYPE = "E12"
    RANGE = "E13"
    CHOICE = "E14"
    FORM = "E15"
    PLACEHOLDER = "E16"
    GUESSABLE = "E17"
    PUBLISHED = "E18"
    COMBINATION = "E19"
    REFERENCE = "E20"
    FILE_MODE = "E21"
    NOT_WRITABLE = "E22"
    NO_UNIT = "E23"
    WRONG_LAYER = "E24"

    @property
    def meaning(self) -> str:
        return _MEANINGS[self]

    @property
    def is_advice(self) -> bool:
        """Whether the site starts all the same."""
        return self is Code.OLD_NAME


_MEANINGS = {
    Code.NO_EQUALS: "A line is neither empty, nor a comment, nor NAME=value.",
    Code.BAD_NAME: "A name has other characters than capitals, digits and underscores.",
    Code.OPEN_QUOTE: "A quote is opened and not closed on its line.",
    Code.TWICE: "A key is set twice in one place.",
    Code.BAD_BYTES: "A byte order mark, a NUL, or bytes that are not UTF-8.",
    Code.LINE_ENDS: "Line ends of two kinds in one file.",
    Code.AFTER_QUOTE: "Something stands after a closing quote.",
    Code.AMBIGUOUS: "A space, a # or a backslash that can be read in two ways.",
    Code.UNKNOWN: "No key has this name.",
    Code.OLD_NAME: "A key has a new name; the old one still works.",
    Code.MISSING: "A required key is not set.",
    Code.TYPE: "A value of another type.",
    Code.RANGE: "A value out of bounds.",
    Code.CHOICE: "A value that is none of the choices.",
    Code.FORM: "A value of another form, such as an address that is none.",
    Code.PLACEHOLDER: "A placeholder was left where a value belongs.",
    Code.GUESSABLE: "A secret is short, easy to guess, or used for two things.",
    Code.PUBLISHED: "A secret is one that documentation shows.",
    Code.COMBINATION: "Values that do not go together.",
    Code.REFERENCE: "A reference leads nowhere, or in a circle.",
    Code.FILE_MODE: "Others on the machine may read a file with secrets.",
    Code.NOT_WRITABLE: "A folder cannot be written to.",
    Code.NO_UNIT: "A duration has no unit.",
    Code.WRONG_LAYER: "A key is set where it has no effect or does not belong.",
}
