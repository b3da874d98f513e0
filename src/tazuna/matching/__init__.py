"""Matching (マッチング): who gets which place, by a fair draw whose chances are known."""
