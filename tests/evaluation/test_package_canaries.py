"""Nothing that anybody wrote, and nobody's name or number, is in an evaluator's package."""

import io
import re
import zipfile

import pytest

from accounts.models import User
from accounts.roles import Role
from cases.models import Citizen, Referral
from companies.models import Company
from evaluation.packages.actions import make_package
from jobfirst import clock
from tests.factories import UserFactory
from tests.loops import some
from tests.scenarios.sharing_projects import WORD, build

pytestmark = pytest.mark.django_db

ADDRESS = re.compile(r"[\w.]+@[\w.]+\.\w+")
#: Texts of ours, the same in every package.
FIXED = {"README.md", "check_package.py", "ledger/verify_draw.py", "ledger/draw-specification.md"}


def texts_of(content: bytes) -> dict[str, str]:
    """The text of each file of the package by name; of a Parquet file its raw bytes and its values."""
    import pyarrow.parquet as pq

    texts = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            raw = archive.read(name)
            texts[name] = raw.decode("utf-8", "replace")
            if name.endswith(".parquet"):
                values = pq.read_table(io.BytesIO(raw)).to_pylist()
                texts[name] += repr(values) + repr(pq.read_schema(io.BytesIO(raw)).metadata)
    return texts


@pytest.fixture
def package_texts(db):
    """The texts of a package of two projects whose every text is a word of its own."""
    _world, words = build()
    assert len(words.field_by_word) > 100
    made = make_package(by=UserFactory(roles=[Role.AGENCY]), as_of=clock.today())
    with made.archive.file as file:
        return texts_of(file.read())


def test_the_package_has_no_word_that_anybody_wrote(package_texts):
    assert {name for name, text in some(package_texts.items()) if WORD in text} == set()


def test_the_package_names_nobody_and_has_no_number_or_address(package_texts):
    citizens = list(Citizen.objects.all())
    secrets = {
        *(citizen.cpr for citizen in citizens),
        *(str(citizen.public_id) for citizen in citizens),
        *Referral.objects.values_list("name", flat=True),
        *User.objects.values_list("name", flat=True),
        *User.objects.values_list("email", flat=True),
        *Company.objects.values_list("name", flat=True),
        *Company.objects.values_list("cvr", flat=True),
    } - {""}
    assert len(secrets) > 20

    text = "\n".join(text for name, text in package_texts.items() if name not in FIXED)

    assert [secret for secret in secrets if secret in text] == []
    assert ADDRESS.findall(text) == []


def test_the_ledgers_pseudonyms_stand_in_the_ledger_alone(package_texts):
    pseudonyms = set(Citizen.objects.values_list("pseudonym", flat=True))

    holders = {name for name, text in package_texts.items() for pseudonym in pseudonyms if pseudonym in text}

    assert holders == {"ledger/ledger.json"}
