"""The container's health check: exits 0 when the site answers on port 8000 of this machine."""

import http.client
import os
import sys

connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=8)
host = os.environ["DJANGO_ALLOWED_HOSTS"].split(",")[0]
connection.request("GET", "/", headers={"Host": host, "X-Forwarded-Proto": "https"})
sys.exit(0 if connection.getresponse().status < 400 else 1)
