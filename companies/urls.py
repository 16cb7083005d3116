"""URLs of companies, placements and work agreements.

A company is identified by its CVR number, which is public; everything about a citizen by a public id.
"""

from django.urls import path

from companies.annex import views as annex
from companies.matching import views as matching
from companies.merging import views as merging
from companies.register import views as register
from companies.views import (
    agreements,
    attendance,
    companies,
    landing,
    placement_changes,
    placements,
    successions,
)

app_name = "companies"

urlpatterns = [
    # The job consultant's pages
    path("virksomheder/placeringer/", landing.my_placements, name="my_placements"),
    path("virksomheder/placeringer/indlaes/", landing.import_file, name="import"),
    path("virksomheder/dialoger/", matching.my_dialogues, name="my_dialogues"),
    # Companies
    path("virksomheder/", companies.company_list, name="companies"),
    path("virksomheder/ny/", register.new_company, name="new_company"),
    path("virksomheder/overtagelser/", successions.succession_list, name="successions"),
    path("virksomheder/overtagelser/ny/", successions.new_succession, name="new_succession"),
    path(
        "virksomheder/overtagelser/<uuid:public_id>/fejl/",
        successions.withdraw_succession,
        name="withdraw_succession",
    ),
    path("virksomheder/ens/", merging.merge_list, name="merges"),
    path("virksomheder/ens/ny/", merging.new_merge, name="new_merge"),
    path("virksomheder/ens/<uuid:public_id>/fortryd/", merging.undo, name="undo_merge"),
    path("virksomheder/<str:cvr>/", companies.company, name="company"),
    path("virksomheder/<str:cvr>/cvr/", register.register_facts, name="register_facts"),
    path("virksomheder/<str:cvr>/ret/", companies.correct_company, name="correct_company"),
    path("virksomheder/<str:cvr>/kontaktperson/", companies.new_contact, name="new_contact"),
    path("kontaktpersoner/<uuid:public_id>/", companies.correct_contact, name="correct_contact"),
    # A course's placements
    path("forloeb/<uuid:public_id>/match/", placements.new_match, name="new_match"),
    path("forloeb/<uuid:public_id>/placering/", placements.new_placement, name="new_placement"),
    path("placeringer/<uuid:public_id>/", placements.placement, name="placement"),
    path("placeringer/<uuid:public_id>/forlaeng/", placements.renew, name="renew"),
    path("placeringer/<uuid:public_id>/sidste-dag/", placement_changes.end, name="end"),
    path("placeringer/<uuid:public_id>/timer/", placement_changes.hours, name="hours"),
    path("placeringer/<uuid:public_id>/fortryd/", placement_changes.withdraw, name="withdraw"),
    path(
        "placeringer/<uuid:public_id>/fejlregistreret/",
        placement_changes.withdraw_as_error,
        name="withdraw_as_error",
    ),
    path("placeringer/<uuid:public_id>/moedte-aldrig-op/", placement_changes.no_show, name="no_show"),
    path(
        "placeringer/<uuid:public_id>/moedte-aldrig-op/fortryd/",
        placement_changes.undo_no_show,
        name="undo_no_show",
    ),
    path(
        "placeringer/<uuid:public_id>/medarbejderrepraesentant/",
        placement_changes.representative,
        name="representative",
    ),
    path("placeringer/<uuid:public_id>/fremmoede/<str:day>/", attendance.attendance, name="attendance"),
    path(
        "placeringer/<uuid:public_id>/fremmoede/<str:day>/alle-dage/",
        attendance.present_all_week,
        name="present_all_week",
    ),
    # The annex
    path("placeringer/<uuid:public_id>/bilag/borger/", annex.citizen, name="annex_citizen"),
    path("placeringer/<uuid:public_id>/bilag/telefon/", annex.phone, name="annex_phone"),
    path("bilag/<uuid:public_id>/ret/", annex.correct, name="correct_annex"),
    # Dialogues with companies about a citizen
    path("forloeb/<uuid:public_id>/dialog/", matching.new_dialogue, name="new_dialogue"),
    path("dialoger/<uuid:public_id>/", matching.dialogue, name="dialogue"),
    path("dialoger/<uuid:public_id>/trin/<str:step>/", matching.take_step, name="take_step"),
    path("dialoger/<uuid:public_id>/fortryd/", matching.undo_step, name="undo_step"),
    # Work agreements
    path("placeringer/<uuid:public_id>/arbejdsaftale/", agreements.edit, name="agreement"),
    path("arbejdsaftaler/<uuid:public_id>/pdf/", agreements.pdf, name="agreement_pdf"),
]
