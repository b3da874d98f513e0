"""Latent classes (潜在クラス) beside the rules: what groups the answers fall into by themselves."""
