"""Backups: when they are made, how each is restored on trial, which are kept, and how one is put back."""
