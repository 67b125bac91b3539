"""Telephone numbers and vehicles in one spelling, and masked."""
