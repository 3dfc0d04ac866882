"""Telemetry: what the processes did lately, kept in the data folder and readable by trace."""
