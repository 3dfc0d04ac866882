"""How a runbook is written, read and found."""

import pytest

from guildry.ops.runbooks import rules
from guildry.ops.runbooks.rules import Block, Malformed, Severity

HEAD = "---\ntitle: The roof leaks\nwhen: Water comes in.\nseverity: serious\nchecks: roof, gutter\n---\n"
BODY = (
    "\n## Symptoms\n\nDrops on\nthe floor.\n\n## Check\n\n```sh running\nlook up\n```\n\n"
    "## Act\n\nFetch:\n\n- a bucket\n- a ladder\n\n```text\nplop\n```\n\n## Verify\n\nDry.\n\n## Afterwards\n\nMop.\n"
)


def test_a_runbook_is_read_with_its_head_and_sections() -> None:
    runbook = rules.parsed("roof", HEAD + BODY)

    assert (runbook.title, runbook.when, runbook.severity) == (
        "The roof leaks",
        "Water comes in.",
        Severity.SERIOUS,
    )
    assert (runbook.checks, runbook.alerts) == (("roof", "gutter"), ())
    assert [section.key for section in runbook.sections] == [
        "symptoms",
        "check",
        "act",
        "verify",
        "afterwards",
    ]
    assert runbook.commands == [Block("commands", "look up", "running")]
    assert runbook.sections[0].blocks == (Block("text", "Drops on the floor."),)
    assert runbook.sections[2].blocks == (
        Block("text", "Fetch:\n\n- a bucket\n- a ladder"),
        Block("example", "plop"),
    )


def test_planned_work_has_its_own_sections() -> None:
    body = "## Before\n\nA\n\n## Act\n\nB\n\n## Verify\n\nC\n\n## Afterwards\n\nD\n"

    runbook = rules.parsed("roof", HEAD.replace("serious", "routine") + body)

    assert [section.title for section in runbook.sections] == list(rules.PLANNED)


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        (BODY, "does not begin with its head"),
        (HEAD.replace("title: The roof leaks\n", "") + BODY, "says nothing about: title"),
        (HEAD.replace("checks", "colour") + BODY, "means nothing: 'colour: roof, gutter'"),
        (HEAD.replace("roof, gutter", "") + BODY, "means nothing: 'checks: '"),
        (HEAD.replace("serious", "funny") + BODY, "has the severity 'funny'"),
        (
            HEAD + BODY.replace("## Verify", "## Hope"),
            "has the sections Symptoms, Check, Act, Verify, Afterwards",
        ),
        (HEAD + BODY.replace("```sh running", "```sh dancing"), "has a block of 'sh' that needs 'dancing'"),
        (HEAD + BODY.replace("```sh running", "```python"), "has a block of 'python'"),
    ],
)
def test_a_runbook_that_is_not_written_as_they_are_is_refused(source: str, complaint: str) -> None:
    with pytest.raises(Malformed, match="Runbook 'roof'") as refusal:
        rules.parsed("roof", source)

    assert complaint in str(refusal.value)


def test_lines_of_a_paragraph_are_joined_and_entries_of_a_list_are_not() -> None:
    text = "One\ntwo\n\n1. first\n   goes on\n2. second\n\n### Heading"

    assert rules.unwrapped(text) == "One two\n\n1. first goes on\n2. second\n\n### Heading"


def test_every_word_has_to_be_there_and_titles_come_first() -> None:
    roof = rules.parsed("roof", HEAD + BODY)
    flood = rules.parsed(
        "flood", HEAD.replace("The roof leaks", "The cellar is flooded") + BODY.replace("Mop", "Roof")
    )

    assert rules.matching([flood, roof], "ROOF floor") == [roof, flood]
    assert rules.matching([flood, roof], "cellar") == [flood]
    assert rules.matching([flood, roof], "roof volcano") == []
    assert rules.matching([flood, roof], "") == [flood, roof]


def test_a_runbook_named_in_a_text_is_linked_and_other_words_are_not() -> None:
    addresses = {"restore": "/r/", "disk-full": "/d/"}

    linked = rules.linked("See runbook `restore` or `disk-full`, then `restore` and `du -h`.", addresses)

    assert linked == "See runbook [`restore`](/r/) or [`disk-full`](/d/), then `restore` and `du -h`."
