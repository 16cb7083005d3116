import hashlib

from django.db import migrations


def convert_hashes(apps, schema_editor):
    """Give the lists that wait or are approved the new hash, where the earlier one is that of their rows.

    A list of which something was erased already has no ids to compare any more: its rest is refused as
    another list than was approved, and is due anew.
    """
    lists = apps.get_model("rights", "ErasureRun").objects
    items_of = apps.get_model("rights", "ErasureItem").objects
    for run in lists.filter(state__in=["proposed", "approved"]):
        items = list(items_of.filter(run=run))
        if all(item.subject for item in items) and _earlier_hash(items) == run.content_hash:
            lists.filter(pk=run.pk).update(content_hash=_new_hash(items))


def state_begun(apps, schema_editor):
    """Say of the approved lists of which somebody was erased that they have begun: they are not withdrawn."""
    erasures = apps.get_model("rights", "Erasure").objects
    items = apps.get_model("rights", "ErasureItem").objects.filter(state="erased")
    lists = apps.get_model("rights", "ErasureRun").objects.filter(state="approved", begun_at=None)
    for run in lists.filter(pk__in=items.values("run")):
        first = erasures.filter(run=run.public_id).order_by("number").first()
        lists.filter(pk=run.pk).update(begun_at=first.erased_at if first else run.decided_at)


def forget_erased(apps, schema_editor):
    """Take the ids of who was erased off the other lists on which they stand."""
    erased = {
        bytes(subject_hash)
        for subject_hash in apps.get_model("rights", "Erasure").objects.values_list("subject_hash", flat=True)
    }
    items = apps.get_model("rights", "ErasureItem").objects
    for item in items.exclude(subject=None):
        subject_hash = hashlib.sha256(item.subject.bytes).digest()
        if subject_hash in erased:
            items.filter(pk=item.pk).update(subject=None, subject_hash=subject_hash)


def _earlier_hash(items):
    return _hash(f"{item.kind} {item.subject} {item.due_on}" for item in items)


def _new_hash(items):
    return _hash(
        f"{item.kind} {hashlib.sha256(item.subject.bytes).hexdigest()} {item.begins_on} {item.due_on}"
        for item in items
    )


def _hash(lines):
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


class Migration(migrations.Migration):
    dependencies = [
        ("rights", "0010_lists_by_hash"),
    ]

    operations = [
        migrations.RunPython(convert_hashes, migrations.RunPython.noop),
        migrations.RunPython(state_begun, migrations.RunPython.noop),
        migrations.RunPython(forget_erased, migrations.RunPython.noop),
    ]
