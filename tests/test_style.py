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
#: Calls that give a loop something to go through, or say that it may have nothing (tests/loops.py).
NEVER_EMPTY = {"some", "if_any", "range"}
#: Calls that give as many items as they get.
KEEP_THE_NUMBER = {"enumerate", "zip", "sorted", "product", "reversed", "pairwise", "list", "tuple", "set"}


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


def has_items(node: ast.expr, assigned: dict[str, ast.expr]) -> bool:
    """Whether what a loop goes through has items for certain: a literal, a constant, or a helper says so."""
    match node:
        case ast.Tuple() | ast.List() | ast.Set():
            return any(not isinstance(item, ast.Starred) for item in node.elts)
        case ast.Dict():
            return bool(node.keys)
        case ast.Constant():
            return bool(node.value)
        case ast.Name():
            return node.id.isupper() or (node.id in assigned and has_items(assigned[node.id], {}))
        case ast.Attribute():
            return node.attr.isupper()
        case ast.BinOp():
            return has_items(node.left, assigned) or has_items(node.right, assigned)
        case ast.Call(func=ast.Name(id=name)) if name in KEEP_THE_NUMBER:
            return all(has_items(argument, assigned) for argument in node.args)
        case ast.Call(func=ast.Name(id=name)):
            return name in NEVER_EMPTY
        case ast.Call(func=ast.Attribute(value=value, attr="items" | "keys" | "values")):
            return has_items(value, assigned)
    return False


def loops_that_assert(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.expr]:
    """Yield what each loop that asserts goes through, `assert all(… for …)` among them."""
    for node in ast.walk(function):
        if isinstance(node, ast.For):
            if any(isinstance(inner, ast.Assert) for part in node.body for inner in ast.walk(part)):
                yield node.iter
        elif isinstance(node, ast.Assert):
            match node.test:
                case ast.Call(func=ast.Name(id="all"), args=[ast.GeneratorExp(generators=[loop, *_])]):
                    yield loop.iter
                case ast.UnaryOp(
                    op=ast.Not(),
                    operand=ast.Call(func=ast.Name(id="any"), args=[ast.GeneratorExp(generators=[loop, *_])]),
                ):
                    yield loop.iter


def is_counted(function: ast.FunctionDef | ast.AsyncFunctionDef, node: ast.expr) -> bool:
    """Whether the function asserts the number of these items, or that there are some."""
    items = ast.unparse(node)
    for assertion in ast.walk(function):
        match assertion:
            case ast.Assert(test=ast.Compare(left=left, comparators=[right])):
                sides = {ast.unparse(left), ast.unparse(right)}
                if f"len({items})" in sides and "0" not in sides:
                    return True
            case ast.Assert(test=ast.BoolOp(op=ast.And(), values=values)):
                if items in {ast.unparse(value) for value in values}:
                    return True
            case ast.Assert(test=test) if ast.unparse(test) == items:
                return True
    return False


def test_no_loop_of_assertions_passes_on_nothing(trees):
    """It asserts over what is certainly there, counts it, or says that there may be nothing."""
    loops = []
    for path, tree in trees.items():
        for function in functions(tree) if is_test(path) else []:
            assignments = [node for node in ast.walk(function) if isinstance(node, ast.Assign)]
            assigned = {
                target.id: node.value
                for node in assignments
                for target in node.targets
                if isinstance(target, ast.Name)
            }
            for items in loops_that_assert(function):
                if not has_items(items, assigned) and not is_counted(function, items):
                    loops.append(f"{name_of(path)}:{items.lineno} {ast.unparse(items)}")
    assert loops == [], "use `some` or `if_any` of tests/loops.py"
