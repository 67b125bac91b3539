"""The figures of POLICY_PACK's catalogue: exact numerators and denominators of people and periods, and who earns."""
