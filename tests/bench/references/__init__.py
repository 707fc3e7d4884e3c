"""What the leaderboard is measured against. Each file says what it does and what it leaves out."""
