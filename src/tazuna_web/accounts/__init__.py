"""Accounts (アカウント) of human beings, their memberships, and what each role may do."""
