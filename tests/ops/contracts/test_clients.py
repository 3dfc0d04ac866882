"""The generated clients: current, complete, and as sound as can be seen without their compilers."""

import ast
import re
from pathlib import Path

import pytest

from guildry.config.__main__ import _parser
from guildry.ops.contracts import queries
from guildry.ops.contracts.clients import flaws_of_dart
from guildry.ops.contracts.clients.calls import camel

MEND = "Run `guildry contracts clients` and commit what it writes."


def run(*words: str) -> int:
    chosen = _parser().parse_args(["contracts", "clients", *words])
    return int(chosen.run(chosen))


def operations() -> dict[str, bool]:
    """Return every operation by its name, and whether it takes files."""
    return {
        described["operationId"]: "multipart/form-data" in described.get("requestBody", {}).get("content", {})
        for methods in queries.documents()["openapi"]["paths"].values()
        for described in methods.values()
    }


def text_of(name: str) -> str:
    return queries.client_files()[name]


def test_what_is_committed_is_what_the_contracts_say() -> None:
    behind = [
        name
        for name, text in queries.client_files().items()
        if not (queries.CLIENTS / name).exists() or (queries.CLIENTS / name).read_text() != text
    ]

    assert behind == [], MEND


def test_the_python_client_has_every_operation() -> None:
    tree = ast.parse(text_of("python/guildry_client.py"))
    client = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Guildry")

    assert {node.name for node in client.body if isinstance(node, ast.FunctionDef)} == set(operations())


def test_the_typescript_client_declares_what_it_does() -> None:
    done = set(re.findall(r"^  (\w+)\([^)]*\) \{$", text_of("typescript/guildry.js"), re.M)) - {"constructor"}
    declared = set(re.findall(r"^  (\w+)\(.*\): Promise<", text_of("typescript/guildry.d.ts"), re.M))

    assert declared == {camel(name) for name in operations()}
    assert declared <= done


def test_the_dart_client_has_every_operation_but_uploads() -> None:
    methods = set(re.findall(r"^  Future<.*> ([a-z]\w+)\(", text_of("dart/lib/guildry.dart"), re.M))

    assert methods == {camel(name) for name, takes_files in operations().items() if not takes_files}


@pytest.mark.parametrize("name", ["dart/lib/guildry.dart", "dart/lib/boxes.dart"])
def test_nothing_is_plainly_wrong_with_the_dart_client(name: str) -> None:
    assert flaws_of_dart(text_of(name)) == []


def test_every_type_of_the_lock_file_has_an_adapter_with_its_number() -> None:
    numbers = re.findall(
        r"class (\w+)Adapter .*?final int typeId = (\d+);", text_of("dart/lib/boxes.dart"), re.S
    )
    types = queries.documents()["offline"]["types"]

    assert {name: int(number) for name, number in numbers} == {
        name: kind["type_id"] for name, kind in types.items()
    }


@pytest.mark.parametrize(
    ("source", "flaw"),
    [
        ("class A { void b() { }", "line 1: { is never closed"),
        ("class A { ) }", "line 1: ) closes nothing"),
        ("class A {}\nclass A {}", "A is declared twice"),
        ("class A { final Nowhere b; }", "Nowhere is not declared"),
        ("class A { final b = 'open; }", "line 1: a text has no end"),
    ],
)
def test_the_checker_sees_what_is_wrong(source: str, flaw: str) -> None:
    assert flaw in flaws_of_dart(source)


def test_the_checker_looks_past_texts_and_comments() -> None:
    assert flaws_of_dart("// Nowhere {\nclass A { final b = 'Nowhere \\' {'; }") == []


def test_clients_are_written_once_and_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--out", str(tmp_path), "--check") == 4
    assert run("--out", str(tmp_path)) == 0
    capsys.readouterr()

    assert run("--out", str(tmp_path), "--check") == 0
    assert run("--out", str(tmp_path)) == 0
    assert capsys.readouterr().out == f"{len(queries.client_files())} files of clients are current.\n"
