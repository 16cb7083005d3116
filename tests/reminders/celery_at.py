"""Celery at another moment: `python celery_at.py 2016-04-07T07:00:30+02:00 worker …`.

Beat's clock is set when beat begins to tick, so that the time its start takes does not matter.
"""

import datetime
import sys

import time_machine
from celery.signals import beat_init

moment = datetime.datetime.fromisoformat(sys.argv[1])
traveller = time_machine.travel(moment - datetime.timedelta(hours=1), tick=True)
clock = traveller.start()
if sys.argv[2] == "beat":

    @beat_init.connect(weak=False)
    def set_the_clock(**kwargs):
        clock.move_to(moment)

else:
    clock.move_to(moment)

from celery.bin.celery import main  # noqa: E402 - after the clock is set

sys.argv = ["celery", "-A", "jobfirst.celery", *sys.argv[2:]]
main()
