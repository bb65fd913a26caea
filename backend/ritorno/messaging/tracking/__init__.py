"""Openings and clicks of those who allow it, and of nobody else (E-20…E-23)."""
