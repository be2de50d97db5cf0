"""Every invariant of the desk, and the laws that hold it: one that loses its law is found here."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

TESTS: Final = Path(__file__).parents[1]

MACHINE: Final = "desk/test_centre.py::Folding"
DECIDED: Final = (
    f"{MACHINE}.who_holds_everything_sees_what_is_justified_and_what_was_decided_stays_decided",
    "desk/test_outcome.py::test_what_is_decided_stays_decided_whatever_is_said_later",
)
INVARIANTS: Final[dict[str, tuple[str, ...]]] = {
    # -- every fold
    "a fold gives the state that its items justify, in any order of arrival, any duplication, any subset": (
        f"{MACHINE}.is_justified",
        f"{MACHINE}.a_day_goes_on_and_news_of_it_comes_to_a_reader",
    ),
    "the same on every node that holds the same items": (
        f"{MACHINE}.a_day_goes_on_and_a_reader_catches_up_and_agrees_with_all_who_hold_the_same",
        "node/test_actions.py::test_an_action_is_adopted_when_every_host_and_everybody_concurs_and_all_compute_the_same",
    ),
    "a viewer's state tells nothing of items that she does not see": (
        f"{MACHINE}.is_justified",
        "node/test_requests.py::test_an_officer_who_may_not_see_a_request_finds_none",
        "node/test_watchlist.py::test_what_an_officer_may_not_see_waits_for_nothing_of_hers_and_stands_in_no_note",
    ),
    # -- joint actions
    "no adoption without every host's concurrence for that exact hash": (
        "desk/test_outcome.py::test_nothing_is_adopted_without_every_hosts_own_word_for_this_version",
        "desk/test_outcome.py::test_a_silent_host_never_adopts",
        "node/test_actions.py::test_a_host_that_is_silent_never_adopts",
    ),
    "any edit voids all positions": (
        "desk/test_outcome.py::test_an_edit_voids_every_position",
        "desk/test_communique.py::test_an_edit_voids_every_word_and_only_its_own_member_edits",
        "node/test_actions.py::test_an_edit_voids_every_position",
    ),
    "nobody edits another's words": (
        "desk/test_outcome.py::test_nobody_edits_anothers_proposal",
        "desk/test_communique.py::test_an_edit_voids_every_word_and_only_its_own_member_edits",
    ),
    "one may always withdraw one's own assets": (
        "desk/test_running.py::test_whoever_takes_part_suspends_and_takes_its_own_part_back",
    ),
    "no task runs unaccepted; only its owner moves it": (
        "desk/test_running.py::test_no_task_runs_that_its_owner_did_not_accept",
        "desk/test_running.py::test_only_its_owner_moves_a_task",
        "desk/test_running.py::test_nobody_is_tasked_whom_the_action_does_not_bind",
    ),
    "STOP by any host is immediate": (
        "desk/test_running.py::test_a_hosts_stop_holds_whatever_its_date_and_whatever_follows",
        "desk/test_running.py::test_where_a_host_stopped_it_nothing_runs",
        "node/test_actions.py::test_an_adopted_action_runs_by_steps_and_any_host_stops_it",
    ),
    "the outcome is a pure function of timely positions and closing statements": (
        "desk/test_outcome.py::test_neither_order_nor_repetition_matters",
        "desk/test_outcome.py::test_what_is_not_proven_in_time_counts_for_nothing",
        "desk/test_outcome.py::test_what_speaks_of_another_version_changes_nothing",
    ),
    "later positions are recorded and prospective: what was decided stays decided": (
        *DECIDED,
        "desk/test_decided.py::test_who_speaks_by_its_own_clock_takes_back_nothing_that_is_decided",
        "desk/test_chair.py::test_no_word_that_comes_on_record_later_takes_back_what_a_chair_did_whatever_date_it_bears",
        "desk/test_decided.py::test_what_has_lapsed_is_adopted_by_no_silence_that_comes_after",
        "desk/test_outcome.py::test_a_backdated_objection_changes_nothing_that_was_decided",
        "node/test_actions.py::test_an_objection_that_comes_too_late_changes_nothing_whatever_date_it_bears",
        "node/test_actions.py::test_a_position_that_is_taken_back_afterwards_changes_nothing_that_it_decided",
    ),
    "SELF binds those who concur; under CONSENSUS any OBJECT blocks": (
        "desk/test_outcome.py::test_any_objection_blocks_a_consensus_and_binds_nobody_under_self",
        "desk/test_outcome.py::test_under_self_silence_binds_nobody",
    ),
    "silence counts from a signed acknowledgement, with every participant's account closed after the end": (
        "desk/test_outcome.py::test_silence_binds_who_acknowledged_and_closed_its_account",
        "desk/test_outcome.py::test_without_any_part_of_it_silence_does_not_count",
        "desk/test_outcome.py::test_an_account_closed_before_the_end_is_not_closed",
        f"{MACHINE}.no_word_is_taken_for_silence",
    ),
    "closing statements that differ, or a position not listed, are evidence, and nothing is adopted by silence": (
        "desk/test_outcome.py::test_two_closing_statements_that_differ_are_evidence_and_nothing_is_adopted_by_silence",
        "desk/test_outcome.py::test_a_position_kept_out_of_the_closing_statement_is_found",
    ),
    "one unreachable or suspended member, and nothing is adopted by silence": (
        "desk/test_outcome.py::test_with_one_participant_suspended_nothing_is_adopted_by_silence",
        "node/test_actions.py::test_nothing_is_adopted_by_the_silence_of_who_was_cut_off_and_its_clock_starts_when_it_reads",
    ),
    "two statements of one member on one version void each other unless the later names the earlier": (
        "desk/test_outcome.py::test_two_positions_that_do_not_name_each_other_void_each_other",
        "desk/test_outcome.py::test_who_thinks_better_of_it_names_the_position_that_it_replaces",
    ),
    "one after-action text a member, none edited": (
        "desk/test_running.py::test_each_members_account_stands_by_itself_unedited",
    ),
    # -- the presiding officer may not
    "read what was not released to its own member": (
        "node/test_presiding.py::test_the_chair_sees_nothing_that_was_not_released_to_her_member",
    ),
    "speak for the centre without concurrence": (
        "desk/test_communique.py::test_what_is_published_says_what_was_agreed_letter_by_letter",
        "desk/test_incident.py::test_the_chair_concurs_for_nobody",
    ),
    "vote twice or break ties": (
        "desk/test_outcome.py::test_the_chairs_hat_changes_nothing",
        "node/test_presiding.py::test_a_vote_of_the_chair_breaks_no_tie",
    ),
    "shorten a running period": (
        "desk/test_chair.py::test_a_period_is_extended_by_who_presides_and_before_it_ends_and_is_never_shortened",
        "node/test_presiding.py::test_what_the_chair_announces_is_compared_and_a_period_is_only_ever_made_longer",
    ),
    "consent for another, or recall another's item": (
        "node/test_presiding.py::test_the_chair_consents_and_recalls_for_nobody",
        "node/test_presiding.py::test_no_word_of_a_member_is_taken_from_the_chair_at_her_own_node_or_at_any_other",
    ),
    "suspend alone": ("node/test_presiding.py::test_the_chair_suspends_nobody_alone",),
    "task anyone": (
        "desk/test_running.py::test_the_chairs_hat_takes_no_step",
        "desk/test_chair.py::test_whom_the_chair_nominates_coordinates_only_if_it_is_willing",
    ),
    "close an incident against an objection": ("node/test_presiding.py::test_the_chair_closes_no_incident",),
    "chair lost: the next of the signed rota after N minutes": (
        "desk/test_chair.py::test_the_next_takes_the_chair_of_one_that_was_lost_and_of_no_other",
    ),
    "the chair only announces what every node computes": (
        "desk/test_chair.py::test_what_a_chair_announces_is_compared_and_changes_nothing",
    ),
    # -- incidents
    "a finding exists only by concurrence of the members it names, else members differ": (
        "desk/test_incident.py::test_a_finding_stands_by_the_concurrence_of_every_member_that_it_names",
        "desk/test_incident.py::test_members_who_judge_differently_differ_and_each_judgement_stands",
    ),
    "dissents for good": (
        "desk/test_incident.py::test_a_dissent_stays_for_good_and_undoes_the_concurrence_of_who_dissents",
    ),
    "a withdrawn root reopens every rung above": (
        "desk/test_incident.py::test_withdrawn_evidence_reopens_its_rung_and_every_rung_above",
        "desk/test_incident.py::test_nothing_is_found_above_a_reopened_rung",
        "node/test_incident_story.py::test_what_rests_on_a_source_that_was_taken_back_says_so_and_its_roots_are_counted_anew",
    ),
    "origin has no coordinates, and leaves by no door": (
        "desk/test_incident.py::test_no_origin_is_said_to_the_point",
        "desk/test_incident.py::test_no_form_of_an_incident_has_a_place_for_a_position",
        "node/test_incident_story.py::test_an_origin_is_a_sector_in_words_and_leaves_by_no_door",
    ),
    "rate privately first, reveal together": (
        "desk/test_rating.py::test_nothing_is_shown_while_a_member_that_sealed_has_not_shown_its_own",
        "node/test_incident_story.py::test_ratings_are_made_apart_and_read_together",
    ),
    "show which single item changes the order; compute no winner": (
        "desk/test_rating.py::test_what_decides_is_what_changes_the_order_and_nothing_else",
        "desk/test_rating.py::test_the_order_is_by_what_speaks_against_and_names_no_winner_among_equals",
    ),
    "custody counts by both signatures": (
        "desk/test_evidence.py::test_a_handing_over_is_both_sides_word_or_one_sides",
        "desk/test_evidence.py::test_other_bytes_than_were_given_are_shown_and_the_copy_is_not_believed_to_have_moved",
    ),
    # -- grading
    "credibility 1 is computed only, from distinct roots that a reviewer found independent": (
        "desk/test_corroboration.py::test_two_roots_are_at_most_two_until_a_reviewer_finds_them_independent",
        "desk/test_corroboration.py::test_who_has_all_the_roots_itself_is_confirmed_by_no_other",
    ),
    "an unknown root counts zero, and a relay adds nothing": (
        "desk/test_corroboration.py::test_repeating_what_was_said_or_naming_no_root_raises_no_count",
        "desk/test_corroboration.py::test_one_outlet_relayed_by_three_is_at_most_one_source",
    ),
    "a denial is not a confirmation": ("desk/test_corroboration.py::test_a_denial_never_confirms",),
    "the same thing is linked by a signed same-as, never merged by name": (
        "desk/test_corroboration.py::test_nothing_is_one_that_nobody_said_to_be",
    ),
    # -- requests and threats
    "a request's clock runs from receipt": (
        "desk/test_request.py::test_the_clock_starts_with_the_receipt",
        "node/test_requests.py::test_what_was_not_received_has_no_clock_and_a_late_answer_is_overdue",
    ),
    "its asker alone closes a request; who was asked alone hands it on": (
        "desk/test_request.py::test_its_asker_alone_closes_it_and_rates_it",
        "desk/test_request.py::test_a_transfer_asks_another_and_nobody_who_was_not_asked_hands_it_on",
        "desk/test_request.py::test_what_no_honest_node_lets_out_hands_nothing_on_and_gives_no_reason",
    ),
    "only its author says that a threat is over": (
        "desk/test_threat.py::test_only_its_author_says_that_it_is_over_or_takes_its_place",
    ),
}
"""In the words of the desk's design; a class's part is named after a dot."""


def laws(file: Path) -> Iterator[str]:
    """Yield every function of a file of tests, and every method with its class before a dot."""
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
        if isinstance(node, ast.ClassDef):
            yield from (f"{node.name}.{part.name}" for part in node.body if isinstance(part, ast.FunctionDef))


@pytest.mark.parametrize("invariant", INVARIANTS)
def test_each_invariant_is_held_by_laws_that_there_are(invariant: str) -> None:
    named = [law.split("::") for law in INVARIANTS[invariant]]

    assert named
    assert [law for file, law in named if law not in set(laws(TESTS / file))] == []
