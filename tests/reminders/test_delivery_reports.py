"""Reports of mail servers are read (RFC 3464), and nothing else is taken for one."""

from email.message import EmailMessage

import pytest

from reminders.rules.delivery_reports import FailedDelivery, read_report
from tests.reminders.delivery_reports import report_about

MESSAGE_ID = "<1b4e28ba-2fa1-41d2-883f-0016d3cca427@jobfirst.example>"


@pytest.fixture
def original():
    mail = EmailMessage()
    mail["From"] = "JobFirst <jobfirst@jobfirst.example>"
    mail["To"] = "mentor@kommune.example"
    mail["Subject"] = "JobFirst: 2 påmindelser"
    mail["Message-ID"] = MESSAGE_ID
    mail.set_content("KK: Ingen kontakt")
    return mail


@pytest.mark.parametrize("headers_only", [True, False])
def test_a_failure_with_the_mail_or_only_its_headers(original, headers_only):
    assert read_report(report_about(original, headers_only=headers_only)) == FailedDelivery(
        MESSAGE_ID, {"mentor@kommune.example": "5.1.1"}
    )


def test_the_address_is_that_of_the_report_and_not_the_originals(original):
    report = report_about(original, recipient="privat@post.example")
    assert read_report(report) == FailedDelivery(MESSAGE_ID, {"privat@post.example": "5.1.1"})


def test_either_field_of_the_report_names_the_address(original):
    content = report_about(original, recipient="m1@internal.example").replace(
        b"\nAction:", b"\nOriginal-Recipient: RFC822;<Mentor@Kommune.example>\nAction:"
    )
    failure = read_report(content)
    assert failure.final_status("mentor@kommune.example") == "5.1.1"
    assert failure.final_status("m1@internal.example") == "5.1.1"
    assert failure.final_status("anden@kommune.example") is None


def test_a_failure_that_names_no_recipient_is_of_no_address(original):
    failure = read_report(report_about(original).replace(b"Final-Recipient:", b"X-Recipient:"))
    assert failure.status == "5.1.1"
    assert failure.final_status("mentor@kommune.example") is None


@pytest.mark.parametrize(
    ("status", "read", "is_final"),
    [
        ("5.2.2 (full)", "5.2.2", True),
        ("4.4.7", "4.4.7", False),
        ("soon", "5.0.0", True),
        ("", "5.0.0", True),
    ],
)
def test_the_status_says_whether_it_is_final(original, status, read, is_final):
    failure = read_report(report_about(original, status=status))
    assert failure.status == read
    assert failure.final_status("mentor@kommune.example") == (read if is_final else None)


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", ""])
def test_what_is_not_a_failure_is_no_report(original, action):
    assert read_report(report_about(original, action=action)) is None


def test_an_answer_by_a_person_or_a_machine_is_none(original):
    assert read_report(original.as_bytes()) is None
    del original["Message-ID"]
    assert read_report(report_about(original)) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\x00garbage",
        b"Content-Type: multipart/report\n\n",
        b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n--x--",
        b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/rfc822\n\n--x--\n",
        b"Content-Type: multipart/report; boundary=\n\n--\n\n",
    ],
)
def test_a_broken_mail_is_none(content):
    assert read_report(content) is None


def nested(levels):
    """Return a mail of parts within parts."""
    parts = [
        f"--b{level}\nContent-Type: multipart/mixed; boundary=b{level + 1}\n\n" for level in range(levels)
    ]
    return ("Content-Type: multipart/report; boundary=b0\n\n" + "".join(parts)).encode()


@pytest.mark.parametrize(
    "content",
    [
        nested(2000),
        b"Content-Type: multipart/report; boundary=b\n\n--b\n" + b"Content-Type: message/rfc822\n\n" * 2000,
    ],
    ids=["parts", "mails"],
)
def test_a_mail_nested_too_deep_to_be_read_is_none(content):
    assert read_report(content) is None
