"""URLs of referrals and courses."""

from django.urls import path

from cases.course_pages import SUBJECT_PAGES
from cases.views import (
    appointments,
    course,
    courses,
    cv,
    ending,
    gaps,
    meeting_page,
    meetings,
    oversight,
    pauses,
    people,
    profile,
    promises,
    referral_corrections,
    referrals,
    shut_outs,
    start,
    support_corrections,
    uploads,
    week,
    work,
)

app_name = "cases"

COURSE_PAGES = [
    path(f"forloeb/<uuid:public_id>/{page.value}/", course.course_page, {"page": page}, name=page.url_name)
    for page in SUBJECT_PAGES
]

urlpatterns = [
    # The mentor's week
    path("min-uge/", week.my_week, name="my_week"),
    path("forloeb/<uuid:public_id>/kontakt-i-dag/", week.contact_today, name="contact_today"),
    path("forloeb/<uuid:public_id>/kontakt/", week.new_contact, name="new_contact"),
    path("kontakter/<uuid:public_id>/", week.correct_contact, name="correct_contact"),
    path("kontakter/<uuid:public_id>/fortryd/", week.withdraw_contact, name="withdraw_contact"),
    path("kontakter/<uuid:public_id>/gendan/", week.restore_contact, name="restore_contact"),
    # The course owner's meetings
    path("moeder/", meetings.my_meetings, name="my_meetings"),
    path("forloeb/<uuid:public_id>/moede/", meetings.book, name="book_meeting"),
    path("svar/<str:token>/", appointments.appointment, name="appointment"),
    path("moeder/<uuid:public_id>/", meeting_page.meeting_page, name="meeting"),
    path("moeder/<uuid:public_id>/referat.pdf", meeting_page.meeting_pdf, name="meeting_pdf"),
    path("moeder/<uuid:public_id>/ret/", meeting_page.correct_meeting, name="correct_meeting"),
    path("moeder/<uuid:public_id>/ret/<slug:topic>/", meeting_page.correct_minute, name="correct_minute"),
    path("aftaler/<uuid:public_id>/gjort/", promises.promise_done, name="promise_done"),
    path("aftaler/<uuid:public_id>/aabn/", promises.reopen_promise, name="reopen_promise"),
    path("aftaler/<uuid:public_id>/ret/", promises.correct_promise, name="correct_promise"),
    path("aftaler/<uuid:public_id>/slet/", promises.withdraw_promise, name="withdraw_promise"),
    path("aftaler/<uuid:public_id>/gendan/", promises.restore_promise, name="restore_promise"),
    path("moeder/<uuid:public_id>/flyt/", meetings.move, name="move_meeting"),
    path("moeder/<uuid:public_id>/aflys/", meetings.cancel, name="cancel_meeting"),
    path("moeder/<uuid:public_id>/udeblev/", meetings.missed, name="missed_meeting"),
    path("moeder/<uuid:public_id>/genaabn/", meetings.open_again, name="open_meeting_again"),
    # Courses
    path("forloeb/", courses.course_list, name="courses"),
    path("forloeb/huller/", gaps.gap_list, name="gaps"),
    path("forloeb/find/", courses.find, name="find"),
    path("forloeb/<uuid:public_id>/aabn/", courses.open_colleagues, name="open"),
    path("forloeb/<uuid:public_id>/", course.course_page, name="course"),
    *COURSE_PAGES,
    path("forloeb/<uuid:public_id>/kontaktoplysninger/", work.citizen_contact, name="citizen_contact"),
    path("forloeb/<uuid:public_id>/funktion/<slug:function>/", work.assign, name="assign"),
    path(
        "forloeb/<uuid:public_id>/funktion/<slug:function>/notat/", work.handover_note, name="handover_note"
    ),
    path(
        "forloeb/<uuid:public_id>/funktion/<slug:function>/notat/laest/",
        work.read_handover_note,
        name="read_handover_note",
    ),
    path("forloeb/<uuid:public_id>/start/", start.start, name="start"),
    path("forloeb/<uuid:public_id>/start/funktioner/", start.start_team, name="start_team"),
    path("forloeb/<uuid:public_id>/start/standardteam/", start.start_default_team, name="start_default_team"),
    path("forloeb/<uuid:public_id>/jobmaal/", work.goals, name="goals"),
    path("forloeb/<uuid:public_id>/profil/", profile.profile, name="profile"),
    path("forloeb/<uuid:public_id>/profil/<slug:subject>/", profile.profile_text, name="profile_text"),
    # The CV
    path("forloeb/<uuid:public_id>/cv/", cv.cv, name="cv"),
    path("forloeb/<uuid:public_id>/cv/pdf/", cv.cv_pdf, name="cv_pdf"),
    path("forloeb/<uuid:public_id>/cv/udskrift/", cv.cv_contact, name="cv_contact"),
    path("forloeb/<uuid:public_id>/cv/gennemgang/", cv.cv_review, name="cv_review"),
    path("forloeb/<uuid:public_id>/cv/<slug:part>/ny/", cv.new_cv_entry, name="new_cv_entry"),
    path("cv/<uuid:public_id>/", cv.change_cv_entry, name="change_cv_entry"),
    path("cv/<uuid:public_id>/flyt/", cv.move_cv_entry, name="move_cv_entry"),
    path("cv/<uuid:public_id>/fjern/", cv.remove_cv_entry, name="remove_cv_entry"),
    path("cv/gennemgang/<uuid:public_id>/slet/", cv.withdraw_cv_review, name="withdraw_cv_review"),
    path("forloeb/<uuid:public_id>/afslut/", ending.end, name="end"),
    path("forloeb/<uuid:public_id>/afslutning/ret/", ending.correct_end, name="correct_end"),
    path("forloeb/<uuid:public_id>/genaabn/", ending.reopen, name="reopen"),
    path("forloeb/<uuid:public_id>/behov/", work.new_need, name="new_need"),
    path("behov/<uuid:public_id>/daekket/", work.cover_need, name="cover_need"),
    path("forloeb/<uuid:public_id>/indsats/", work.new_effort, name="new_effort"),
    path("indsatser/<uuid:public_id>/slut/", work.end_effort, name="end_effort"),
    path("forloeb/<uuid:public_id>/skaanehensyn/", work.new_accommodation, name="new_accommodation"),
    path("skaanehensyn/<uuid:public_id>/slut/", work.end_accommodation, name="end_accommodation"),
    path("skaanehensyn/<uuid:public_id>/graenser/", work.limit_accommodation, name="limit_accommodation"),
    path("behov/<uuid:public_id>/ret/", support_corrections.correct_need, name="correct_need"),
    path("behov/<uuid:public_id>/slet/", support_corrections.withdraw_need, name="withdraw_need"),
    path("behov/<uuid:public_id>/gendan/", support_corrections.restore_need, name="restore_need"),
    path("indsatser/<uuid:public_id>/ret/", support_corrections.correct_effort, name="correct_effort"),
    path("indsatser/<uuid:public_id>/slet/", support_corrections.withdraw_effort, name="withdraw_effort"),
    path("indsatser/<uuid:public_id>/gendan/", support_corrections.restore_effort, name="restore_effort"),
    path(
        "skaanehensyn/<uuid:public_id>/ret/",
        support_corrections.correct_accommodation,
        name="correct_accommodation",
    ),
    path(
        "skaanehensyn/<uuid:public_id>/slet/",
        support_corrections.withdraw_accommodation,
        name="withdraw_accommodation",
    ),
    path(
        "skaanehensyn/<uuid:public_id>/gendan/",
        support_corrections.restore_accommodation,
        name="restore_accommodation",
    ),
    path("forloeb/<uuid:public_id>/pause/", pauses.new_pause, name="new_pause"),
    path("pauser/<uuid:public_id>/", pauses.correct_pause, name="correct_pause"),
    path("pauser/<uuid:public_id>/slut/", pauses.end_pause, name="end_pause"),
    path("pauser/<uuid:public_id>/slet/", pauses.delete_pause, name="delete_pause"),
    # Referrals
    path("henvisninger/", referrals.referrals, name="referrals"),
    path("henvisninger/ny/", referrals.new_referral, name="new_referral"),
    path("henvisninger/indlaes/", uploads.upload_referrals, name="upload_referrals"),
    path("henvisninger/<uuid:public_id>/", referrals.referral, name="referral"),
    path(
        "henvisninger/<uuid:public_id>/ret/", referral_corrections.correct_referral, name="correct_referral"
    ),
    path("henvisninger/<uuid:public_id>/navn/", referral_corrections.correct_name, name="correct_name"),
    path("henvisninger/<uuid:public_id>/cpr/", referral_corrections.replace_number, name="replace_number"),
    path(
        "henvisninger/<uuid:public_id>/lad-udgaa/",
        referral_corrections.withdraw_referral,
        name="withdraw_referral",
    ),
    path(
        "henvisninger/<uuid:public_id>/genopret/",
        referral_corrections.restore_referral,
        name="restore_referral",
    ),
    path("henvisninger/<uuid:public_id>/lukket-for/", shut_outs.shut_out_page, name="shut_out"),
    path("henvisninger/<uuid:public_id>/lukket-for/<uuid:row_id>/luk-ind/", shut_outs.let_in, name="let_in"),
    path("henvisninger/<uuid:public_id>/hvem-har-set/", oversight.referral_log, name="referral_log"),
    path(
        "henvisninger/<uuid:public_id>/hvem-har-set/pdf/", oversight.referral_log_pdf, name="referral_log_pdf"
    ),
    # The project's people
    path("medarbejdere/", people.people, name="people"),
    path("medarbejdere/standardteam/<slug:slug>/", people.default_team, name="default_team"),
    path("medarbejdere/<uuid:public_id>/overdrag/", people.hand_over, name="hand_over"),
    path("medarbejdere/<uuid:public_id>/giv-tilbage/", people.give_back, name="give_back"),
    path("aabninger/", oversight.openings, name="openings"),
    path("usaedvanlig-brug/", oversight.unusual_use, name="unusual_use"),
    path("forloeb/<uuid:public_id>/adgang/", oversight.access_log, name="access_log"),
    path("indlaes/funktioner/", uploads.upload_functions, name="upload_functions"),
    path("indlaes/kontakter/", uploads.upload_contacts, name="upload_contacts"),
]
