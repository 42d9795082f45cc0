"""Criteria over the core's own fields and things: one list for whatever asks for customers."""

CORPUS = """
everyone
nobody
waiting
not waiting
unread
owner:me
owner:unassigned
owner:me,unassigned
owner:"Ana Ferreira"
not owner:me
owner:me or owner:"Ben Castillo"
team:mine
team:"North Sales"
team:empty
store:"Marlow North"
store:"Marlow South"
not store:"Marlow North"
type:lead
type:lead,account
not type:prospect
source:internet
source:internet,walk_in
source:empty
group:Standard
not group:Standard
category:empty
tag:VIP
tag:VIP,Fleet
tag:VIP and tag:Fleet
tag:VIP and not tag:Fleet
tag:empty
not tag:empty
not (tag:VIP or tag:Fleet)
waiting_since > 3 days ago
waiting_since < 2 hours ago and not tag:VIP
not waiting_since > 1 day ago
created < 7 days ago
created > 90 days ago
created in this month
created in next 7 days
created in last year
created >= 2020-01-01
created:2020-01-01..2020-12-31
last_activity < 1 day ago
last_activity > 30 days ago
last_activity in this week
last_activity < 2 hours ago or last_activity > 1 year ago
name:an
name contains so
name = "Person 08"
name = "08 person"
name starts "person 1"
name:"anders w"
name contains "son 1"
not name contains 1
company:empty
company contains works
household
not household
located
not located
referred
financial:empty
intent >= 3
intent:empty
budget >= 1000
budget:1000..2500
budget:empty
newsletter:yes
newsletter:no
has call
not has call
no call for 60 days
no call in the last 60 days and waiting
call.at < 7 days ago
call.by:me
call.missed
call.incoming
has call(by:me and at < 30 days ago)
has more than 1 call
has at most 1 call
has exactly 2 calls
no text for 30 days
has email(incoming and at < 7 days ago)
visit.at > 30 days ago
has visit or has note
no note
event.kind:form.submitted
has event(kind:form.submitted and at < 30 days ago)
has at least 3 events
location.city:Troy
location.state = MI and not location.zip:48
has location(city contains tro and country = US)
no location
has fewer than 5 events
waiting and owner:me
waiting and (owner:me or owner:unassigned) and not tag:VIP
(type:lead and source:internet) or (type:account and tag:Fleet)
tag:VIP and created < 400 days ago and last_activity > 10 days ago
not (waiting or unread) and has call
store:"Marlow North" and team:"North Sales" and tag:VIP,Fleet
waiting and budget >= 1000 and no call for 60 days
not (not waiting)
owner:me and not (tag:empty or (type:lead and not source:phone))
"""

criteria = [line for line in CORPUS.splitlines() if line]
