"""Several customers become one, and come apart again, each with everything that was theirs.

Merging moves rows and writes down on whose behalf. Whoever goes is a `MergedProfile`; its journal
is a list of `MergeChange`s, each with what stood there before: rows moved, columns of a row
changed, rows absorbed because a *twin* says the same, rows that the merge wrote. Taking somebody
out reads that one journal backwards.

What is hard are the merges that stand meanwhile, since anybody may come out of anything in any
order. Where one of them wrote over what is taken back, its change is mended to stand on what was
there before; what leaves is forgotten by all of them; what they absorbed for its sake is there
again. In the end the record says what it would say had whoever left never been there. Of consent
alone the strictest word stays.

    whose        the columns that say whose a row is, of every room and pack, found by themselves
    journal      moving, changing, absorbing and writing rows, each with its entry

    doing        a merge from beginning to end: `merge`
    rule         which value the one gets of those that everybody has; pure
    profiles     the profiles as the rule wants them, with what each was made of before
    ways         what becomes of rows that may not stand side by side; all others just move
    moving       what a way is given, and the socket for ways of other rooms
    reach        the way of contacts, addresses, numbers and places
    settling     the one row says what was decided; former names
    strictness   consent: the strictest word, and what is said of whom after they are apart

    undoing      taking apart from beginning to end: `undo`
    returning    one profile on its way back, change by change
    chain        what a column was before merges that wrote it one over the other
    references   what a row that comes back refers to, whatever became of that
    referrers    who was named by somebody that was merged on
    leading      one contact and one place lead at every moment
    hanging      what hangs on a row, as an address on its contact, goes where that goes
    heirs        of two who brought the same, the other one is there again
    memory       merges that stand forget what leaves, and remember what comes
    remaining    those who are left are decided about anew
    since        what came since, and whose it says it is; by what it came (`came_by`)
    giving       what came since goes with somebody
    holding      whom both hold meanwhile, and what both write anew at the end

    choosing     the preview of a merge; `differing` has its fields side by side
    queries      who lives on in whom; `then`, who held whose record at a moment of the past
    telling      how entries of the timeline name whom they are about; `schemas`, how the API does
    forgetting   erasing whoever was merged; `unsaying`, out of the past of others too

Why it is so: docs/decisions/0012-merging.md. What it promises: `test_merging_laws`,
`test_merging_interleaved` and `test_merging_every_row`.
"""
