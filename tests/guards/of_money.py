"""What placements earn, what a statement pays, and who decides on it."""

from tests.guards.guard import constraint, in_code, index, trigger

ENTITLEMENT = "tests/grants/rules/test_entitlement.py"
MODELS = "tests/grants/storage/test_models.py"
LIFECYCLE = "tests/grants/statements/test_lifecycle.py"
COMPUTE = "tests/grants/reckoning/test_compute.py"
CORRECTIONS = "tests/grants/reckoning/test_corrections.py"
POLICY = "tests/grants/test_policy.py"
AWARDS = "tests/grants/awards/test_awards.py"
EXPENSES = "tests/grants/expenses/test_expenses.py"

MONEY = [
    in_code(
        "no more than the ceiling is paid",
        "grants/rules/entitlement.py",
        "return min(earned_to_date, ceiling) - approved_before",
        "return earned_to_date - approved_before",
        COMPUTE,
    ),
    in_code(
        "what was paid before is subtracted",
        "grants/rules/entitlement.py",
        "return min(earned_to_date, ceiling) - approved_before",
        "return min(earned_to_date, ceiling)",
        f"{COMPUTE}::test_two_half_years_pay_what_the_year_pays",
    ),
    in_code(
        "nothing before the allocation counts",
        "grants/rules/entitlement.py",
        "first = max(spell.starts_on, window.span.first)",
        "first = spell.starts_on",
        ENTITLEMENT,
    ),
    in_code(
        "nothing after the cut-off counts",
        "grants/rules/entitlement.py",
        "return DateSpan(first, min(last, window.span.last_day))",
        "return DateSpan(first, last)",
        f"{ENTITLEMENT}::test_the_days_so_far_end_at_the_cut_off",
    ),
    in_code(
        "who was referred in error earns nothing",
        "grants/rules/entitlement.py",
        "if window.void:",
        "if False:",
        f"{ENTITLEMENT}::test_who_was_referred_in_error_earns_nothing",
    ),
    in_code(
        "there is no completion without a start before it",
        "grants/rules/entitlement.py",
        "max(period.span.first, start))",
        "period.span.first)",
        "tests/grants/rules/test_terms.py",
    ),
    in_code(
        "a working day between two spells breaks a run",
        "grants/rules/runs.py",
        "return HoleKind.TOLERATED if hole.days <= terms.tolerance_days else None",
        "return HoleKind.TOLERATED if hole.days <= terms.tolerance_days + 1 else None",
        ENTITLEMENT,
    ),
    in_code(
        "a kind that does not count earns nothing",
        "grants/rules/runs.py",
        "if clipped.spell.kind in terms.counting_kinds:",
        "if True:",
        "tests/grants/rules/test_terms.py",
        ENTITLEMENT,
    ),
    in_code(
        "nothing counts after the citizen has left the trial",
        "grants/reckoning/participation.py",
        "LEAVING = (EventKind.WITHDRAWN, EventKind.MOVED, EventKind.DIED)",
        "LEAVING = (EventKind.WITHDRAWN, EventKind.MOVED)",
        f"{LIFECYCLE}::test_a_ledger_event_after_the_approval_is_an_adjustment",
    ),
    in_code(
        "the agency sees all projects, a leader the led ones",
        "grants/policy.py",
        "if is_agency(user):\n        return Project.objects.all()\n    return led_projects(user)",
        "return Project.objects.all()",
        "tests/access/test_persons.py::test_two_roles_in_two_projects_open_what_each_opens_there",
    ),
    in_code(
        "a snapshot is for who sees every project in it",
        "grants/policy.py",
        "Snapshot.objects.filter(projects__contained_by=sorted(led_project_ids(user)))",
        "Snapshot.objects.filter(projects__overlap=sorted(led_project_ids(user)))",
        "tests/grants/statements/test_history.py",
        "tests/grants/statements/test_draft_pages.py",
    ),
    in_code(
        "who submitted or checked does not decide",
        "grants/policy.py",
        "may_decide = not has_acted and not has_role_in_project",
        "may_decide = not has_role_in_project",
        POLICY,
    ),
    in_code(
        "the people of a project do not decide on its statement",
        "grants/policy.py",
        "may_decide = not has_acted and not has_role_in_project",
        "may_decide = not has_acted",
        POLICY,
    ),
    in_code(
        "what is submitted is what was seen",
        "grants/statements/actions.py",
        "if submitted.content_hash(draft) != seen:",
        "if False:",
        f"{LIFECYCLE}::test_figures_that_changed_since_the_page_are_read_again_first",
    ),
    in_code(
        "cut-offs rise",
        "grants/statements/actions.py",
        "if approved and cut_off <= approved:",
        "if False:",
        LIFECYCLE,
    ),
    in_code(
        "a payment is not before the approval",
        "grants/statements/actions.py",
        "paid_on < timezone.localdate(current.approved_at):",
        "False:",
        f"{LIFECYCLE}::test_a_payment_is_not_before_the_day_of_the_approval_in_denmark",
    ),
    in_code(
        "two steps at once wait for each other",
        "grants/statements/actions.py",
        "return Project.objects.select_for_update(no_key=True).get(pk=project.pk)",
        "return Project.objects.get(pk=project.pk)",
        "tests/grants/statements/test_concurrent_steps.py::test_two_submissions_at_once_submit_once",
    ),
    in_code(
        "an award does not change the past",
        "grants/awards/actions.py",
        "_check_turn(project, valid_from)\n    _check_fixed",
        "_check_fixed",
        f"{AWARDS}::test_an_award_does_not_reach_back_into_what_was_approved",
    ),
    in_code(
        "a fixed grant is within that of the terms",
        "grants/awards/actions.py",
        "_check_fixed(valid_from, fixed)\n    award",
        "award",
        f"{AWARDS}::test_the_fixed_grant_is_at_most_what_the_terms_say",
    ),
    in_code(
        "a voucher's day lies in the project",
        "grants/expenses/actions.py",
        '_check_day(project, fields["on"], last_day)\n        questions',
        "questions",
        EXPENSES,
    ),
    in_code(
        "the same file is a voucher once",
        "grants/expenses/actions.py",
        "questions = {} if again else _question_same_file(project, file)",
        "questions = {}",
        f"{EXPENSES}::test_the_same_file_twice_needs_a_confirmation",
    ),
    trigger(
        "grants_statement", "life", f"{MODELS}::test_a_submitted_statement_does_nothing_but_its_next_step"
    ),
    trigger(
        "grants_statementline",
        "final",
        f"{MODELS}::test_the_lines_and_spells_of_a_submitted_statement_are_frozen",
    ),
    trigger(
        "grants_statementspell",
        "final",
        f"{MODELS}::test_the_lines_and_spells_of_a_submitted_statement_are_frozen",
    ),
    constraint(
        "grants_statement",
        "grants_statement_second_person",
        f"{MODELS}::test_the_database_refuses_two_steps_by_one_person",
    ),
    constraint(
        "grants_statement",
        "grants_statement_payable",
        f"{MODELS}::test_figures_that_do_not_add_up_are_refused",
    ),
    constraint(
        "grants_statement", "grants_statement_paid", f"{MODELS}::test_figures_that_do_not_add_up_are_refused"
    ),
    index(
        "grants_statement_one_at_a_time", f"{MODELS}::test_one_statement_of_a_project_is_on_its_way_at_a_time"
    ),
    index("grants_line_once", f"{MODELS}::test_one_event_stands_once_in_a_statement"),
]
