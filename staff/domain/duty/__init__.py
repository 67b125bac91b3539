"""The duty roster (`[[roster]]`): which hours must be staffed, who is on duty, and where nobody is (J-01, J-06)."""
