"""Addresses and pages of drafts and of what is kept of them, for tests."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse

IN_2016 = {"year": "2016"}
NOON = datetime(2017, 2, 1, 12, tzinfo=ZoneInfo("Europe/Copenhagen"))
PROJECT = reverse("grants:project", args=["aalborg"])


def kept(name, snapshot, *args):
    return reverse(f"grants:{name}", args=[snapshot.public_id, *args])


def body(answer):
    """The page below its header, without the tokens of its forms."""
    return re.sub(r'<input type="hidden"[^>]*>', "", answer.content.partition(b"<main")[2].decode())


def words(answer):
    """What stands on the page, tags left out."""
    return [line for text in re.split(r"<[^>]+>", body(answer)) if (line := text.strip())]
