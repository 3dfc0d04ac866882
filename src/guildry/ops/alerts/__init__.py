"""What operators are told of without looking: thresholds, alerts, silences, and how the news reaches them."""
