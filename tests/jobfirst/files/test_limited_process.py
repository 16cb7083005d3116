"""Programs that read untrusted files: limited, without secrets, and every way of ending is reported."""

import subprocess
import sys
import tempfile

import pytest
from django.conf import settings

from jobfirst.files import limited_process
from jobfirst.files.limited_process import Ending

LIMIT = "from jobfirst.files.limited_process import limit\nlimit(memory=200_000_000, cpu_seconds=1)\n"


@pytest.fixture
def run(tmp_path):
    def run_text(text: str, *arguments: str, source=b"", seconds=20.0, output=None) -> limited_process.Ended:
        program = tmp_path / "program.py"
        program.write_text(text, encoding="utf-8")
        return limited_process.run(program, *arguments, source=source, seconds=seconds, output=output)

    return run_text


def test_a_program_reads_its_source_and_its_arguments(run):
    text = "import sys; print(sys.argv[1:], sys.stdin.read(), end='')"
    assert run(text, "a", "b c", source="æ".encode()).output.decode() == "['a', 'b c'] æ"


def test_a_program_reads_and_writes_files_that_never_lie_in_our_memory(run):
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as output:
        source.write(b"in")
        source.seek(0)
        ended = run("import sys; print(sys.stdin.read() + ' out', end='')", source=source, output=output)
        output.seek(0)
        assert (ended.ending, ended.output, output.read()) == (Ending.DONE, b"", b"in out")


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ("pass", Ending.DONE),
        ("raise RuntimeError", Ending.FAILED),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", Ending.KILLED),
        (LIMIT + "while True: pass", Ending.TOO_LONG),
    ],
)
def test_every_ending_has_a_name(run, text, ending):
    assert run(text).ending is ending


def test_a_program_that_waits_is_ended_by_the_clock(run):
    assert run("import time; time.sleep(60)", seconds=0.5).ending is Ending.TOO_LONG


def test_a_program_that_is_not_there_has_failed(tmp_path):
    assert limited_process.run(tmp_path / "none.py", source=b"", seconds=20).ending is Ending.FAILED


def test_memory_is_bounded(run):
    text = LIMIT + "try:\n    bytearray(200_000_000)\nexcept MemoryError:\n    print('bounded', end='')"
    assert run(text).output == b"bounded"


def test_what_is_written_is_bounded(run, tmp_path):
    file = tmp_path / "written"
    text = (
        "from jobfirst.files.limited_process import limit\n"
        "limit(memory=200_000_000, cpu_seconds=1, file_size=1000)\n"
        f"with open({str(file)!r}, 'wb') as file: file.write(bytes(2000))"
    )
    assert run(text).ending is Ending.FAILED
    assert file.stat().st_size <= 1000


def test_a_program_knows_no_key_and_no_application(run, monkeypatch):
    monkeypatch.setenv("JOBFIRST_CPR_KEYS", "1:secret")
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    text = "import os, sys; print(sorted(os.environ), '/somewhere' in sys.path, end='')"
    environment = run(text).output.decode()
    assert environment.endswith("False")
    assert "JOBFIRST" not in environment
    assert "DATABASE" not in environment


def test_the_reader_imports_no_django():
    program = (
        "import sys, jobfirst.reader.program, jobfirst.reader.workbook; sys.exit('django' in sys.modules)"
    )
    process = subprocess.run([sys.executable, "-c", program], cwd=settings.BASE_DIR, check=False)
    assert process.returncode == 0
