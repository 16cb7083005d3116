"""URLs of the progression tool: answering, the monthly review, progress over time."""

from django.urls import path

from progression.views import answering, course, uploads

app_name = "progression"

urlpatterns = [
    path("forloeb/<uuid:public_id>/progression/", course.review, name="review"),
    path("forloeb/<uuid:public_id>/progression/udvikling/", course.over_time, name="over_time"),
    path("forloeb/<uuid:public_id>/progression/omraader/", course.categories, name="categories"),
    path("forloeb/<uuid:public_id>/progression/svar/", answering.start, name="start"),
    path("progression/svar/<uuid:public_id>/<int:number>/", answering.step, name="step"),
    path("progression/svar/<uuid:public_id>/afslut/", answering.finish, name="finish"),
    path("progression/svar/<uuid:public_id>/kasser/", answering.discard, name="discard"),
    path("progression/ret/<uuid:public_id>/", answering.correct, name="correct"),
    path("indlaes/progression/", uploads.upload, name="upload"),
]
