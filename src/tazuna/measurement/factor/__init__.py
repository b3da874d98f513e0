"""Factor models (因子モデル): which questions measure which factors, and whether the answers agree."""
