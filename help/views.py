"""The help: topics by role, a search over them, and each topic."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.requests import AuthenticatedRequest
from help import topics
from jobfirst.kit import navigation
from jobfirst.kit.pages import render_page

LONGEST_QUERY = 100


@require_GET
def index(request: AuthenticatedRequest) -> HttpResponse:
    """Show the topics, those of the user's own roles first, or the sections that a search finds."""
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    of_user, shared, others = topics.topics_of_roles({role for _, role in request.user.held_roles})
    context = {
        "query": query,
        "findings": topics.search(query),
        "own": of_user,
        "shared": shared,
        "others": others,
    }
    return render_page(request, "help/index.html", context)


@require_GET
def topic(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Show a topic, with a link to the page it is about for those who have that page in their menu."""
    found_topic = topics.all_topics().get(code)
    if found_topic is None:
        raise Http404
    url = reverse(found_topic.page) if found_topic.page else ""
    link = next((item for item in navigation.items_for(request) if item.url == url), None)
    return render_page(request, "help/topic.html", {"topic": found_topic, "page_link": link})
