"""The edge of the program: headers, policies, rate limits, idempotent replies and error pages."""
