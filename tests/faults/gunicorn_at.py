"""gunicorn with a clock that goes ahead or behind: `python gunicorn_at.py SECONDS ARGUMENTS…`."""

import datetime
import sys

import time_machine

shift = datetime.timedelta(seconds=int(sys.argv[1]))
time_machine.travel(datetime.datetime.now(datetime.UTC) + shift, tick=True).start()

from gunicorn.app.wsgiapp import run  # noqa: E402 - after the clock is set

sys.argv = ["gunicorn", *sys.argv[2:]]
run()
