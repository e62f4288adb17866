"""What people say: surveys, interviews and workshops as data, counted, protected and shown.

Answers of persons come in by `intake`: `limesurvey_structure` (what was asked), `survey_mapping`
(what of it may be used), `answers` (the door: everything else is dropped), `protection` (which
groups may be seen). Kept in ``data/beteiligung``: `tally` (the gate of counts), `surveys`,
`voices`, `collection`; `evidence` names all of it by id. For readers: `participation_figures`,
`field_voices` and what they draw with. docs/participation.md tells how.
"""
