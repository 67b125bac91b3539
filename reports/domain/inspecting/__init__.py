"""Inspections: what is drawn, how it is scored, what the inspected says to it, what is made public (POLICY_PACK)."""
