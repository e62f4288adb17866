"""What people say: surveys, interviews and workshops as data, counted, protected and shown.

Answers of persons: `structure` (what was asked), `mapping` (what of it may be used), `draft`,
`answers` (the door: everything else is dropped), `questions` (heading → question), `counting`,
`protection` (which groups may be seen), `importing`. Kept in ``data/beteiligung``: `tally` (the
gate of counts), `surveys`, `voices`, `records`, `collection`; `evidence` names all of it by id.
For readers: `likert`, `page`. `commands` for the command line. docs/participation.md tells how.
"""
