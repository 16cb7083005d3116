"""Base of the edit forms of a course."""

from typing import Any

from cases.models import Course
from jobfirst.kit.editing import EditFormMixin


class CourseFormMixin(EditFormMixin):
    """An edit form of a course or of a row that belongs to one; its page names the citizen."""

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.course = course
        self.intro = self.intro or course.citizen_name
