"""Requests this program makes to other servers, behind a guard."""
