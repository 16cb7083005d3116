"""A standard error that reacts to the notices of a waiting command."""

import io


class Notices(io.StringIO):
    """Standard error that calls `act` when `subject` has been written `times` times."""

    def __init__(self, subject, act, times=2):
        super().__init__()
        self.subject, self.act, self.times = subject, act, times

    def write(self, text):
        length = super().write(text)
        if self.act and self.getvalue().count(self.subject) >= self.times:
            act, self.act = self.act, None
            act()
        return length
