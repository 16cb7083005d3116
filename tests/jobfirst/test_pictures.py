"""The pictures of docs/images are those that scripts/pictures.py takes, small, and shown somewhere."""

from pathlib import Path

from scripts.pictures import IMAGES, MOST_BYTES, PICTURES, targets
from tests.loops import some

PROJECT = Path(__file__).resolve().parents[2]
HELP = PROJECT / "static" / "help"


def test_the_script_takes_every_picture():
    assert {file.stem for file in IMAGES.iterdir()} == {picture.name for picture in PICTURES}
    assert {target.file for target in targets()} == {*IMAGES.iterdir(), *HELP.iterdir()}


def test_every_picture_is_shown_and_small():
    texts = "".join(
        file.read_text(encoding="utf-8") for file in (PROJECT / "README.md", *PROJECT.glob("docs/*.md"))
    )
    for file in some(IMAGES.iterdir()):
        assert f"images/{file.name}" in texts
        assert file.stat().st_size <= MOST_BYTES
