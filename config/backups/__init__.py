"""Backups as files: what goes in, how it is sealed, how a database is copied out and put back.

Knows neither models nor jobs; `staff.domain.backing` decides when, keeps the book and judges what was restored.
"""
