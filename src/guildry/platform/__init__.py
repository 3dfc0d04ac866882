"""What every product part needs from the machine it runs on."""
