"""The help's pages: the reader's own roles first, the search, and what they cost."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from audit.models import AccessRecord
from help import topics
from tests.factories import ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db
INDEX = "/hjaelp/"


@pytest.fixture
def as_role(client):
    """`as_role(*roles)` signs a user with these roles in."""

    def signed_in(*roles):
        client.force_login(UserFactory(project=ProjectFactory(), roles=roles))
        return client

    return signed_in


@pytest.mark.parametrize("role", list(Role))
def test_index_begins_with_the_readers_own_role(as_role, role):
    page = as_role(role).get(INDEX)
    assert [topic.role for topic in page.context["own"]] == [role]
    text = page.content.decode()
    (topic, *_), _shared, (other_topic, *_) = topics.topics_of_roles({role})
    texts = ["Til dig", topic.title, "Til alle", other_topic.title]
    assert sorted(texts, key=text.index) == texts


def test_index_of_several_roles_has_all_of_them_first(as_role):
    page = as_role(Role.MENTOR, Role.JOB_CONSULTANT).get(INDEX)
    assert {topic.role for topic in page.context["own"]} == {Role.MENTOR, Role.JOB_CONSULTANT}
    assert len(page.context["own"] + page.context["shared"] + page.context["others"]) == len(
        topics.all_topics()
    )


def test_index_without_a_role_has_the_topics_for_everybody_first(as_role):
    text = as_role().get(INDEX).content.decode()
    assert "Til dig" not in text
    assert text.index("Til alle") < text.index("Kom i gang") < text.index("Det gør de andre")


@pytest.mark.parametrize("code", [source.code for source in topics.SOURCES])
def test_every_topic_is_open_to_every_role(as_role, code):
    page = as_role(Role.AGENCY).get(reverse("help:topic", args=[code]))
    assert page.status_code == 200
    assert topics.all_topics()[code].body in page.content.decode()


def test_unknown_topic_is_not_found(as_role):
    assert as_role(Role.MENTOR).get("/hjaelp/nowhere/").status_code == 404


def test_help_is_for_those_who_are_signed_in(client):
    assert client.get(INDEX).url == f"{reverse('account_login')}?next={INDEX}"


def test_topic_links_to_its_page_for_those_who_have_it_in_their_menu(as_role):
    address = reverse("help:topic", args=["mentor"])
    link = f'<a class="button button-secondary" href="{reverse("cases:my_week")}">Åbn »Min uge«</a>'
    assert link in as_role(Role.MENTOR).get(address).content.decode()
    assert link not in as_role(Role.AGENCY).get(address).content.decode()


def test_search_shows_sections_with_links(as_role):
    page = as_role(Role.MENTOR).get(INDEX, {"q": "forgaeves"}).content.decode()
    assert f'href="{reverse("help:topic", args=["mentor"])}#ikke-truffet"' in page
    assert "Fundet for »forgaeves«" in page
    assert "Til alle" not in page


def test_search_without_a_hit_says_so_and_escapes_what_was_typed(as_role):
    page = as_role(Role.MENTOR).get(INDEX, {"q": "<script>x"}).content.decode()
    assert "Ingenting fundet" in page
    assert "<script>x" not in page


def test_help_is_linked_from_every_page(as_role):
    page = as_role(Role.MENTOR).get(reverse("account")).content.decode()
    assert f'class="jf-tool" href="{INDEX}"' in page


@pytest.mark.parametrize("address", [INDEX, "/hjaelp/mentor/"])
def test_english_reader_is_told_that_the_text_is_danish(as_role, address):
    client = as_role(Role.MENTOR)
    note = "The help is written in Danish."
    assert note not in client.get(address).content.decode()
    page = client.get(address, headers={"accept-language": "en"}).content.decode()
    assert note in page
    assert 'lang="da"' in page


@pytest.mark.parametrize("address", [INDEX, f"{INDEX}?q=hul", "/hjaelp/mentor/"])
def test_a_page_asks_only_for_the_reader(as_role, address, django_assert_num_queries):
    client = as_role(Role.MENTOR)
    client.get(address)
    with django_assert_num_queries(3):  # session, user, roles
        client.get(address)


def test_help_writes_no_access_record(as_role):
    as_role(Role.MENTOR).get("/hjaelp/mentor/")
    assert not AccessRecord.objects.exists()
