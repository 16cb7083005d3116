"""Progress bars appear on a terminal and nowhere else."""

import io

from jobfirst import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def work() -> list[int]:
    with_bar = list(progress.tracked([1, 2, 3], "Rows"))
    return with_bar + [len(batch) for batch in progress.batches(range(5), 2, "Saving")]


def test_a_terminal_gets_a_bar_with_its_label() -> None:
    terminal = Terminal()
    with progress.on_terminal(terminal):
        assert work() == [1, 2, 3, 2, 2, 1]
    assert "Rows" in terminal.getvalue()
    assert "Saving" in terminal.getvalue()


def test_a_pipe_gets_nothing() -> None:
    pipe = io.StringIO()
    with progress.on_terminal(pipe):
        assert work() == [1, 2, 3, 2, 2, 1]
    assert pipe.getvalue() == ""


def test_outside_a_command_nothing_is_shown(capsys) -> None:
    assert work() == [1, 2, 3, 2, 2, 1]
    assert capsys.readouterr() == ("", "")


def test_nothing_to_do_shows_nothing() -> None:
    terminal = Terminal()
    with progress.on_terminal(terminal):
        assert list(progress.tracked([], "Rows")) == []
    assert "Rows" not in terminal.getvalue()
