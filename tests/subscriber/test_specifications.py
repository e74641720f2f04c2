"""The demo operator's bodies against TM Forum's own specifications, where those lie beside the project."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from settings import ROOT

SPECS = ROOT.parent / "shared" / "specs"
FROM_V5 = {"operatingStatus"}  # TMF638 v5's field in v4's body: v4 cannot say whether a service works


def definitions(name: str) -> dict[str, Any]:
    file: Path = SPECS / name
    if not file.exists():
        pytest.skip(f"{file} is not there")
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))["definitions"]
    return found


def strays(body: Any, schema: dict[str, Any], known: dict[str, Any], path: str = "") -> set[str]:
    """Names of the body that the schema does not have, and required ones that the body does not have."""
    if "$ref" in schema:
        return strays(body, known[schema["$ref"].rpartition("/")[2]], known, path)
    if schema.get("type") == "array":
        return {stray for member in body for stray in strays(member, schema["items"], known, path + "[]")}
    if "properties" not in schema:
        return {f"{path}={body}"} if body not in schema.get("enum", [body]) else set()
    found = {f"{path}.{name}" for name in set(body) - set(schema["properties"]) - FROM_V5}
    found |= {f"{path}.{name} missing" for name in set(schema.get("required", ())) - set(body)}
    inner = ((name, value) for name, value in body.items() if name in schema["properties"])
    return found.union(*(strays(value, schema["properties"][name], known, f"{path}.{name}") for name, value in inner))


@pytest.mark.parametrize(
    ("specification", "resource", "path"),
    [
        ("TMF629-Customer-v4.0.0.swagger.json", "Customer", "/tmf-api/customerManagement/v4/customer"),
        ("TMF638-ServiceInventory-v4.0.0.swagger.json", "Service", "/tmf-api/serviceInventory/v4/service"),
        (
            "TMF656-ServiceProblem-v4.0.0.swagger.json",
            "ServiceProblem",
            "/tmf-api/serviceProblemManagement/v4/serviceProblem",
        ),
        (
            "TMF678-CustomerBill-v4.0.0.swagger.json",
            "CustomerBill",
            "/tmf-api/customerBillManagement/v4/customerBill",
        ),
        (
            "TMF678-CustomerBill-v4.0.0.swagger.json",
            "AppliedCustomerBillingRate",
            "/tmf-api/customerBillManagement/v4/appliedCustomerBillingRate",
        ),
        ("TMF654-PrepayBalance-v4.0.0.swagger.json", "Bucket", "/tmf-api/prepayBalanceManagement/v4/bucket"),
        ("TMF637-ProductInventory-v4.0.0.swagger.json", "Product", "/tmf-api/productInventory/v4/product"),
    ],
)
async def test_every_body_is_one_of_the_specification(
    operator: httpx.AsyncClient, specification: str, resource: str, path: str
) -> None:
    known = definitions(specification)

    bodies = (await operator.get(path)).json()

    assert bodies
    assert {stray for body in bodies for stray in strays(body, known[resource], known)} == set()
