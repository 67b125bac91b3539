"""What a regulation would do: replayed on the events of past days, compared with what is in force, writing nothing."""
