"""Standard error, watched for what a command says that it waits for."""

import io


class Notices(io.StringIO):
    """Standard error; `act` is called when `subject` has been written there `times` times."""

    def __init__(self, subject, act, times=2):
        super().__init__()
        self.subject, self.act, self.times = subject, act, times

    def write(self, text):
        written = super().write(text)
        if self.act and self.getvalue().count(self.subject) >= self.times:
            act, self.act = self.act, None
            act()
        return written
