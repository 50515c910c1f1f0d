"""Contracts: read, checked, found by name; the noun that streams are held against."""
