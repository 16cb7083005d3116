"""URLs of the progression tool: answering, the monthly review, progress over time, questionnaires."""

from django.urls import path

from progression.views import answering, course, questionnaires, uploads

app_name = "progression"

urlpatterns = [
    path("forloeb/<uuid:public_id>/progression/gennemgang/", course.review, name="review"),
    path("forloeb/<uuid:public_id>/progression/udvikling/", course.over_time, name="over_time"),
    path("forloeb/<uuid:public_id>/progression/omraader/", course.categories, name="categories"),
    path("forloeb/<uuid:public_id>/progression/svar/", answering.start, name="start"),
    path("progression/svar/<uuid:public_id>/<int:number>/", answering.step, name="step"),
    path("progression/svar/<uuid:public_id>/afslut/", answering.finish, name="finish"),
    path("progression/svar/<uuid:public_id>/kasser/", answering.discard, name="discard"),
    path("progression/ret/<uuid:public_id>/", answering.correct, name="correct"),
    # The agency's questionnaire
    path("spoergeskema/", questionnaires.versions, name="versions"),
    path("spoergeskema/kladde/", questionnaires.new_draft, name="new_draft"),
    path("spoergeskema/<int:number>/", questionnaires.version, name="version"),
    path("spoergeskema/<int:number>/offentliggoer/", questionnaires.publish, name="publish"),
    path("spoergeskema/<int:number>/kasser/", questionnaires.discard, name="discard_draft"),
    path("spoergeskema/<int:number>/<slug:kind>/ny/", questionnaires.new_part, name="new_part"),
    path(
        "spoergeskema/<int:number>/<slug:kind>/<slug:code>/", questionnaires.change_part, name="change_part"
    ),
    path(
        "spoergeskema/<int:number>/<slug:kind>/<slug:code>/slet/",
        questionnaires.remove_part,
        name="remove_part",
    ),
    path("indlaes/progression/", uploads.upload, name="upload"),
]
