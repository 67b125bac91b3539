"""Intake: rows of a service system become customers, vehicles and events.

`staging` judges each row by itself and keeps it with its verdict; `taking` takes the accepted ones in, chunk by
chunk, each chunk in one transaction, so that a crash at any moment loses nothing and doubles nothing (DECISIONS 33).
"""
