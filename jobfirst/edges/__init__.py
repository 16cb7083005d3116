"""Where the system meets others: headers, requests that are refused, connections that must be secured."""
