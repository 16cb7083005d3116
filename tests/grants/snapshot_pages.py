"""Addresses and contents of the pages of drafts and snapshots, for tests."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse

IN_2016 = {"year": "2016"}
NOON = datetime(2017, 2, 1, 12, tzinfo=ZoneInfo("Europe/Copenhagen"))
PROJECT_URL = reverse("grants:project", args=["aalborg"])


def snapshot_url(name, snapshot, *args):
    """Return the address of a page of the snapshot."""
    return reverse(f"grants:{name}", args=[snapshot.public_id, *args])


def page_body(response):
    """Return the HTML of the page below its header, without the hidden fields of its forms."""
    return re.sub(r'<input type="hidden"[^>]*>', "", response.content.partition(b"<main")[2].decode())


def page_texts(response):
    """Return the texts of the page in order, without tags."""
    return [text.strip() for text in re.split(r"<[^>]+>", page_body(response)) if text.strip()]
