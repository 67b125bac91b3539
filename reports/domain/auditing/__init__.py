"""The ledger computed a second time, naively, from what people did: code that shares nothing with what it checks."""
