"""Settings: read once from RITORNO_ variables by app, worker and cli, then passed down (STYLE §7)."""

from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an installation may set; DESIGN §3 is the contract."""

    model_config = SettingsConfigDict(env_prefix="RITORNO_", extra="ignore", frozen=True)

    database_url: str = ""
    """The application's role, which may not change ledgers; empty means the embedded server."""
    migration_url: str = ""
    """The owner of the tables; default `database_url`."""
    redis_url: str = ""
    data_dir: Path = Path(".ritorno/shop")
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""
    trusted_proxy: str = ""
    secret_key: SecretStr = SecretStr("")
    old_secret_keys: SecretStr = SecretStr("")
    """Comma-separated: keys that may still verify a link, never sign one (E-05, B-04)."""
    smtp_url: SecretStr = SecretStr("")
    sms_url: SecretStr = SecretStr("")
    """`twilio://account:token@api.twilio.com`; empty keeps texts in the outbox."""
    bounce_address: str = Field("", pattern=r"^$|^[^@\s]{1,19}@[^@\s]+$")
    """Where mail comes back, such as `bounces@shop.example`: each message gets its own `bounces+TOKEN@…` (E-10). Empty
    keeps the sender's own address in the envelope. The token leaves nineteen characters for the name.
    """
    imap_url: SecretStr = SecretStr("")
    """The mailbox that receives what comes back: `imaps://user:password@host/INBOX`."""
    mail_dir: Path | None = None
    """Where `.eml` files that came back are dropped; default `mail` in `data_dir`."""
    dns_server: str = ""
    """Who is asked about senders' domains, `address:port`; empty asks the system's own."""
    admin_email: str = ""
    admin_password: SecretStr = SecretStr("")
    demo: bool = False
    max_body_bytes: int = 1_000_000
    max_batch_bytes: int = 16_000_000
    max_upload_bytes: int = 1_000_000_000
    max_evidence_bytes: int = 15_000_000
    """A scan or a signature."""
    max_evidence_pixels: int = 60_000_000
    """A page of A4 at 600 dots an inch has 35 million."""
    watch_dir: Path | None = None
    """Where tills drop files for the night; default `drop` in `data_dir`."""
    automatic_merges: bool = False
    """After each search, merge the pairs of the automatic tier without asking a person; each can be separated again."""
    worker_jobs: int = 10
    worker_lease_seconds: float = 20
    """How long a killed worker's job waits before another takes it up."""
    log_format: str = "json"
    lake_url: str = ""
    """The folder of the Parquet lake; default `<data_dir>/lake`."""
    lake_memory: str = "768MB"
    """How much DuckDB may hold while it loads an archive; the rest goes to disk."""

    @model_validator(mode="after")
    def _fill(self) -> Self:
        if not self.public_url:
            object.__setattr__(self, "public_url", f"http://{self.host}:{self.port}")
        if not self.lake_url:
            object.__setattr__(self, "lake_url", str(self.data_dir / "lake"))
        if not self.migration_url:
            object.__setattr__(self, "migration_url", self.database_url)
        return self

    @classmethod
    def load(cls, **overrides: object) -> "Settings":
        """Read the environment; values given here win."""
        return cls(**overrides)  # type: ignore[arg-type]

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def captures_mail(self) -> bool:
        """Without an SMTP server nothing leaves the machine: messages are kept in the outbox."""
        return not self.smtp_url.get_secret_value()
