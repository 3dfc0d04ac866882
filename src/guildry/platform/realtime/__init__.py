"""The Socket.IO gateway: authenticated namespaces, presence and the ordered dispatcher."""
