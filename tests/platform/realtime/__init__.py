"""Tests of the gateway: rules and actions alone, and whole processes with sockets."""
