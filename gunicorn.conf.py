"""Settings of gunicorn, which reads this file in the folder in which it is started.

What differs from one installation to another (address, processes, threads) is given on the command line.
"""

logger_class = "jobfirst.logs.web_server.WebServerLogger"


def on_starting(server):
    """Before there are processes: what those of an earlier start counted is over."""
    from jobfirst.monitoring.counting import forget_earlier_processes

    forget_earlier_processes()


def child_exit(server, worker):
    """When a process has ended."""
    from jobfirst.monitoring.counting import forget_process

    forget_process(worker.pid)
