"""The record: people and companies, their contacts and places, tags, group and owner."""
