"""What is wrong with an answer's headers, and with a file that leaves without a record."""

from audit.usage import ACTIONS, Usage
from jobfirst.edges.middleware import HEADERS, POLICY_OF_FILES
from tests.access.addresses import Address
from tests.access.requests import is_attachment

#: Of these the browser may keep an answer: none has anything of a citizen.
MAY_BE_STORED = {"security_txt"}


def faults(address: Address, answer) -> list[str]:
    """Return what is wrong with the headers of an answer."""
    wrong = [
        f"{name}: {answer.headers.get(name)}"
        for name, value in HEADERS.items()
        if answer.headers.get(name) not in ({value, "no-referrer"} if name == "Referrer-Policy" else {value})
    ]
    caching = answer.headers["Cache-Control"]
    if "no-store" not in caching and address.name not in MAY_BE_STORED:
        wrong.append(f"Cache-Control: {caching}")
    policy = answer.headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "frame-ancestors 'none'" not in policy:
        wrong.append(f"Content-Security-Policy: {policy}")
    if is_attachment(answer) and policy != POLICY_OF_FILES:
        wrong.append("a file without the policy of files")
    if "Server" in answer.headers:
        wrong.append("Server")
    return wrong


def is_unrecorded_file(answer, role: str) -> bool:
    """Whether the answer gives a file to somebody who is signed in, and no access record says so."""
    return (
        role != "anonymous"
        and is_attachment(answer)
        and not set(answer.recorded) & set(ACTIONS[Usage.DOWNLOAD])
    )
