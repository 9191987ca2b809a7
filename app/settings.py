"""Settings from KEYHATCH_* variables, each secret also from KEYHATCH_*_FILE; loud when wrong.

Reads the environment once; everybody else gets values. README's table is made from the fields here.
"""

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
)

PREFIX = "KEYHATCH_"
_CONSTANT = f"{PREFIX}CONSTANT_"


class BadSettings(ValueError):
    """Settings that cannot be used: a line for each, with its name and what is expected."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        super().__init__("\n".join(lines))


def _split(value: Any) -> Any:
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


def _is_origin(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or f"{parts.scheme}://{parts.netloc}" != value:
        raise ValueError("origins like https://app.example, without a path, separated by spaces")
    if "*" in value or "@" in value:
        raise ValueError(
            "exact origins; a pattern or a login would let in pages that you do not own"
        )
    return value


def _is_base(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise ValueError("an address like https://connect.example")
    return value.rstrip("/")


def _is_long(value: SecretStr) -> SecretStr:
    if len(value.get_secret_value()) < 32:
        raise ValueError("at least 32 random characters, for example of `openssl rand -hex 32`")
    return value


Words = Annotated[tuple[str, ...], BeforeValidator(_split)]
Origin = Annotated[str, BeforeValidator(_is_origin)]
Origins = Annotated[tuple[Origin, ...], BeforeValidator(_split)]
Base = Annotated[str, BeforeValidator(_is_base)]
Bases = Annotated[tuple[Base, ...], BeforeValidator(_split)]
LongSecret = Annotated[SecretStr, AfterValidator(_is_long)]
LongSecrets = Annotated[tuple[LongSecret, ...], BeforeValidator(_split)]


class Settings(BaseModel):
    """Every setting; the description is what README and `keyhatch check` say about it."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    integrator_token: SecretStr = Field(description="API token of integrator.io. Secret.")
    integrator_url: Base = Field(
        "https://api.integrator.io/v1",
        description="Address of integrator.io's API; Europe is https://api.eu.integrator.io/v1.",
    )
    secret_keys: LongSecrets = Field(
        min_length=1,
        description="Keys that sign session tokens and receipts, newest last, at least 32 "
        "characters each. Secret.",
    )
    host_keys: LongSecrets = Field(
        (),
        description="Host keys for the host API, beside those of `keyhatch keys create`, at least "
        "32 characters each. Secret.",
    )
    host_name: str = Field(
        "This product",
        min_length=1,
        max_length=60,
        description="The host product's name, as end users know it.",
    )
    allowed_origins: Origins = Field(
        (), description="Origins of the pages that may embed the widget, separated by spaces."
    )
    return_urls: Bases = Field(
        (),
        description="Addresses that a session's `return_url` may begin with, separated by spaces.",
    )
    public_url: Base = Field(
        "http://127.0.0.1:8400", description="Address under which browsers reach Keyhatch."
    )
    listen: str = Field("127.0.0.1", description="Address that the server listens on.")
    port: int = Field(8400, ge=0, le=65_535, description="Port that the server listens on.")
    database_url: str = Field(
        "sqlite:///keyhatch.sqlite3",
        pattern=r"^sqlite://",
        description="Where sessions and the journal are kept, as sqlite:///path.",
    )
    catalogue_dir: Path | None = Field(
        None, description="A folder with definitions of your own, added to ours."
    )
    allow_private_targets: bool = Field(
        False,
        description="Accept http and private addresses in web address fields; for development.",
    )
    egress_addresses: Words = Field(
        (),
        description="Addresses from which integrator.io connects; shown where a firewall may be "
        "the cause.",
    )
    pings_in_flight: int = Field(
        200, ge=1, le=10_000, description="How many pings may wait for integrator.io at once."
    )
    ping_timeout: float = Field(
        65.0, gt=0, le=600, description="Seconds to wait for the answer to a ping."
    )
    answer_within: float = Field(
        20.0,
        gt=0,
        le=25,
        description="Seconds after which a submit is answered with 'still working'; proxies cut at "
        "30.",
    )
    privacy_url: Base | None = Field(None, description="Your privacy page, linked under each form.")
    help_url: Base | None = Field(None, description="Your help page, linked under each form.")
    log_level: str = Field(
        "info",
        pattern="^(debug|info|warning|error)$",
        description="How much is logged: debug, info, warning or error.",
    )
    constants: dict[str, SecretStr] = Field(
        default_factory=dict,
        description="CONSTANT_NAME fills {secret:NAME} in definitions. Secret.",
    )

    @property
    def origin(self) -> str:
        """Our own origin, as browsers name it."""
        scheme, _, rest = self.public_url.partition("://")
        return f"{scheme}://{rest.split('/', 1)[0]}"


def from_environment(environ: Mapping[str, str]) -> Settings:
    """Read the settings. Raises BadSettings with one line for each that is wrong or unknown."""
    wrong: list[str] = []
    found = dict(_values(environ, wrong))
    try:
        settings = Settings.model_validate(found)
    except ValidationError as error:
        raise BadSettings(wrong + list(_lines(error))) from None
    if wrong:
        raise BadSettings(wrong)
    return settings


def _values(environ: Mapping[str, str], wrong: list[str]) -> Iterator[tuple[str, Any]]:
    constants: dict[str, str] = {}
    for name, value in environ.items():
        if not name.startswith(PREFIX) or value == "":
            continue
        key = name.removeprefix(PREFIX).lower()
        if key.endswith("_file") and key not in Settings.model_fields:
            key, value = key.removesuffix("_file"), _content(name, value, wrong)
        if name.startswith(_CONSTANT):
            constants[name.removeprefix(_CONSTANT).removesuffix("_FILE")] = value
        elif key not in Settings.model_fields or key == "constants":
            wrong.append(_unknown(name))
        else:
            yield key, value
    yield "constants", constants


def _content(name: str, path: str, wrong: list[str]) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        wrong.append(f"{name}: {path} cannot be read ({type(error).__name__})")
        return ""


def _unknown(name: str) -> str:
    known = [PREFIX + key.upper() for key in Settings.model_fields if key != "constants"]
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"{name}: there is no such setting" + (f"; did you mean {near[0]}?" if near else "")


def _lines(error: ValidationError) -> Iterator[str]:
    told = set[str]()
    for fault in error.errors(include_input=False, include_url=False):
        key = str(fault["loc"][0]) if fault["loc"] else ""
        # A wrong item also makes its list too short: one line for a setting is enough.
        if key in told:
            continue
        told.add(key)
        expected = Settings.model_fields[key].description if key in Settings.model_fields else ""
        words = "it is missing" if fault["type"] == "missing" else fault["msg"]
        yield f"{PREFIX}{key.upper()}: {words}. Expected: {expected}"
