"""Every setting of Firstline: one field per environment variable of the same name, also read from `.env`.

A secret has no default outside the demo: `FIRSTLINE_DEMO=true` (the default of `scripts/run`) lets
`ops/credentials.py` generate the ones that are missing into the state folder. Every secret may lie in a file instead,
named by the variable with `_FILE` behind it.
"""

from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings.sources import DotEnvSettingsSource, EnvSettingsSource

from secret_values import from_files, several

ROOT = Path(__file__).resolve().parent


class Settings(BaseSettings):
    """Read once at the edge of a program (`load`) and passed on; nothing else reads the environment."""

    model_config = SettingsConfigDict(env_file=ROOT / ".env", extra="ignore", env_ignore_empty=True, frozen=True)

    # The product
    firstline_demo: bool = False  # demo operator, demo logins, generated secrets
    firstline_port: int = Field(default=8000, ge=1, le=65535)
    firstline_host: str = "127.0.0.1"  # address the public port listens on
    firstline_public_url: str = ""  # how Twilio and browsers reach us; empty = http://host:port
    firstline_state: Path = Path(".firstline")  # everything that outlives a restart
    firstline_backups: Path | None = None  # where backups go, best on another disk; empty = a folder of the state
    firstline_trusted_proxy: bool = False  # believe X-Forwarded-Proto/Host (only behind a proxy that sets them)
    firstline_allowed_origins: str = ""  # comma-separated sites that may embed the chat; our own always may
    firstline_operator_name: str = "Larkfield Telecom"  # said to customers
    firstline_language: str = "en"  # language of a contact that does not say another
    firstline_timezone: str = "Europe/London"  # in which a customer is told "by 17:30"
    firstline_country: str = "GB"  # public holidays, phone number format

    # Secrets
    firstline_api_token: SecretStr = SecretStr("")  # one machine client of the TMF APIs
    firstline_admin_token: SecretStr = SecretStr("")  # whoever may delete tickets by the TMF API; empty = nobody
    firstline_webhook_secrets: SecretStr = SecretStr("")  # sign events of the hub; two, by comma, while changing
    firstline_mirror_secret: SecretStr = SecretStr("")  # ours at the mirror's issuer of tokens (mirror.yml)
    firstline_internal_token: SecretStr = SecretStr("")  # between our own programs
    firstline_operator_token: SecretStr = SecretStr("")  # us to the operator's systems
    firstline_backup_passphrase: SecretStr = SecretStr("")  # seals generated secrets in backups; empty = they stay out
    firstline_demo_password: SecretStr = SecretStr("")  # every demo person's console password

    # The operator's issuer of access tokens for machine clients; empty = our own (/oauth2/token)
    oidc_issuer: str = ""  # its URL, exactly as its tokens say it
    oidc_audience: str = "firstline"  # what its tokens for us are made out to

    # The operator's own web login, whose signed tokens say who is at the chat; empty = nobody is logged in
    customer_login_keys_url: str = ""  # of its public keys (JWKS)
    customer_login_issuer: str = ""  # `iss`, exactly as its tokens say it
    customer_login_audience: str = "firstline-chat"  # `aud` of tokens for the chat
    customer_login_claim: str = "sub"  # which claim is the customer's id in the customer system
    customer_login_proves: Literal["known", "verified"] = "verified"  # how far a login is believed

    # Operations
    log_format: Literal["text", "json"] = "text"  # json: each line is an object (logs.py, in every program)
    otel_exporter_otlp_endpoint: str = ""  # where traces go (OTLP over HTTP); empty = none are made

    # Where the other programs are
    redis_url: str = "redis://127.0.0.1:6379/0"
    database_url: str = "postgresql://127.0.0.1:5432/firstline"
    rasa_url: str = "http://127.0.0.1:5005"
    firstline_web_url: str = "http://127.0.0.1:8000"  # how our own programs reach escalation
    firstline_inner_url: str = "http://127.0.0.1:8001"
    firstline_outbound_url: str = "http://127.0.0.1:8002"
    firstline_operator_url: str = "http://127.0.0.1:8003"  # the operator's TMF APIs; the demo operator by default

    # Limits
    bot_timeout_s: float = 8.0  # one try of a bot's turn in chat
    bot_give_up_s: float = Field(default=45, ge=5, le=600)  # silent for so long: the message goes to people
    ivr_transport: Literal["gather", "relay"] = "gather"  # how callers talk: webhooks, or ConversationRelay's socket
    ivr_budget_s: float = 4.0  # a call webhook answers within this (Twilio's hard limit: 15 s)
    ivr_ring_s: int = Field(default=25, ge=5, le=600)  # a person's telephone rings so long, then the next one's
    ivr_most_wait_s: int = Field(default=900, ge=0)  # nobody is kept waiting for a person on the line any longer
    ivr_hold_music: str = ""  # address of a WAV or MP3 for waiting callers; empty = a soft tone of our own
    ivr_transcribe: bool = False  # have Twilio write voicemails down (English only, costs extra)
    message_max_chars: int = 4000  # a longer message is cut, and the customer told
    chat_messages_per_minute: int = 60  # of one conversation; more gets a friendly refusal
    chat_requests_per_minute: int = 600  # of one address: many customers may share one
    agent_gone_after_s: int = Field(default=45, ge=15, le=3600)  # then the chat of an agent without console is requeued
    attachment_max_mb: int = Field(default=5, ge=1, le=20)  # of one file in a conversation
    attachments_per_conversation: int = Field(default=5, ge=0, le=50)  # of the customer; 0 = customers attach nothing
    attachment_scan_command: str = ""  # gets a file on its input, exit code 0 = clean, 1 = refused; empty = no scan
    api_requests_per_minute: int = Field(default=6000, ge=1)  # with FIRSTLINE_API_TOKEN; other clients: clients.yml

    # Knowledge
    knowledge_model: str = ""  # sentence-transformers name or folder; empty = the all-MiniLM-L6-v2 wheel
    knowledge_target_precision: float = Field(default=0.95, gt=0.5, lt=1)

    # Twilio
    twilio_account_sid: str = ""
    twilio_auth_token: SecretStr = SecretStr("")
    twilio_from_number: str = ""
    ivr_fallback_number: str = ""  # level 1's telephone, dialled when nothing of ours answers
    twilio_api_base: str = ""  # empty = Twilio's cloud; the demo operator's stand-in in the demo

    # E-mail
    smtp_url: SecretStr = SecretStr("")  # smtp://user:password@host:587 (STARTTLS) or smtps://...; empty = no e-mail
    smtp_from: str = ""  # the address e-mail comes from

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - another way of theirs, which we do not use
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        files = _SecretFiles(settings_cls, env_settings, dotenv_settings)
        return init_settings, files, env_settings, dotenv_settings

    @property
    def internal_token(self) -> str:
        """The one our programs send each other."""
        return next(iter(self.internal_tokens), "")

    @property
    def internal_tokens(self) -> tuple[str, ...]:
        """Those that are accepted: two while one takes the place of the other."""
        return several(self.firstline_internal_token.get_secret_value())

    @property
    def twilio_token(self) -> str:
        """The one we call Twilio with."""
        return next(iter(self.twilio_tokens), "")

    @property
    def twilio_tokens(self) -> tuple[str, ...]:
        """Those that a webhook may be signed with: two while Twilio changes from one to the other."""
        return several(self.twilio_auth_token.get_secret_value())

    @property
    def public_url(self) -> str:
        """Without a trailing slash."""
        return (self.firstline_public_url or f"http://{self.firstline_host}:{self.firstline_port}").rstrip("/")

    @property
    def backups(self) -> Path:
        return self.firstline_backups or self.firstline_state / "backups"

    @property
    def allowed_origins(self) -> tuple[str, ...]:
        return tuple(origin.strip() for origin in self.firstline_allowed_origins.split(",") if origin.strip())


class _SecretFiles(PydanticBaseSettingsSource):
    """`NAME_FILE`, in the environment or `.env`."""

    def __init__(self, settings_cls: type[BaseSettings], *given: PydanticBaseSettingsSource) -> None:
        super().__init__(settings_cls)
        self._given: dict[str, str] = {}
        for source in reversed(given):
            if isinstance(source, EnvSettingsSource | DotEnvSettingsSource):
                self._given |= {name.upper(): value for name, value in source.env_vars.items() if value}

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002 - theirs
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        return {name.lower(): value for name, value in from_files(self._given, secret_names()).items()}


def secret_names() -> tuple[str, ...]:
    """Variables that hold a secret, the addresses of databases included: a password is in them."""
    secret = [name for name, field in Settings.model_fields.items() if field.annotation is SecretStr]
    return tuple(name.upper() for name in (*secret, "redis_url", "database_url"))


@cache
def load() -> Settings:
    return Settings()
