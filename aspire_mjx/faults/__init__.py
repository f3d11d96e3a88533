"""What failed, where and why: fault signatures, blame of call sites, effects of factors, intervals."""
