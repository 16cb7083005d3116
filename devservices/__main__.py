"""`python -m devservices COMMAND …`: run a command with the environment of the embedded services."""

import subprocess
import sys

import devservices

if __name__ == "__main__":
    try:
        devservices.ensure()
        sys.exit(subprocess.run(sys.argv[1:], check=False).returncode)
    except (devservices.ServiceError, FileNotFoundError) as error:
        sys.exit(str(error))
