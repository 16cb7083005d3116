"""The worker takes messages as JSON only: another form could run what it reads."""

import pickle

import pytest
from kombu.exceptions import ContentDisallowed
from kombu.serialization import loads, prepare_accept_content

from jobfirst.celery import app


def test_tasks_are_sent_and_taken_as_json():
    assert (app.conf.task_serializer, list(app.conf.accept_content)) == ("json", ["json"])


@pytest.mark.parametrize(
    "kind", ["application/x-python-serialize", "application/x-yaml", "application/x-msgpack"]
)
def test_a_message_that_is_not_json_is_refused(kind):
    with pytest.raises(ContentDisallowed):
        loads(pickle.dumps("x"), kind, "binary", accept=prepare_accept_content(app.conf.accept_content))
