"""Settings of gunicorn, which reads this file in the folder in which it is started.

What differs from one installation to another (address, processes, threads) is given on the command line.
"""

logger_class = "jobfirst.logs.web_server.WebServerLogger"
