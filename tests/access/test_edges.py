"""What answers tell the browser, and that lists that leave as files are recorded.

`test_access.py` asks the same of every answer of every address.
"""

import pytest
from django.core.cache import cache

from jobfirst.edges.middleware import NOT_STORED
from tests.access.edges import faults
from tests.access.requests import is_attachment, send_request
from tests.access.table import TABLE

pytestmark = pytest.mark.usefixtures("quick_pdfs")

ADDRESSES = {address.name: address for address in TABLE}
#: Lists of each kind: of the house, of a project, of a course; sorted, searched, drawn.
LISTS = {
    "cases:courses": "mentor",
    "companies:companies": "mentor",
    "evaluation:dashboard": "project_leader",
    "user_list": "administrator",
}


@pytest.mark.parametrize(("name", "role"), LISTS.items())
def test_a_list_as_a_file_is_recorded_once(two_projects, name, role):
    cache.clear()
    client = two_projects.clients[role]
    answer = send_request(two_projects, ADDRESSES[name], "GET", client, "own", "?format=xlsx")
    assert is_attachment(answer)
    assert answer.recorded.count("list.export") == 1
    assert faults(ADDRESSES[name], answer) == []


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "OPTIONS", "PROPFIND", "X"])
def test_a_method_that_no_page_has_is_refused_before_anything_reads_it(two_projects, method):
    for role in ("anonymous", "project_leader"):
        answer = two_projects.clients[role].generic(method, "/forloeb/", b"a=1")
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, POST")
        assert answer["Cache-Control"] == NOT_STORED
