"""Pin the images of Dockerfile and docker-compose.yml by digest: `python3 scripts/pin_images.py`.

Asks the registry through docker, so it runs on a machine that has both. With `--check` nothing is asked: it
lists the images without a digest, and the exit code is 1 when there are any. Needs nothing but Python.
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
FILES = ("Dockerfile", "docker-compose.yml")
#: `FROM name:version` or `image: name:version`, perhaps with a digest; what we build has no version.
IMAGE = re.compile(
    r"(?P<start>^FROM |^ +image: )(?P<name>[\w./-]+:[\w.-]+)(?P<digest>@sha256:[0-9a-f]{64})?", re.MULTILINE
)


def digest_of(image: str) -> str:
    """Return the digest of the image for all platforms; exits with docker's answer when it has none."""
    command = ["docker", "buildx", "imagetools", "inspect", image, "--format", "{{.Manifest.Digest}}"]
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    digest = process.stdout.strip()
    if process.returncode or not re.fullmatch(r"sha256:[0-9a-f]{64}", digest):
        sys.exit(f"{image}: {process.stderr.strip() or digest}")
    return digest


def pinned(text: str, ask: Callable[[str], str]) -> str:
    """Return the text of a file with the digest of each image as it is now."""
    return IMAGE.sub(lambda match: f"{match['start']}{match['name']}@{ask(match['name'])}", text)


def unpinned(text: str) -> list[str]:
    """Return the images without a digest."""
    return [match["name"] for match in IMAGE.finditer(text) if not match["digest"]]


def main() -> None:
    parser = argparse.ArgumentParser(description="Pins the images by digest.")
    parser.add_argument("--check", action="store_true", help="only list the images without a digest")
    parser.add_argument("--folder", type=Path, default=PROJECT, help=argparse.SUPPRESS)
    options = parser.parse_args()
    missing = []
    for name in FILES:
        path = options.folder / name
        text = path.read_text(encoding="utf-8")
        if options.check:
            missing += [f"{name}: {image}" for image in unpinned(text)]
        else:
            path.write_text(pinned(text, digest_of), encoding="utf-8")
    print("\n".join(missing), end="\n" if missing else "")
    sys.exit(1 if missing else 0)


if __name__ == "__main__":
    main()
