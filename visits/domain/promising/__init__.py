"""Moments agreed with a customer: made in a call or booked, rung before they come, kept or broken (E-02, P-02)."""
