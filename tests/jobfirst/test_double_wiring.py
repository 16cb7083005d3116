"""What is registered in lower apps has one meaning: a name that is taken is refused."""

import pytest
import rules

from cases import extension_points as cases
from cases.course_pages import CoursePage
from jobfirst import extension_points as frame


def test_a_second_entry_section_or_permission_of_the_same_name_is_refused():
    with pytest.raises(ValueError, match="lead to user_list"):
        frame.add_to_menu(frame.NavItem("Another", "user_list"))
    with pytest.raises(ValueError, match="called plan"):
        cases.add_section(cases.CourseSection("plan", "Another", "none.html", CoursePage.PLAN))
    with pytest.raises(KeyError):
        frame.add_permissions({"cases.refer": rules.always_deny})
