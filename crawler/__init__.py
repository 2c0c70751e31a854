"""Fetch on a schedule: from an outlet to captures."""
