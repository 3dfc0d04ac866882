"""Uploads: quarantined, checked, re-encoded and served by signed address."""
