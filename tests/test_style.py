"""What CONTRIBUTING.md asks and no linter holds: lengths, and names that say what they hold."""

import ast
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

MOST_LINES_OF_A_MODULE = 400
MOST_LINES_OF_A_FUNCTION = 40
#: A test that walks through pages, or fills a world, is a list of steps.
MOST_LINES_OF_A_TEST_FUNCTION = 55
#: They say nothing of what they hold.
EMPTY_NAMES = {"found", "said", "told", "one", "own", "each", "kept", "shown", "stuff", "tmp"}
#: A rule has no Django, so the values of these enumerations stand in a model as well, with words.
TWICE = {"Benefit", "TargetGroup"}
#: Names that Django or a library looks for in each class or module.
NAMES_OF_LIBRARIES = {"Command", "Meta", "Params"}


def source_files() -> list[Path]:
    """Return the modules of the project that git knows or would add, without migrations."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"]
    listing = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True)
    paths = [settings.BASE_DIR / name for name in listing.stdout.splitlines()]
    return [path for path in paths if path.exists() and "migrations" not in path.parts]


def name_of(path: Path) -> str:
    return str(path.relative_to(settings.BASE_DIR))


def is_test(path: Path) -> bool:
    return name_of(path).startswith("tests/")


@pytest.fixture(scope="module")
def trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text("utf-8")) for path in source_files()}


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_modules_are_short():
    lengths = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in source_files()}
    assert [name for name, length in lengths.items() if length > MOST_LINES_OF_A_MODULE] == []


def test_functions_are_short(trees):
    long_functions = []
    for path, tree in trees.items():
        most = MOST_LINES_OF_A_TEST_FUNCTION if is_test(path) else MOST_LINES_OF_A_FUNCTION
        for function in functions(tree):
            length = (function.end_lineno or 0) - function.lineno + 1
            if length > most:
                long_functions.append(f"{name_of(path)}:{function.lineno} {function.name}: {length}")
    assert long_functions == []


def test_variables_say_what_they_hold(trees):
    empty_names = []
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in EMPTY_NAMES:
                empty_names.append(f"{name_of(path)}:{node.lineno} {node.id}")
            elif isinstance(node, ast.arg) and node.arg in EMPTY_NAMES:
                empty_names.append(f"{name_of(path)}:{node.lineno} {node.arg}")
    assert empty_names == []


def test_a_class_name_means_one_thing(trees):
    modules_by_class = defaultdict(set)
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and not is_test(path):
                modules_by_class[node.name].add(name_of(path))
    several = {name for name, modules in modules_by_class.items() if len(modules) > 1}
    assert several - NAMES_OF_LIBRARIES == TWICE
