"""Every rule of comparing contracts: its id, what it means to clients, and what to do."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    BREAKING_REQUEST = "breaking-request"
    BREAKING_RESPONSE = "breaking-response"
    RISKY = "risky"
    SAFE = "safe"
    DOC = "doc"

    @property
    def is_breaking(self) -> bool:
        return self in (Level.BREAKING_REQUEST, Level.BREAKING_RESPONSE)


@dataclass(frozen=True)
class Rule:
    """`advice` says in one sentence what to do about a change that the rule finds."""

    id: str
    title: str
    level: Level
    advice: str

    @property
    def family(self) -> str:
        return FAMILIES[self.id[0]]


FAMILIES = {
    "R": "Requests", "P": "Answers", "S": "Sockets", "H": "Offline boxes", "D": "Database behind boxes",
    "A": "Additions", "T": "Texts",
}  # fmt: skip
_IN, _OUT, _RISK = Level.BREAKING_REQUEST, Level.BREAKING_RESPONSE, Level.RISKY
_ENTRIES: tuple[tuple[str, str, Level, str], ...] = (
    ("R01", "operation removed", _IN, "Keep it answering until the next breaking version, and mark it as deprecated."),
    ("R02", "path or method changed", _IN, "Let the old address answer as well until the next breaking version."),
    ("R03", "required input added", _IN, "Make it optional, with a default that does what was done before."),
    ("R04", "optional input became required", _IN, "Leave it optional, and work out what a caller left out."),
    ("R05", "type of an input changed", _IN, "Add a field of the new type beside the old one and take both."),
    ("R06", "choice narrowed in an input", _IN, "Go on taking the old values and translate them."),
    ("R07", "limit tightened on an input", _IN, "Take what was taken before, and cut or round it on our side."),
    ("R08", "media type of a body removed", _IN, "Go on reading the old media type."),
    ("R09", "authentication added or scope raised", _IN, "Ask for the new scope only where something new is done."),
    ("R10", "body became required", _IN, "Take an empty body for one with nothing but defaults."),
    ("R11", "input closed to further fields", _IN, "Ignore fields that are not known, as before."),
    ("R12", "default of an input changed", _RISK, "Keep the default, or say in the changelog who sees a difference."),
    ("R13", "null no longer taken", _IN, "Take null for the value that it stood for."),
    ("R14", "address of the server changed", _IN, "Serve the old address too, or redirect from it."),
    ("R15", "allowance lowered", _RISK, "Say from when on, and let clients see it in RateLimit first."),
    ("R16", "input removed", _IN, "Go on taking it and ignore it, so that callers who send it are not refused."),
    ("R17", "operation renamed", _RISK, "Keep the operationId: it is a function's name in every generated client."),
    ("P01", "field removed", _OUT, "Keep it, filled with the last sensible value, until the next breaking version."),
    ("P02", "field no longer certain", _OUT, "Always send it, if need be with an empty value of its type."),
    ("P03", "type of a field changed", _OUT, "Add a field with the new type beside it."),
    ("P04", "null became possible", _OUT, "Send an empty value of the type that clients expect."),
    ("P05", "choice widened without unknown", _OUT, "Agree on `unknown` in one version before values are added in another."),
    ("P06", "status changed", _OUT, "Answer with the status that callers wait for."),
    ("P07", "media type of an answer changed", _OUT, "Go on answering with the old one to those who accept it."),
    ("P08", "kind of refusal removed", _OUT, "Keep the code: programs compare it."),
    ("P09", "header removed", _OUT, "Go on sending it."),
    ("P10", "paging changed", _OUT, "Keep items, next_cursor and cursor as they are: every client walks lists with them."),
    ("P11", "number beyond 2^53", _OUT, "Send it as text: JavaScript and Hive keep numbers as floats."),
    ("P12", "order of a list changed", _RISK, "Offer the new order as a choice of the caller."),
    ("P13", "limit loosened in an answer", _RISK, "Check what stores it: a column or a label may be too short."),
    ("S01", "event removed", _OUT, "Go on telling it beside its successor until the next breaking version."),
    ("S02", "direction of an event changed", _OUT, "Give the other direction a name of its own."),
    ("S03", "shape of an event changed", _OUT, "Tell the new shape under a new name."),
    ("S04", "acknowledgement changed", _OUT, "Keep what clients read of the answer."),
    ("S05", "entry to a namespace changed", _IN, "Let in whom it let in, and show the new parts only to those who may."),
    ("S06", "order or delivery weakened", _OUT, "Keep the promise: clients drop what they had by seq and part."),
    ("S07", "reason of a goodbye changed", _OUT, "Keep the reasons; add only such as clients may take for unknown."),
    ("H01", "type id reused or changed", _OUT, "Take the next free id from the lock file: stored bytes name the old one."),
    ("H02", "index reused or changed", _OUT, "Take the next free index from the lock file; a retired one never comes back."),
    ("H03", "type of a stored field changed", _OUT, "Add a field with a new index and leave the old one to old boxes."),
    ("H04", "whole number and float changed places", _OUT, "Add a field with a new index: a cast in Dart throws."),
    ("H05", "stored field added without a default", _OUT, "Make it optional: boxes that are there lack it."),
    ("H06", "type without a number", _OUT, "Register the type in the lock file first: an unknown one makes a frame unreadable."),
    ("H07", "choice without unknown", _OUT, "Keep `unknown` as the first value: old readers fall back to it."),
    ("H08", "number beyond 2^53 possible", _OUT, "Keep the range, or store it as text: Hive keeps numbers as floats."),
    ("H09", "form of a key changed", _OUT, "Keep the key: rows under the old one are never found again."),
    ("H10", "box removed or renamed", _OUT, "Keep the box, or let clients move its rows first."),
    ("H11", "class and choice changed places", _OUT, "Add a type: the bytes of one cannot be read as the other."),
    ("H12", "field no longer allowed on devices", _OUT, "Remove the field from the box; what tells of it may not be kept offline."),
    ("H13", "counter went down", _OUT, "Restore the lock file: a number that was given comes back otherwise."),
    ("H14", "age or envelope changed", _RISK, "Check that clients throw away what is over age before they trust a row."),
    ("D01", "column shorter than promised", _OUT, "Widen the column, or shorten what the contract promises in the next breaking version."),
    ("D02", "column may be null where a value is promised", _OUT, "Make the column not null, with a default for old rows."),
    ("D03", "column keeps fewer decimals than promised", _OUT, "Give the column the decimals that the contract promises."),
    ("D04", "moment kept less exactly than promised", _OUT, "Keep milliseconds: devices compare moments to tell what is newer."),
    ("D05", "table behind a box lost an index", _RISK, "Keep the index, or show that filling the box reads no whole table."),
    ("A01", "operation, event or box added", Level.SAFE, "Nothing to do."),
    ("A02", "optional input added", Level.SAFE, "Nothing to do."),
    ("A03", "input loosened", Level.SAFE, "Nothing to do: what was taken is taken."),
    ("A04", "field added to an answer", Level.SAFE, "Nothing to do: clients ignore what they do not know."),
    ("A05", "choice widened, with unknown agreed", Level.SAFE, "Tell clients, so that they show more than unknown."),
    ("A06", "answer narrowed", Level.SAFE, "Nothing to do: what comes was expected before."),
    ("A07", "stored field or type added or retired", Level.SAFE, "Nothing to do: the lock file keeps its number."),
    ("T01", "text changed", Level.DOC, "Nothing to do."),
    ("T02", "name in a path changed", Level.DOC, "Nothing to do over HTTP; generated clients may name an argument differently."),
)  # fmt: skip
RULES: dict[str, Rule] = {entry[0]: Rule(*entry) for entry in _ENTRIES}


@dataclass(frozen=True)
class Finding:
    """One change: where it is, what it is in figures or words, and how it stands to clients."""

    rule: Rule
    place: str
    said: str
    level: Level

    def as_json(self) -> dict[str, str]:
        return {
            "rule": self.rule.id,
            "title": self.rule.title,
            "level": str(self.level),
            "place": self.place,
            "said": self.said,
            "advice": self.rule.advice,
        }


def found(rule_id: str, place: str, said: str, level: Level | None = None) -> Finding:
    """Return a finding of a rule, at the rule's own level unless this place makes it another one."""
    rule = RULES[rule_id]
    return Finding(rule, place, said, level or rule.level)
