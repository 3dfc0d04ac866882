"""Starting, holding and stopping the process: components, leases and the server."""
