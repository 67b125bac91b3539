"""Facts: what each day adds to a figure, kept beside the rows so that years are summed and not counted."""
