"""What a person looks at: summaries, tables, keyframes, videos."""
