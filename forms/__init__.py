"""The nomination: a guided form made from a plan, its way to the secretariat, its tables and papers.

May import `knowledge.model` and `knowledge.text`, nothing else of ours; no Telegram, and outside `store.py` no SQL. Start
reading at `flow.advance`, then `fields.QUESTIONS`, then `workflow`.

The conversation is pure:

    spec = FormSpec.from_plan(plan)                                   # forms.model, frozen into every draft
    draft = flow.new_draft(spec, org=…, unit=…, author=user_id, round_id=None, values={})
    draft = store.create(draft, now)                                  # gives draft.id, a short decimal text
    show(asking.ask(draft))                                           # the present question, any number of times
    changed, replies = flow.advance(draft, event)                     # never raises
    store.save(draft, changed, now)                                   # False: another device was faster -> FormTexts.STALE

Events (`forms.dialogue`): `Start(text)`, `Text(text)`, `Press(action, revision)`, `Attach(file_id, name, size, caption)`,
`Back()`, `Skip()`, `Edit(field)`, `Cancel()`, `Undo()`, `Pause()`, `Resume()`, `HandOver(author)`. Replies: `Ask(field,
prompt, buttons, hint, value, options)`, `Refuse(what, value, example, field)`, `Preview(row, criteria, evidence, missing,
odd, own_layout, note, buttons)`, `Note(text, code, buttons)`, `Submitted(draft)`. A `Button(label, action)` becomes
callback data `draft.id:draft.revision:action`, with the revision of the draft that `advance` returned. A refused value
comes as `Refuse` followed by the same `Ask` again. On `Submitted`, in the same transaction:

    store.save(draft, changed, now); filed = store.submit(changed, actor, now)    # Filed(nomination, changes, fresh, before)

`filed.changes` are the audit's entries (`workflow.Change`); `fresh` is False where this draft was filed before; `before` is
the nomination that a resubmission replaces, for `workflow.differences(before, after)`. The next nominee:
`flow.next_draft(changed)`. Whether a text is better answered
than taken as the value is the caller's to say.

A filed nomination moves by verbs `workflow.accept | give_back | resubmit | record_vote | decide | forward | withdraw |
merge | add_evidence | amend(nomination, …, actor, now) -> (nomination, changes)`; store with `store.update(before, after)`,
which raises `Conflict` if somebody else was faster. `workflow.reopen(nomination, author)` gives the draft in which it is
mended. What a state does not allow raises `NotAllowed` with a sentence for people. Rounds work the same way:
`rounds.open_round | nominate_nobody | postpone | close | correct`, `rounds.progress(round, nominations)`,
`rounds.takes(round, today)`.

Files: `tables.blank | read | drafts | mark | export | compare` (the docstring of `forms.tables` shows them), `papers.pack |
unit_list | letter | minutes | compiled`, `evidence.write_zip`. Every one takes the path to write to or to read from; reading
raises `tables.UnreadableTable` with one sentence for people. Duplicates: `store.likely_duplicates(nomination, unit=…)`,
`duplicates.pairs(nominations)`. A person's data: `store.erase(nomination, now)`, `store.delete_drafts_before(moment)`.

Where things stand: `spec` (what a plan makes of the form) → `fields` (questions), `values` (parsers), `texts` (words) →
`dialogue` (events, replies) → `filling`, `moves`, `claims` → `flow`, `asking` (what is shown); `workflow`, `rounds`,
`duplicates`, `store`, `migrations`; `office` and `grids` (untrusted files) → `filled` → `tables`; `layout` → `sheets`, `word`,
`wordtable`, `lists` → `papers`, `evidence`.
"""
