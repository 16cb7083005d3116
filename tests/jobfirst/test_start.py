"""What a command imports when it starts: heavy libraries are imported where they are used."""

import subprocess
import sys

from django.conf import settings

HEAVY = {
    "PIL",
    "altair",
    "holidays",
    "numpy",
    "openpyxl",
    "pypdf",
    "rich",
    "scipy",
    "statsmodels",
    "vl_convert",
    "weasyprint",
}
# `check` imports every view by way of the addresses.
CHECK = """
import runpy, sys
sys.argv = ["manage.py", "check"]
runpy.run_path("manage.py", run_name="__main__")
print(" ".join(sys.modules))
"""


def test_no_command_imports_a_heavy_library_when_it_starts():
    check = subprocess.run(
        [sys.executable, "-c", CHECK], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    modules = set(check.stdout.split())
    assert "cases.views.course" in modules
    assert sorted(HEAVY & modules) == []
