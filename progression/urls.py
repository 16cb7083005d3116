"""URLs of the progression tool: answering, the monthly review, progress over time, questionnaires."""

from django.urls import include, path

from progression.views import answering, course, questionnaires, uploads

app_name = "progression"

of_questionnaire = [
    path("kladde/", questionnaires.new_draft, name="new_draft"),
    path("<int:number>/", questionnaires.version, name="version"),
    path("<int:number>/offentliggoer/", questionnaires.publish, name="publish"),
    path("<int:number>/kasser/", questionnaires.discard, name="discard_draft"),
    path("<int:number>/<slug:kind>/ny/", questionnaires.new_part, name="new_part"),
    path("<int:number>/<slug:kind>/<slug:code>/", questionnaires.change_part, name="change_part"),
    path("<int:number>/<slug:kind>/<slug:code>/slet/", questionnaires.remove_part, name="remove_part"),
]
urlpatterns = [
    path("forloeb/<uuid:public_id>/progression/gennemgang/", course.review, name="review"),
    path("forloeb/<uuid:public_id>/progression/udvikling/", course.over_time, name="over_time"),
    path("forloeb/<uuid:public_id>/progression/omraader/", course.categories, name="categories"),
    path("forloeb/<uuid:public_id>/progression/svar/", answering.start, name="start"),
    path("progression/svar/<uuid:public_id>/<int:number>/", answering.step, name="step"),
    path("progression/svar/<uuid:public_id>/afslut/", answering.finish, name="finish"),
    path("progression/svar/<uuid:public_id>/kasser/", answering.discard, name="discard"),
    path("progression/ret/<uuid:public_id>/", answering.correct, name="correct"),
    # The agency's questionnaires: that of the tool, and that of the annex
    path("spoergeskema/", questionnaires.versions, name="versions"),
    path("spoergeskema/<slug:questionnaire>/", include(of_questionnaire)),
    path("indlaes/progression/", uploads.upload, name="upload"),
]
