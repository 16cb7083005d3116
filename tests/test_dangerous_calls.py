"""Calls by which text could become a command, a query, a program or a template, and weak cryptography."""

import ast
import re
from functools import cache
from pathlib import Path

from django.conf import settings

from tests.kit.all_forms import OUR_APPS

#: Calls that run text, or read a form that runs what it reads. Serialising the cache is signed.
RUNS_TEXT = {
    *(
        "eval",
        "exec",
        "compile",
        "__import__",
        "os.system",
        "os.popen",
        "os.startfile",
        "subprocess.getoutput",
    ),
    *(
        "pickle.loads",
        "pickle.load",
        "marshal.loads",
        "marshal.load",
        "shelve.open",
        "yaml.load",
        "dill.loads",
    ),
    *("code.interact", "ctypes.CDLL", "runpy.run_path", "runpy.run_module"),
}
#: Modules that nothing here may import: chance that can be foretold, forms that run what they read, old XML.
FORBIDDEN_MODULES = {
    *("random", "pickle", "marshal", "shelve", "dill", "jsonpickle", "telnetlib", "ftplib", "crypt"),
    *(
        "xml.sax",
        "xml.dom",
        "xml.dom.minidom",
        "xml.etree",
        "xml.etree.ElementTree",
        "lxml",
        "jinja2",
        "mako",
    ),
}
WEAK = re.compile(
    r"\b(?:md5|sha1|MD5|SHA1|MD4|RC4|ARC4|TripleDES|DES3|Blowfish|ECB|CBC|PKCS1v15|uuid1|uuid3)\b",
    re.IGNORECASE,
)
#: What is as it should be, with the reason.
EXCUSED = {
    "accounts/sign_in/breached_passwords.py": "the public list is ordered by it: nothing is protected by it",
    "accounts/sign_in/passwords.py": "words of the list, escaped",
    "jobfirst/settings/edges.py": "patterns written beside each variable",
    "jobfirst/database/owner.py": "an id of a context, made of another id: nothing rests on it",
    "evaluation/packages/contents/check_package.py": "runs the verifier that lies beside it",
    "devservices/processes.py": "calls one function of the C library",
    "jobfirst/settings/__init__.py": "patterns written beside each variable",
    "jobfirst/database/advisory_locks.py": "one of two names, and placeholders",
    "jobfirst/database/deferrable_unique.py": "the quoted name of a constraint",
    "jobfirst/database/one_moment.py": "one of two words",
    "jobfirst/database/bulk_copy.py": "the names of our own tables and columns",
    "jobfirst/row_security/policies.py": "SQL of our own models",
    "jobfirst/migrating/locks.py": "a number of the code",
    "reminders/recipients.py": "SQL of the ORM, with its parameters",
    "evaluation/packages/archive.py": "the text is a file of ours",
    "grants/expenses/file_inspector.py": "put together from names in the code",
}


def is_excused(place: str) -> bool:
    return place.partition(":")[0] in EXCUSED


@cache
def modules() -> list[tuple[str, ast.Module, str]]:
    """Return each module of our apps: its path, its tree, its text."""
    listed = []
    folders = [Path(config.path) for config in OUR_APPS] + [settings.BASE_DIR / "devservices"]
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            text = path.read_text("utf-8")
            if "migrations" not in path.parts:
                listed.append((str(path.relative_to(settings.BASE_DIR)), ast.parse(text), text))
    return listed


@cache
def calls() -> list[tuple[str, str, ast.Call]]:
    """Return each call of a name with its place and that name."""
    return [
        (f"{path}:{node.lineno}", name, node)
        for path, tree, _text in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and (name := name_of(node.func))
    ]


def name_of(node: ast.expr) -> str:
    """Return what is called as it is written, `a.b.c`; a call in front of a point is left out: `.execute`."""
    if isinstance(node, ast.Attribute):
        return f"{name_of(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def is_made_here(node: ast.expr) -> bool:
    """Whether a text consists of constants of the code: literals, names in capitals, and joints of them."""
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.Name | ast.Attribute):
        return re.sub(r".*\.", "", ast.unparse(node)).lstrip("_").isupper()
    if isinstance(node, ast.JoinedStr):
        return all(is_made_here(part) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return is_made_here(node.value)
    if isinstance(node, ast.Call):
        return ast.unparse(node.func) == "re.escape"
    if isinstance(node, ast.BinOp):
        return is_made_here(node.left) and is_made_here(node.right)
    return False


def test_nothing_runs_text_or_a_shell():
    places = [place for place, name, _call in calls() if name in RUNS_TEXT and not is_excused(place)]
    shells = [
        place
        for place, _name, call in calls()
        for keyword in call.keywords
        if keyword.arg == "shell" and ast.unparse(keyword.value) != "False"
    ]
    assert places + shells == []


def test_no_module_is_imported_that_runs_what_it_reads_or_whose_chance_can_be_foretold():
    imports = [
        (path, name)
        for path, tree, _text in modules()
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom) and not node.level
            else []
        )
    ]
    assert len(imports) > 1000
    assert [
        (path, name)
        for path, name in imports
        if name in FORBIDDEN_MODULES and not (name == "random" and path.startswith("demo/"))  # made-up people
    ] == []


def test_no_weak_cipher_or_hash_is_used():
    assert [
        (path, match[0])
        for path, _tree, text in modules()
        for match in WEAK.finditer(text)
        if not is_excused(path)
    ] == []


def test_no_template_is_made_of_text():
    names = {"Template", "django.template.Template", "engines", "Engine", "from_string", "string.Template"}
    places = [
        place
        for place, name, call in calls()
        if (name in names or name.endswith(".from_string")) and not is_excused(place)
    ]
    assert places == []


def test_no_pattern_is_made_of_text_that_came_in():
    functions = {
        f"re.{name}"
        for name in ("compile", "search", "match", "fullmatch", "sub", "split", "findall", "finditer")
    }
    assert [
        f"{place}: {ast.unparse(call.args[0])}"
        for place, name, call in calls()
        if name in functions and not is_made_here(call.args[0]) and not is_excused(place)
    ] == []


def test_no_sql_is_made_of_text_that_came_in():
    """Queries are constants, or put together by names of the code; values go in as parameters."""
    places = [
        f"{place}: {ast.unparse(call.args[0])}"
        for place, name, call in calls()
        if (name.endswith((".execute", ".executemany", ".raw", ".extra", "RawSQL")) or name == "RawSQL")
        and call.args
        and not place.startswith("devservices/")
        and not is_excused(place)
        and isinstance(call.args[0], ast.JoinedStr | ast.BinOp)
        and not is_made_here(call.args[0])
    ]
    assert places == []
