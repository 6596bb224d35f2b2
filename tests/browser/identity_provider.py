"""An identity provider on this computer, as far as OpenID Connect's code flow needs one: who signs in there is set by the test."""

from __future__ import annotations

import base64
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

CLIENT, SECRET = "edureview", "fictional-secret"


class Provider(ThreadingHTTPServer):
    """claims : of whoever signs in. forged : tokens are signed with a key that is not the provider's."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.claims: dict[str, Any] = {}
        self.forged = False
        self.asked: list[dict[str, list[str]]] = []
        self.nonces: dict[str, str] = {}
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.other = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    @property
    def address(self) -> str:
        """Where it listens; also what it calls itself."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def token(self, code: str) -> dict[str, Any]:
        """What the code is exchanged for."""
        now = int(time.time())
        claims = {
            "iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": self.nonces.pop(code), "sub": "1",
            **self.claims,
        }  # fmt: skip
        head = _packed({"alg": "RS256", "typ": "JWT", "kid": "1"})
        signed = f"{head}.{_packed(claims)}"
        key = self.other if self.forged else self.key
        signature = key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return {
            "access_token": secrets.token_hex(8), "token_type": "Bearer", "expires_in": 300,
            "id_token": f"{signed}.{_text(signature)}",
        }  # fmt: skip


@contextmanager
def provider() -> Iterator[Provider]:
    """A running provider."""
    server = Provider()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _packed(value: dict[str, Any]) -> str:
    return _text(json.dumps(value).encode())


class _Answers(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        """Metadata, keys, and the page where a person would type a password: it sends him back at once."""
        where, at = urlsplit(self.path), self.server.address
        if where.path == "/.well-known/openid-configuration":
            self._json(
                {
                    "issuer": at, "authorization_endpoint": f"{at}/authorize", "token_endpoint": f"{at}/token",
                    "jwks_uri": f"{at}/jwks", "response_types_supported": ["code"], "subject_types_supported": ["public"],
                    "id_token_signing_alg_values_supported": ["RS256"], "code_challenge_methods_supported": ["S256"],
                }
            )  # fmt: skip
        elif where.path == "/jwks":
            numbers = self.server.key.public_key().public_numbers()
            n, e = (_text(value.to_bytes((value.bit_length() + 7) // 8, "big")) for value in (numbers.n, numbers.e))
            self._json({"keys": [{"kty": "RSA", "kid": "1", "use": "sig", "alg": "RS256", "n": n, "e": e}]})
        elif where.path == "/authorize":
            asked = parse_qs(where.query)
            self.server.asked.append(asked)
            code = secrets.token_hex(8)
            self.server.nonces[code] = asked["nonce"][0]
            self.send_response(302)
            back = urlencode({"code": code, "state": asked["state"][0]})
            self.send_header("Location", f"{asked['redirect_uri'][0]}?{back}")
            self.end_headers()
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        """The exchange of the code for a token."""
        body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self._json(self.server.token(body["code"][0]))

    def _json(self, value: dict[str, Any]) -> None:
        data = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        """Nothing on the console."""
