"""Measures of improvement: begun with an owner and a day, carried out, their effect checked by somebody else (A-04)."""
