"""One spelling for what people write in many: names, companies, mailboxes, numbers and places."""
