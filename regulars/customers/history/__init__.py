"""The record as it ever was: who wrote what, when, how and why.

Triggers keep every writing of every row (`models/history.py`); what was written together, in one
transaction and for one reason, is an *act*.

    context      who writes, how and why: said once, kept beside every row
    parts        the parts of a record and their columns, read off the models that are kept

    queries      what was written of a customer, by page; the names of what that refers to
    changes      rows as acts: who changed which field, from what to what
    trail        the history page: acts and events told together
    as_of        the record at a moment; `ended`, consent that was over by then
    comparing    the record then, beside what it is now
    latest       who gave a fact the value it has; `removed`, who took a row away
    lent         what was somebody's only while a merge stood, left out for who may not see it
    answers      all of this for programs

    work         what an import or a bulk deed wrote, row by row, to be taken back
    reversing    what taking back means for one row; pure
    apart        what of it lies with a merge and waits
"""
