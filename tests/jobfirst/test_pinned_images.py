"""`scripts/pin_images.py` writes the digest of every image, here with a docker that makes digests up."""

import os
import re
import subprocess
import sys

import pytest

from devservices.layout import PROJECT
from scripts.pin_images import FILES

DOCKER = """#!/bin/sh
printf 'sha256:'; printf '%s' "$4" | sha256sum | cut -c1-64
"""


@pytest.fixture
def run(tmp_path):
    """Copy the files, put a docker of our own before the real one; return a function that runs the script."""
    for name in FILES:
        (tmp_path / name).write_text((PROJECT / name).read_text())
    program = tmp_path / "bin" / "docker"
    program.parent.mkdir()
    program.write_text(DOCKER)
    program.chmod(0o755)
    environment = os.environ | {"PATH": f"{program.parent}:{os.environ['PATH']}"}
    command = [sys.executable, "scripts/pin_images.py", "--folder", str(tmp_path)]
    return lambda *options: subprocess.run(
        [*command, *options], cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )


def test_every_image_gets_the_digest_of_its_registry(run, tmp_path):
    assert run().returncode == 0
    text = "".join((tmp_path / name).read_text() for name in FILES)
    images = re.findall(r"^(?:FROM| +image:) (\S+)", text, re.MULTILINE)
    pinned = [image for image in images if re.search(r"@sha256:[0-9a-f]{64}$", image)]
    assert {image.split(":")[0] for image in pinned} == {"node", "postgres", "python", "redis"}
    assert set(images) - set(pinned) == {"jobfirst"}
    assert run("--check").returncode == 0


def test_a_second_run_changes_nothing_while_the_registry_has_the_same(run, tmp_path):
    run()
    text = (tmp_path / "Dockerfile").read_text()
    run()
    assert (tmp_path / "Dockerfile").read_text() == text


def test_a_registry_that_does_not_answer_is_an_error(run, tmp_path):
    (tmp_path / "bin" / "docker").write_text("#!/bin/sh\necho no route to host >&2; exit 1\n")
    process = run()
    assert process.returncode == 1
    assert "no route to host" in process.stderr
    assert (tmp_path / "Dockerfile").read_text() == (PROJECT / "Dockerfile").read_text()
