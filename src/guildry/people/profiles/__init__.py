"""What a member shows of themselves: story, skills, experience and portfolio."""
