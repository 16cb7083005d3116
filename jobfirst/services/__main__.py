"""`python -m jobfirst.services COMMAND …`: run a command with the environment of the embedded services."""

import subprocess
import sys

from jobfirst import services

if __name__ == "__main__":
    try:
        services.ensure()
        sys.exit(subprocess.run(sys.argv[1:], check=False).returncode)
    except (services.ServiceError, FileNotFoundError) as error:
        sys.exit(str(error))
