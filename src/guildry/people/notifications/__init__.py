"""What members are told, where and when."""
