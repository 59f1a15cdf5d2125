"""Settings: read from the environment (prefix BIHUAN_), typed, never changed while the program runs."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.domain.anchor import Algorithm
from app.domain.egress import Networks
from app.domain.retention import YEARS

PROJECT = Path(__file__).resolve().parent.parent
PREFIX = "BIHUAN_"
# Asymmetric ones only: with a shared secret whoever can check a token could make one.
_ALGORITHM = "(RS256|RS384|RS512|PS256|PS384|PS512|ES256|ES384|ES512|EdDSA)"


Proxies = tuple[IPv4Network | IPv6Network, ...]


class Settings(BaseSettings):
    """Everything an operator can set; every value has a default that works on one machine."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True)

    database_url: str | None = Field(default=None, description="PostgreSQL ≥ 14; without it the embedded one is used.")
    home: Path = PROJECT / ".bihuan"
    keyring: Path | None = Field(default=None, description="Keys of what is sealed; default: keyring.json in `home`.")
    cipher: Literal["aes-gcm", "sm4-gcm"] = "aes-gcm"
    retention_years: int = Field(default=YEARS, ge=1, le=100)
    pool_size: int = Field(default=8, ge=1, le=100)
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    max_body_bytes: int = Field(default=1_048_576, ge=1_024)
    rate_limits: bool = Field(default=True, description="Counted by each web process for itself.")
    requests_per_minute: int = Field(default=600, ge=1, description="Of one account, in a moving minute.")
    unsigned_requests_per_minute: int = Field(default=120, ge=1, description="Of one address (IPv6: one /64).")
    attempts_per_minute: int = Field(
        default=20, ge=1, description="Failed sign-ins of one address, and rating links that it tries."
    )
    trusted_proxies: str = Field(
        default="", description="Networks (CIDR, separated by commas) whose X-Forwarded-For is believed."
    )
    behind_tls: bool = Field(default=False, description="Browsers come by HTTPS: answers say so by HSTS.")
    egress_allowed: str = Field(
        default="", description="Private networks (CIDR, separated by commas) that webhooks may reach, of an intranet."
    )
    sweep_seconds: int = Field(default=60, ge=1, le=3_600)
    anchor_key: Path | None = Field(default=None, description="Signs the daily anchors; default: home/anchor-key.pem.")
    anchor_digest: Algorithm = Algorithm.SHA256
    oidc_issuer: str | None = Field(default=None, description="Exactly as tokens name it; without it no token counts.")
    oidc_audience: str | None = None
    oidc_algorithms: str = Field(default="RS256,PS256,ES256,EdDSA", pattern=f"^{_ALGORITHM}(,{_ALGORITHM})*$")
    oidc_subject_claim: str = Field(default="sub", min_length=1, max_length=100)
    attachments: str | None = Field(default=None, description="A folder, or s3://bucket/prefix; else in the home.")
    attachment_bytes: int = Field(default=20_971_520, ge=1_024, le=1_073_741_824)
    attachment_seconds: float = Field(default=300, ge=1, le=3_600)
    clamd: str | None = Field(default=None, description="The virus scanner: unix:/path or tcp:host:port.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @property
    def url(self) -> str | None:
        """The database URL with the driver that the service uses."""
        if not self.database_url:
            return None
        scheme, separator, rest = self.database_url.partition("://")
        known = scheme in ("postgres", "postgresql")
        return f"postgresql+psycopg{separator}{rest}" if known else self.database_url

    @property
    def proxies(self) -> Proxies:
        """The networks of the trusted proxies."""
        return _networks(self.trusted_proxies)

    @field_validator("trusted_proxies", "egress_allowed")
    @classmethod
    def _are_networks(cls, written: str) -> str:
        try:
            _networks(written)
        except ValueError:
            raise ValueError("应为逗号分隔的网段，例如 10.0.0.0/8,192.168.1.0/24") from None
        return written

    @property
    def egress_networks(self) -> Networks:
        """The networks that the service may reach although they are not public."""
        return Networks(_networks(self.egress_allowed))

    @property
    def attachments_place(self) -> str:
        """Where the contents of attachments are kept."""
        return self.attachments or str(self.home.absolute() / "attachments")

    @property
    def keyring_path(self) -> Path:
        """Where the keys lie."""
        return (self.keyring or self.home / "keyring.json").absolute()

    @property
    def postgres_home(self) -> Path:
        """Where the embedded PostgreSQL keeps its data."""
        return self.home.absolute() / "postgres"

    @property
    def anchor_key_file(self) -> Path:
        """Where the key is that signs anchors."""
        return (self.anchor_key or self.home / "anchor-key.pem").absolute()


def _networks(written: str) -> Proxies:
    return tuple(ip_network(one.strip()) for one in written.split(",") if one.strip())
