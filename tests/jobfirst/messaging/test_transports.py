"""Sending mails and SMS: what is noted of an error."""

import smtplib

from jobfirst.messaging import transports


def test_an_error_is_noted_by_kind_and_code_only():
    refused = smtplib.SMTPRecipientsRefused({"someone@example.invalid": (550, b"no someone here")})
    assert transports.error_code(refused) == "SMTPRecipientsRefused 550"
    assert transports.error_code(smtplib.SMTPDataError(452, b"full")) == "SMTPDataError 452"
    assert transports.error_code(ConnectionRefusedError("host")) == "ConnectionRefusedError"
