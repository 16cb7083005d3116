"""URLs of companies, placements and work agreements.

A company is identified by its CVR number, which is public; everything about a citizen by a public id.
"""

from django.urls import path

from companies.annex import link_pages
from companies.annex import views as annex
from companies.closing import views as closing
from companies.matching.views import dialogues, suggestions
from companies.merging import views as merging
from companies.register import views as register
from companies.reports import views as reports
from companies.signing import checking
from companies.signing import link_pages as signing_by_link
from companies.signing import views as signing
from companies.views import (
    agreements,
    attendance,
    companies,
    landing,
    matches,
    placement_changes,
    placements,
    project_rows,
    successions,
    workplaces,
)

app_name = "companies"

urlpatterns = [
    # The job consultant's pages
    path("virksomheder/placeringer/", landing.my_placements, name="my_placements"),
    path("virksomheder/placeringer/indlaes/", landing.import_file, name="import"),
    path("virksomheder/dialoger/", dialogues.my_dialogues, name="my_dialogues"),
    # Companies
    path("virksomheder/", companies.company_list, name="companies"),
    path("virksomheder/ny/", register.new_company, name="new_company"),
    path("virksomheder/find/", companies.find, name="find"),
    path("virksomheder/overtagelser/", successions.succession_list, name="successions"),
    path("virksomheder/overtagelser/ny/", successions.new_succession, name="new_succession"),
    path(
        "virksomheder/overtagelser/<uuid:public_id>/fejl/",
        successions.withdraw_succession,
        name="withdraw_succession",
    ),
    path("virksomheder/ens/", merging.merge_list, name="merges"),
    path("virksomheder/ens/pladser/", merging.workplace_merges, name="workplace_merges"),
    path("virksomheder/ens/ny/", merging.new_merge, name="new_merge"),
    path("virksomheder/ens/<uuid:public_id>/fortryd/", merging.undo, name="undo_merge"),
    path("virksomhedspladser/<uuid:public_id>/ens/", merging.new_workplace_merge, name="new_workplace_merge"),
    path(
        "virksomhedspladser/ens/<uuid:public_id>/fortryd/",
        merging.undo_workplaces,
        name="undo_workplace_merge",
    ),
    path("virksomheder/<str:cvr>/", companies.company, name="company"),
    path("virksomheder/<str:cvr>/cvr/", register.register_facts, name="register_facts"),
    path("virksomheder/<str:cvr>/ret/", companies.correct_company, name="correct_company"),
    path("virksomheder/<str:cvr>/kontaktperson/", companies.new_contact, name="new_contact"),
    path("kontaktpersoner/<uuid:public_id>/", companies.correct_contact, name="correct_contact"),
    path("virksomheder/<str:cvr>/plads/", workplaces.new_workplace, name="new_workplace"),
    path("virksomhedspladser/<uuid:public_id>/", workplaces.correct_workplace, name="correct_workplace"),
    # What a project keeps of a company
    path("virksomheder/<str:cvr>/notat/", project_rows.new_note, name="new_note"),
    path("virksomheder/<str:cvr>/kontakt/", project_rows.new_call, name="new_call"),
    path("virksomheder/<str:cvr>/ledig-plads/", project_rows.new_opening, name="new_opening"),
    path("virksomheder/<str:cvr>/kender/", project_rows.know_company, name="know_company"),
    path("virksomheder/<str:cvr>/kender/fjern/", project_rows.forget_company, name="forget_company"),
    path("virksomhedsnotater/<uuid:public_id>/", project_rows.correct_note, name="correct_note"),
    path("virksomhedskontakter/<uuid:public_id>/", project_rows.correct_call, name="correct_call"),
    path("virksomhedsnotater/<uuid:public_id>/fortryd/", project_rows.withdraw_note, name="withdraw_note"),
    path("virksomhedskontakter/<uuid:public_id>/fortryd/", project_rows.withdraw_call, name="withdraw_call"),
    path("virksomhedsnotater/<uuid:public_id>/gendan/", project_rows.restore_note, name="restore_note"),
    path("virksomhedskontakter/<uuid:public_id>/gendan/", project_rows.restore_call, name="restore_call"),
    path("ledige-pladser/<uuid:public_id>/", project_rows.correct_opening, name="correct_opening"),
    # A course's placements
    path("forloeb/<uuid:public_id>/match/", placements.new_match, name="new_match"),
    path("match/<uuid:public_id>/ret/", matches.correct_match, name="correct_match"),
    path("match/<uuid:public_id>/fortryd/", matches.withdraw_match, name="withdraw_match"),
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
    path("placeringer/<uuid:public_id>/gaelder-igen/", placement_changes.stand_again, name="stand_again"),
    path("placeringer/<uuid:public_id>/ret/", placement_changes.correct, name="correct_placement"),
    path(
        "placeringer/<uuid:public_id>/sidste-dag/fortryd/",
        placement_changes.take_back_end,
        name="take_back_end",
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
    path(
        "placeringer/<uuid:public_id>/fremmoede/<str:day>/slet/",
        attendance.withdraw_attendance,
        name="withdraw_attendance",
    ),
    # The annex
    path("placeringer/<uuid:public_id>/bilag/borger/", annex.citizen, name="annex_citizen"),
    path("placeringer/<uuid:public_id>/bilag/telefon/", annex.phone, name="annex_phone"),
    path("placeringer/<uuid:public_id>/bilag/link/<str:party>/", annex.send_link, name="send_annex_link"),
    # Reports of companies, and closing assessments
    path("besked/virksomhed/<str:secret>/", reports.by_link, name="report_by_link"),
    path("beskeder/<uuid:public_id>/godkend/", reports.accept, name="accept_report"),
    path("beskeder/<uuid:public_id>/stop/", reports.accept_stop, name="accept_stop"),
    path("beskeder/<uuid:public_id>/afvis/", reports.refuse, name="refuse_report"),
    path("placeringer/<uuid:public_id>/besked/link/", reports.send_link, name="send_report_link"),
    path("svar/afslutning/<str:secret>/", closing.by_link, name="closing_by_link"),
    path("placeringer/<uuid:public_id>/afslutning/", closing.by_phone, name="closing_by_phone"),
    path("placeringer/<uuid:public_id>/afslutning/link/", closing.send_link, name="send_closing_link"),
    path("afslutninger/<uuid:public_id>/ret/", closing.correct, name="correct_closing"),
    path("afslutninger/<uuid:public_id>/borger/", closing.citizens_word, name="citizens_word"),
    path("svar/bilag/<str:secret>/", link_pages.by_link, name="annex_by_link"),
    path("bilag/<uuid:public_id>/ret/", annex.correct, name="correct_annex"),
    # Dialogues with companies about a citizen
    path("forloeb/<uuid:public_id>/dialog/", dialogues.new_dialogue, name="new_dialogue"),
    path("dialoger/<uuid:public_id>/", dialogues.dialogue, name="dialogue"),
    path("dialoger/<uuid:public_id>/trin/<str:step>/", dialogues.take_step, name="take_step"),
    path("dialoger/<uuid:public_id>/fortryd/", dialogues.undo_step, name="undo_step"),
    path("dialogtrin/<uuid:public_id>/", dialogues.correct_step, name="correct_step"),
    # What would fit
    path("forloeb/<uuid:public_id>/forslag/", suggestions.suggestions, name="suggestions"),
    path(
        "forloeb/<uuid:public_id>/forslag/kontaktet/", suggestions.contact_suggested, name="contact_suggested"
    ),
    path("ledige-pladser/<uuid:public_id>/borgere/", suggestions.opening_citizens, name="opening_citizens"),
    # Work agreements
    path("placeringer/<uuid:public_id>/arbejdsaftale/", agreements.edit, name="agreement"),
    path("arbejdsaftaler/<uuid:public_id>/", signing.page, name="agreement_page"),
    path("arbejdsaftaler/<uuid:public_id>/pdf/", signing.pdf, name="agreement_pdf"),
    path("arbejdsaftaler/<uuid:public_id>/klar/", signing.put_up, name="put_up_agreement"),
    path("arbejdsaftaler/<uuid:public_id>/underskrift/<str:party>/", signing.sign, name="sign_agreement"),
    path(
        "arbejdsaftaler/<uuid:public_id>/underskrevet/<str:party>/",
        signing.signed_here,
        name="agreement_signed_here",
    ),
    path(
        "arbejdsaftaler/<uuid:public_id>/underskrift/<str:party>/paa-vegne/",
        signing.sign_for,
        name="sign_agreement_for",
    ),
    path(
        "arbejdsaftaler/<uuid:public_id>/underskrift/<str:party>/afvis/",
        signing.decline,
        name="decline_agreement",
    ),
    path(
        "arbejdsaftaler/<uuid:public_id>/underskrift/<str:party>/annuller/",
        signing.void,
        name="void_agreement_signature",
    ),
    path(
        "arbejdsaftaler/<uuid:public_id>/underskrift/<str:party>/link/",
        signing.send_link,
        name="send_agreement_link",
    ),
    path("aftale/<str:secret>/", signing_by_link.sign_by_link, name="sign_by_link"),
    path("aftale/<str:secret>/afvis/", signing_by_link.decline_by_link, name="decline_by_link"),
    path("underskrevet-aftale/<str:secret>/", signing_by_link.read_by_link, name="read_by_link"),
    path("underskrevet-aftale/<str:secret>/pdf/", signing_by_link.pdf_by_link, name="pdf_by_link"),
    path("tjek-aftale/", checking.check, name="check_agreement"),
]
