"""Who may be in the house twice, and why: asked while somebody types, and by night.

    normal       names, numbers and places in one spelling each
    features     what of a customer is compared; `keys`, by which alike ones find each other
    keeping      both written whenever a customer is

    levels       how alike two are, field by field; `scoring`, in bits; `reasons`, in words
    relations    what two are to each other; `certainty`, who is so beyond doubt
    judging      all of it about one pair
    learned      the weights that count here; `training`, how they are learned

    looking      who is here already, along the keys; `alike`, in words
    engines      everybody against everybody; `actions/searching` stores the pairs

    queries      the pairs to decide, as a colleague sees them; `panel`, on a customer's page
    clusters     which pairs hold more than two together, pure; `webs`, as a colleague sees them
    line         pairs and clusters, the surest first; `beside` and `evidence`, how one is shown
    together     pairs beyond doubt, looked over before all are merged

Becoming one itself is `customers/merging`; `actions/uniting` learns from it and looks again.
"""
