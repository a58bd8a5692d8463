"""Which test stands for which row of the fault table (`../shared/FAULTS.md`). The tests named here carry the mark `faults`."""

from __future__ import annotations

INBOX, OUTBOX, DATABASE, JOBS = (f"tests/bot/test_{name}.py" for name in ("inbox", "outbox", "database", "jobs"))
EMULATOR, WEBHOOK, HANDLERS = (f"tests/bot/test_{name}.py" for name in ("emulator", "webhook", "handlers"))
ACCESS, LOGS, AUDIT, SPLIT = (f"tests/bot/test_{name}.py" for name in ("access", "logs", "audit", "split"))
FLOW, STORE, VALUES, PAPERS, TABLES = (f"tests/forms/test_{name}.py" for name in ("flow", "store", "values", "papers", "tables"))
BAD_FILES, SANDBOX = "tests/knowledge/test_readers_badfiles.py", "tests/knowledge/test_readers_sandbox.py"
KILLS, FILED_KILLS = "tests/faults/test_kills.py", "tests/faults/test_nomination_kills.py"
DISK, SILENCE, INDEX, ON_THE_WAY = (f"tests/faults/test_{name}.py" for name in ("disk", "silence", "index_files", "nomination_faults"))

ROWS: dict[str, tuple[str, ...]] = {
    "kill -9 at every step of a nomination": (
        f"{KILLS}::test_kill_at_each_place",
        f"{KILLS}::test_kill_loses_nothing_and_repeats_nothing",
        f"{FILED_KILLS}::test_nomination_survives_kills",
    ),
    "power loss": (
        f"{DATABASE}::test_copy_of_the_files_in_the_middle_of_a_write_opens_with_what_was_committed",
        f"{DATABASE}::test_database_is_durable_and_checks_references",
        f"{DATABASE}::test_process_killed_in_a_transaction_leaves_the_one_before",
    ),
    "duplicate, reordered, replayed updates": (
        f"{INBOX}::test_duplicates_and_any_order_leave_the_same_state",
        f"{INBOX}::test_stored_update_is_stored_once",
        f"{ON_THE_WAY}::test_every_update_of_a_nomination_again_changes_nothing",
    ),
    "double tap, stale keyboard, two devices": (
        f"{STORE}::test_of_two_devices_one_wins",
        f"{FLOW}::test_stale_press_changes_nothing",
        "tests/bot/test_transcripts.py::test_transcript",
    ),
    "edited message": (f"{HANDLERS}::test_edited_message_changes_nothing",),
    "album of files": (f"{ON_THE_WAY}::test_album_is_attached_whole_in_any_order_and_once",),
    "voice, sticker, location, forward, poll": (f"{HANDLERS}::test_other_kinds_of_message_are_declined_and_the_form_stays",),
    "429 RetryAfter": (
        f"{OUTBOX}::test_retry_after_makes_one_chat_wait_and_no_other",
        f"{OUTBOX}::test_storm_of_429_loses_nothing_and_repeats_nothing",
    ),
    "403 Forbidden (blocked)": (
        f"{OUTBOX}::test_blocked_chat_is_marked_once_and_what_waits_is_held",
        f"{OUTBOX}::test_blocked_chat_gets_what_was_held_when_it_writes_again",
    ),
    "group upgraded to supergroup": (f"{OUTBOX}::test_group_that_moved_is_written_to_at_its_new_id",),
    "5xx, timeouts, black hole": (
        f"{OUTBOX}::test_server_error_is_tried_again",
        f"{OUTBOX}::test_repeat_of_a_message_that_may_have_arrived_can_be_told",
        f"{OUTBOX}::test_message_being_sent_at_a_crash_is_sent_again_and_says_so",
        f"{SILENCE}::test_silent_answer_is_given_up_and_the_repeat_can_be_told",
        f"{SILENCE}::test_silent_poll_is_given_up_and_polling_goes_on",
    ),
    "409 second poller": (f"{INBOX}::test_conflict_with_a_second_poller_is_survived",),
    "webhook without the secret": (f"{WEBHOOK}::test_call_without_the_secret_is_refused",),
    "disk full": (
        f"{DISK}::test_full_disk_loses_nothing_and_is_recovered_from",
        f"{DISK}::test_person_is_told_when_their_message_cannot_be_worked_on",
        f"{DATABASE}::test_full_disk_leaves_nothing_half_written_and_passes",
    ),
    "database locked": (
        f"{INBOX}::test_update_is_not_acknowledged_while_it_cannot_be_stored",
        f"{INBOX}::test_locked_database_makes_the_update_wait",
        f"{WEBHOOK}::test_update_that_cannot_be_stored_is_not_acknowledged",
    ),
    "index file truncated, bit flipped, missing": (
        f"{INDEX}::test_damaged_index_is_refused_and_built_again",
        f"{INDEX}::test_damaged_index_answers_meanwhile",
    ),
    "crash during reindex": (
        f"{INDEX}::test_building_cut_off_leaves_the_old_or_the_new_index",
        f"{INDEX}::test_start_builds_again_what_can_be_searched_by_words_alone",
        f"{FILED_KILLS}::test_reindex_survives_a_kill",
        "tests/faults/test_unfinished.py::test_kill_while_a_plan_is_indexed_is_followed_by_the_last_word",
    ),
    "clock jumps, time zone": (
        f"{JOBS}::test_time_of_day_is_vietnams",
        f"{JOBS}::test_clock_set_back_repeats_nothing",
        f"{JOBS}::test_clock_that_had_jumped_ahead_does_not_stop_the_job",
    ),
    "zip bomb docx/xlsx, PDF bomb, 10,000-page PDF, huge image": (
        f"{BAD_FILES}::test_read_survives",
        f"{BAD_FILES}::test_parent_stays_small_over_all_bad_files",
        f"{SANDBOX}::test_memory_is_bounded",
        "tests/faults/test_bombs.py::test_bomb_is_refused_by_its_header",
    ),
    "macro, external entity, external link in office files": (
        f"{BAD_FILES}::test_read_survives",
        "tests/faults/test_bombs.py::test_external_entity_is_refused_as_such",
    ),
    "spreadsheet formula in a name (=cmd, +, -, @)": (
        f"{PAPERS}::test_awkward_text_comes_out_of_both_formats_as_typed",
        f"{TABLES}::test_csv_guards_formulas_and_leaves_phones",
    ),
    "control characters, zero width, RTL override, NFD": (
        f"{VALUES}::test_name_comes_out_in_nfc_without_what_nobody_sees",
        f"{VALUES}::test_parser_gives_a_stable_writable_value_or_refuses",
    ),
    "HTML or Markdown in any field": (f"{HANDLERS}::test_markup_in_a_name_is_shown_as_typed",),
    "file name ../../x, 300 characters, no name": (f"{ON_THE_WAY}::test_odd_file_name_goes_nowhere_but_into_the_list",),
    "message over 4096, caption over 1024, callback data over 64 bytes": (
        f"{OUTBOX}::test_long_text_arrives_in_order_with_its_buttons_last",
        f"{OUTBOX}::test_long_caption_goes_before_its_file",
        f"{SPLIT}::test_parts_fit_and_hold_every_character",
        f"{EMULATOR}::test_strictness_refuses_with_telegrams_words",
    ),
    "file over 20 MB in, 50 MB out": (
        f"{ON_THE_WAY}::test_file_over_the_limit_for_downloads_is_told_with_the_limit",
        f"{OUTBOX}::test_file_over_the_limit_is_refused_with_the_limit",
    ),
    "flood by one person": (
        f"{INBOX}::test_flood_of_one_person_does_not_hold_up_another",
        f"{INBOX}::test_flood_is_answered_slower_from_its_fiftieth_message_on",
    ),
    "a role revoked while a keyboard is open": (f"{HANDLERS}::test_revoked_role_is_refused_on_an_open_keyboard",),
    "invite link used twice, expired, guessed": (
        f"{ACCESS}::test_invite_gives_its_role_once",
        f"{ACCESS}::test_invite_expired_is_refused",
        f"{ACCESS}::test_invite_guessed_is_refused",
        f"{ACCESS}::test_invite_token_has_32_characters_and_is_not_stored",
    ),
    "token in logs, repr, tracebacks": (
        f"{LOGS}::test_token_is_redacted",
        f"{LOGS}::test_uncaught_exception_shows_no_token",
        f"{LOGS}::test_settings_show_no_token",
        f"{LOGS}::test_bot_at_work_and_in_trouble_logs_no_token",
    ),
    "personal data after withdrawal or retention time": (
        f"{STORE}::test_erased_person_is_gone_from_every_table",
        f"{AUDIT}::test_forgetting_empties_the_detail_and_keeps_the_fact",
        f"{JOBS}::test_old_messages_and_ids_are_forgotten_and_the_newest_stays",
        f"{INBOX}::test_done_update_forgets_what_was_written",
        f"{HANDLERS}::test_withdrawn_consent_takes_the_data_out_of_tables_and_files",
        "tests/bot/test_retention.py::test_nomination_is_erased_after_its_years_and_stays_what_it_was",
        "tests/bot/test_retention.py::test_file_that_nothing_names_goes_and_named_ones_stay",
    ),
}

NAMED = frozenset(test for tests in ROWS.values() for test in tests)
