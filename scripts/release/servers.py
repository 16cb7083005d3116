"""PostgreSQL, Redis and the mail server of the machine."""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from devservices.binaries import postgres_home, redis_program
from devservices.keys import read
from devservices.processes import before_exec, server_user
from scripts.release.machine import PROJECT, Machine
from scripts.release.waiting import is_listening, wait_for


class Servers:
    """PostgreSQL, Redis and the mail server of the machine."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.password = secrets.token_hex(16)

    def start(self) -> None:
        """Start PostgreSQL and Redis on TCP, and a mail server that stores what it gets."""
        self._start_postgres()
        folder = self.machine.folder / "redis"
        folder.mkdir()
        options = [
            "--port",
            str(self.machine.redis),
            "--bind",
            "127.0.0.1",
            "--maxmemory-policy",
            "noeviction",
        ]
        self.machine.spawn("redis", [str(redis_program()), *options], {"PATH": "/usr/bin:/bin"}, cwd=folder)
        mail = ["-m", "devservices.mailcatcher", str(self.machine.folder / "mail")]
        self.machine.spawn(
            "mail",
            [sys.executable, *mail, "--port", str(self.machine.mail)],
            self.machine.environment,
            cwd=PROJECT,
        )
        for port in (self.machine.redis, self.machine.mail, self.machine.database):
            wait_for(partial(is_listening, port), f"port {port}")

    def _start_postgres(self) -> None:
        user = server_user()
        home = postgres_home(user)
        folder = Path(tempfile.mkdtemp(prefix="jobfirst-trial-pg-"))
        self.folder = folder
        password = folder / "password"
        password.write_text(self.password)
        data = folder / "data"
        data.mkdir(mode=0o700)
        if user is not None:
            for path in (folder, password, data):
                os.chown(path, user.pw_uid, user.pw_gid)
        environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
        as_user = {"cwd": data, "preexec_fn": before_exec(user, signal.SIGINT)}
        options = ["--username=postgres", f"--pwfile={password}", "--auth=scram-sha-256", "--no-sync"]
        initdb = [
            str(home / "bin" / "initdb"),
            f"--pgdata={data}",
            *options,
            "--encoding=UTF8",
            "--locale=C.UTF-8",
        ]
        subprocess.run(initdb, env=environment, stdout=subprocess.DEVNULL, check=True, **as_user)  # type: ignore[call-overload]
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.machine.database),
            "unix_socket_directories": "",
            "fsync": "off",
            "log_min_error_statement": "panic",
        }
        command = [str(home / "bin" / "postgres"), "-D", str(data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        self.machine.spawn("postgres", command, environment, **as_user)

    def make_roles(self) -> None:
        """Run the statements of docker/roles.sh with the passwords of owner.env."""
        import psycopg
        from psycopg import sql

        owner = read(self.machine.folder / "etc" / "jobfirst" / "owner.env")
        script = (PROJECT / "docker" / "roles.sh").read_text().partition("<<'SQL'\n")[2].rpartition("SQL")[0]
        passwords = {
            ":'owner_password'": owner["JOBFIRST_OWNER_PASSWORD"],
            ":'app_password'": owner["JOBFIRST_APP_PASSWORD"],
        }
        for name, value in passwords.items():
            script = script.replace(name, sql.Literal(value).as_string())
        with psycopg.connect(
            host="127.0.0.1",
            port=self.machine.database,
            user="postgres",
            password=self.password,
            dbname="postgres",
            autocommit=True,
        ) as connection:
            for statement in filter(str.strip, script.split(";\n")):
                connection.execute(statement)  # the statements of our own file

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
