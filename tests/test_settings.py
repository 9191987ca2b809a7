"""A wrong setting stops the start with its name and what is expected; a secret is never shown."""

from pathlib import Path

import pytest

from app.settings import BadSettings, Settings, from_environment

NEEDED = {
    "KEYHATCH_INTEGRATOR_TOKEN": "a-token-of-integrator",
    "KEYHATCH_SECRET_KEYS": "a-signing-key-for-tests-only-0123456789",
}


def _lines(**more: str) -> list[str]:
    with pytest.raises(BadSettings) as caught:
        from_environment(NEEDED | {f"KEYHATCH_{name}": value for name, value in more.items()})
    return caught.value.lines


def test_two_settings_are_enough() -> None:
    settings = from_environment(NEEDED)

    assert settings.port == 8400
    assert settings.integrator_url == "https://api.integrator.io/v1"


def test_what_is_missing_is_named() -> None:
    with pytest.raises(BadSettings) as caught:
        from_environment({})

    assert [line.split(":")[0] for line in caught.value.lines] == [
        "KEYHATCH_INTEGRATOR_TOKEN",
        "KEYHATCH_SECRET_KEYS",
    ]


def test_an_unknown_name_stops_the_start_with_the_nearest_right_one() -> None:
    (line,) = _lines(ALOWED_ORIGINS="https://app.example")

    assert line.startswith("KEYHATCH_ALOWED_ORIGINS")
    assert "KEYHATCH_ALLOWED_ORIGINS" in line


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "many"),
        ("PORT", "70000"),
        ("ALLOWED_ORIGINS", "https://app.example/path"),
        ("ALLOWED_ORIGINS", "https://*.example"),
        ("ALLOWED_ORIGINS", "app.example"),
        ("PUBLIC_URL", "connect.example"),
        ("SECRET_KEYS", "too-short"),
        ("HOST_KEYS", "too-short"),
        ("DATABASE_URL", "mysql://x"),
        ("LOG_LEVEL", "loud"),
        ("ANSWER_WITHIN", "60"),
        ("ALLOW_PRIVATE_TARGETS", "perhaps"),
    ],
)
def test_a_wrong_value_is_named_and_never_shown(name: str, value: str) -> None:
    (line,) = _lines(**{name: value})

    assert line.startswith(f"KEYHATCH_{name}: ")
    assert "Expected: " in line
    if name.endswith("KEYS"):
        assert value not in line


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("from-a-file\n")
    environment = {name: value for name, value in NEEDED.items() if "TOKEN" not in name}

    settings = from_environment(environment | {"KEYHATCH_INTEGRATOR_TOKEN_FILE": str(file)})

    assert settings.integrator_token.get_secret_value() == "from-a-file"


def test_a_file_that_cannot_be_read_is_named() -> None:
    (line,) = _lines(CONSTANT_KEY_FILE="/nowhere/at/all")

    assert line.startswith("KEYHATCH_CONSTANT_KEY_FILE: /nowhere/at/all cannot be read")


def test_constants_fill_definitions_by_name() -> None:
    settings = from_environment(NEEDED | {"KEYHATCH_CONSTANT_CLIENT_ID": "abc"})

    assert settings.constants["CLIENT_ID"].get_secret_value() == "abc"


def test_keys_rotate_as_a_list() -> None:
    keys = f"{'a' * 32} {'b' * 32}"

    settings = from_environment(NEEDED | {"KEYHATCH_SECRET_KEYS": keys})

    assert [key.get_secret_value()[0] for key in settings.secret_keys] == ["a", "b"]


def test_no_secret_is_in_the_repr() -> None:
    text = repr(from_environment(NEEDED))

    assert all(value not in text for value in NEEDED.values())


def test_every_setting_says_what_it_is_for() -> None:
    assert all(field.description for field in Settings.model_fields.values())
