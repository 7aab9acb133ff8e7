"""Measures the verbs: how good translations are, by execution first."""
