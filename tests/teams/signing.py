"""Tokens as the Bot Framework signs them, and the many that are wrong."""

import base64
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.teams.model import Payload

ISSUER = "https://api.botframework.com"


@cache
def rsa_key(name: str) -> rsa.RSAPrivateKey:
    """A key for signing, made once."""
    assert name
    return rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


@dataclass(slots=True)
class Signer:
    """Signs activities for a bot, and shows the keys that it signs with.

    Attributes:
        kids: The keys shown, each with the platforms that it is endorsed for.
    """

    app_id: str
    kids: dict[str, list[str]] = field(default_factory=lambda: {"key-1": ["msteams"]})

    def keys(self) -> Payload:
        """The keys, as the Bot Framework shows them."""
        return {"keys": [self._shown(kid, channels) for kid, channels in self.kids.items()]}

    def claims(self, service_url: str) -> Payload:
        """What a right token says."""
        now = int(time.time())
        return {
            "iss": ISSUER,
            "aud": self.app_id,
            "serviceurl": service_url,
            "nbf": now - 300,
            "iat": now - 300,
            "exp": now + 3_600,
        }

    def token(self, service_url: str, *, kid: str = "", key: str = "", **claims: object) -> str:
        """A token; *claims* come before the right ones, and None takes one away."""
        name = kid or next(iter(self.kids))
        said = {**self.claims(service_url), **claims}
        said = {claim: value for claim, value in said.items() if value is not None}
        return jwt.encode(said, rsa_key(key or name), "RS256", {"kid": name})

    def _shown(self, kid: str, channels: list[str]) -> Payload:
        shown: Payload = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(rsa_key(kid).public_key()))
        return {**shown, "kid": kid, "use": "sig", "x5t": kid, "endorsements": channels}


def _part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _no_signature(signer: Signer, url: str) -> str:
    head = {"alg": "none", "typ": "JWT", "kid": next(iter(signer.kids))}
    return f"Bearer {_part(head)}.{_part(signer.claims(url))}."


def _symmetric(signer: Signer, url: str) -> str:
    """Signed with the public key as a password: the oldest trick."""
    kid = next(iter(signer.kids))
    pem = (
        rsa_key(kid)
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    algorithm = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    body = f"{_part({'alg': 'HS256', 'typ': 'JWT', 'kid': kid})}.{_part(signer.claims(url))}"
    seal = base64.urlsafe_b64encode(algorithm.sign(body.encode(), pem)).rstrip(b"=").decode()
    return f"Bearer {body}.{seal}"


def _altered(signer: Signer, url: str) -> str:
    head, _, seal = signer.token(url).split(".")
    return f"Bearer {head}.{_part({**signer.claims(url), 'serviceurl': url, 'x': 1})}.{seal}"


def _agent(signer: Signer, url: str) -> str:
    """As Entra signs for agents: it names no service address."""
    tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
    return "Bearer " + signer.token(
        url,
        iss=f"https://login.microsoftonline.com/{tenant}/v2.0",
        tid=tenant,
        azp="5a807f24-c9de-44ee-a3a7-329e88a00ffc",
        serviceurl=None,
    )


BAD: dict[str, Callable[[Signer, str], str]] = {
    "nothing": lambda _signer, _url: "",
    "another scheme": lambda signer, url: f"Basic {signer.token(url)}",
    "no token": lambda _signer, _url: "Bearer nonsense",
    "half a token": lambda signer, url: f"Bearer {signer.token(url).rpartition('.')[0]}.",
    "a token of a megabyte": lambda _signer, _url: f"Bearer {'x' * 7_000}.{'y' * 400}.z",
    "no signature": _no_signature,
    "a password for a signature": _symmetric,
    "altered": _altered,
    "another key": lambda signer, url: f"Bearer {signer.token(url, key='a stranger')}",
    "an unknown key": lambda signer, url: f"Bearer {signer.token(url, kid='key-99')}",
    "another issuer": lambda signer, url: f"Bearer {signer.token(url, iss='https://evil.example')}",
    "an agent's": _agent,
    "another bot": lambda signer, url: f"Bearer {signer.token(url, aud='another-bot')}",
    "no audience": lambda signer, url: f"Bearer {signer.token(url, aud=None)}",
    "ended": lambda signer, url: f"Bearer {signer.token(url, exp=int(time.time()) - 600)}",
    "without an end": lambda signer, url: f"Bearer {signer.token(url, exp=None)}",
    "not begun": lambda signer, url: f"Bearer {signer.token(url, nbf=int(time.time()) + 600)}",
    "another address": lambda signer, _url: f"Bearer {signer.token('https://evil.example/')}",
    "a longer address": lambda signer, url: f"Bearer {signer.token(url + '.evil.example')}",
    "no address": lambda signer, url: f"Bearer {signer.token(url, serviceurl=None)}",
    "an address that is no text": lambda signer, url: f"Bearer {signer.token(url, serviceurl=7)}",
}
"""What stands where a right token should, by what is wrong with it."""
