"""An OpenID provider on loopback: discovery, authorization, tokens, keys and userinfo over HTTP, with RS256.

It checks what a provider must (client, secret, redirect address, PKCE), and can be told to answer wrongly.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT, SECRET = "jobfirst", "client secret: with / signs"
WELL_KNOWN = "/.well-known/openid-configuration"


def new_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class IdentityProvider:
    """The provider's state. `claims` are those of the person who signs in; `change` alters the id token."""

    def __init__(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self.issuer = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.key, self.key_id = new_key(), "first"
        self.claims = {"sub": "a1", "email": "mentor@example.invalid", "email_verified": True}
        self.userinfo = None
        self.change = lambda claims: claims
        self.sign = self.sign_with_key
        self.codes = {}
        self.asked_at = None
        self.is_broken = False
        self.requests = []
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def sign_with_key(self, claims):
        return jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": self.key_id})

    def configuration(self):
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "end_session_endpoint": f"{self.issuer}/logout",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }

    def jwks(self):
        public = json.loads(RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": self.key_id, "use": "sig", "alg": "RS256"}]}

    def authorize(self, address):
        """Sign the person in at once; return the address to go back to."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert query["client_id"] == CLIENT
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form, authorization):
        """Return (status, answer) of the token endpoint; a code is good once."""
        expected = base64.b64encode(b"jobfirst:client%20secret%3A%20with%20%2F%20signs").decode()
        query = self.codes.pop(form.get("code"), None)
        if authorization != f"Basic {expected}" or query is None:
            return 401, {"error": "invalid_client"}
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if challenge != query["code_challenge"] or form["redirect_uri"] != query["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        if query.get("prompt") == "login":
            self.asked_at = now
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": query["nonce"]}
        if self.asked_at is not None:
            claims["auth_time"] = self.asked_at
        id_token = self.sign(self.change(claims | self.claims))
        return 200, {"access_token": "access", "token_type": "Bearer", "id_token": id_token}


def _handler_of(provider):
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args):
            """Write nothing."""

        def do_GET(self):
            provider.requests.append(self.path)
            pages = {
                WELL_KNOWN: provider.configuration,
                "/keys": provider.jwks,
                "/userinfo": lambda: provider.userinfo or {},
            }
            if provider.is_broken or self.path not in pages:
                self.answer(500, {"error": "server_error"})
            else:
                self.answer(200, pages[self.path]())

        def do_POST(self):
            provider.requests.append(self.path)
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(text).items()}
            self.answer(*provider.token(form, self.headers.get("Authorization")))

        def answer(self, status, data):
            body = json.dumps(data).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler
