"""The design system: tokens, components, icons, behaviours and page frames."""
