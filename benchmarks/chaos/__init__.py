"""The whole program under disorder: what is killed, stopped, cut off, filled up and moved, and what it does then."""
