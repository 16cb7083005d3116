"""What an action refused."""

import pytest
from django.core.exceptions import ValidationError


def error_codes(caught: pytest.ExceptionInfo[ValidationError]) -> dict[str, str]:
    """Return the error code by field; the field is "" for an error of the whole form."""
    error = caught.value
    if hasattr(error, "error_dict"):
        return {field: errors[0].code for field, errors in error.error_dict.items()}
    return {"": error.code}
