"""The audit trail: every privileged act, who did it and why, provable by the chain of facts."""
