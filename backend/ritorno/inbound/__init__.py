"""What comes back: bounces, complaints, replies, receipts; attributed by token, never by guessing (E-10…E-14)."""
