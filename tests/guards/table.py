"""The guards that `make guards` takes away, each with tests of which one must then fail.

A text must stand in its file exactly once; tests/guards/test_table.py holds it, so that the list stays true
when the code changes. When a guard has moved, mend its line here; when it is gone, take the line out.
"""

from tests.guards.guard import Guard
from tests.guards.of_access import ACCESS
from tests.guards.of_agreements import AGREEMENTS
from tests.guards.of_courses import COURSES
from tests.guards.of_money import MONEY
from tests.guards.of_the_draw import DRAW
from tests.guards.of_the_log import LOG

GUARDS: list[Guard] = [*ACCESS, *COURSES, *AGREEMENTS, *MONEY, *DRAW, *LOG]
