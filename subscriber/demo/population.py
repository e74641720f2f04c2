"""Customers beyond those written down: as many as a small operator has, the same ones at every start."""

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random

import yaml
from pydantic import BaseModel, ConfigDict, Field

from subscriber.demo.book import Book, Charge, Customer, Line, Service
from subscriber.demo.ledger import MONTHS

# Districts where nothing is broken, so that no generated customer contradicts the network.
DISTRICTS = (("LF1", "place-centre"), ("LF7", "place-elmfield"))
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"  # of the inward part of a postcode
FIBRE = ("Fibre 35", "Fibre 80", "Fibre 150", "Fibre 300", "Fibre 900")
MOBILE = ("Mobile 5 GB", "Mobile 20 GB", "Mobile 50 GB", "Mobile Unlimited")
TV = ("TV Basic", "TV Plus", "TV Max")
# What a consumer has, as often as it stands here.
BASKETS = (
    ("broadband",),
    ("broadband", "mobile"),
    ("mobile",),
    ("mobile",),
    ("broadband", "tv"),
    ("prepaid",),
    ("broadband", "mobile", "tv", "landline"),
)
SITE_LINE = Line(down=299.0, up=298.1)


class Recipe(BaseModel):
    """data/operator/demo/population.yml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: int
    consumers: int = Field(ge=0, le=700)  # as many numbers are kept for fiction
    companies: int = Field(ge=0, le=300)
    first_names: tuple[str, ...] = Field(min_length=10)
    last_names: tuple[str, ...] = Field(min_length=10)
    company_names: tuple[str, ...] = Field(min_length=10)
    trades: tuple[str, ...] = Field(min_length=3)


@cache
def populated(folder: Path) -> Book:
    """The book with everybody. Raises pydantic.ValidationError when the recipe is wrong."""
    book = Book.read(folder)
    recipe = Recipe.model_validate(yaml.safe_load((folder / "population.yml").read_text("utf-8")))
    consumers = (_consumer(recipe, number) for number in range(recipe.consumers))
    companies = (_company(recipe, number) for number in range(recipe.companies))
    return book.model_copy(update={"customers": (*book.customers, *consumers, *companies)})


def _consumer(recipe: Recipe, number: int) -> Customer:
    chance = Random(f"{recipe.seed}/consumer/{number}")  # noqa: S311  (made-up people are no secret)
    postcode, place = _address(chance)
    first, last = chance.choice(recipe.first_names), chance.choice(recipe.last_names)
    basket = BASKETS[number % len(BASKETS)]
    name = f"cust-{2001 + number}"
    services = tuple(_service(chance, f"svc-{2001 + number}-{index}", kind) for index, kind in enumerate(basket, 1))
    return Customer(
        id=name,
        account=f"{20000017 + 11 * number:08d}",
        name=f"{first} {last}",
        born=date(1940, 1, 1) + timedelta(days=chance.randrange(24_000)),
        phones=(f"+447700900{200 + number:03d}",),
        email=f"{first}.{last}.{number}@example.com".casefold(),
        postcode=postcode,
        place=place,
        prepaid=basket == ("prepaid",),
        charges=_charges(chance, basket),
        services=services,
        bill_days_ago=chance.randrange(2, 27),
    )


def _company(recipe: Recipe, number: int) -> Customer:
    chance = Random(f"{recipe.seed}/company/{number}")  # noqa: S311
    postcode, place = _address(chance)
    label = f"svc-{3001 + number}"
    sites = [f"{chance.choice(recipe.last_names)} Street {chance.randrange(1, 90)}" for _ in range(2 + number % 4)]
    lines = [
        Service(id=f"{label}-{index}", kind="broadband", name=f"Business Fibre 300, {site}", line=SITE_LINE)
        for index, site in enumerate(dict.fromkeys(sites), 1)
    ]
    mobile = Service(id=f"{label}-m", kind="mobile", name="Business Mobile, 5 numbers")
    return Customer(
        id=f"cust-{3001 + number}",
        account=f"{30000019 + 13 * number:08d}",
        name=f"{recipe.company_names[number % len(recipe.company_names)]} {chance.choice(recipe.trades)} Ltd",
        phones=(f"+441632960{200 + number:03d}",),
        email=f"accounts.{number}@company.example.com",
        postcode=postcode,
        place=place,
        segment="corporate",
        services=(*lines, mobile),
        bill_days_ago=chance.randrange(2, 27),
    )


def _address(chance: Random) -> tuple[str, str]:
    district, place = chance.choice(DISTRICTS)
    return f"{district} {chance.randrange(1, 10)}{chance.choice(LETTERS)}{chance.choice(LETTERS)}", place


def _service(chance: Random, name: str, kind: str) -> Service:
    if kind == "broadband":
        plan = chance.choice(FIBRE)
        speed = float(plan.split()[1])
        return Service(id=name, kind="broadband", name=plan, line=Line(down=speed * 0.98, up=speed * 0.19))
    if kind == "tv":
        return Service(id=name, kind="tv", name=chance.choice(TV))
    if kind == "landline":
        return Service(id=name, kind="landline", name="Home Phone", line=Line(detail="The line carries a dial tone."))
    return Service(id=name, kind="mobile", name=chance.choice(MOBILE))


def _charges(chance: Random, basket: tuple[str, ...]) -> tuple[Charge, ...]:
    """Some have a discount that ran out, some a month with roaming or calls outside the plan."""
    found = []
    if basket != ("prepaid",) and chance.random() < 0.3:
        months = tuple(range(chance.randrange(0, 3), MONTHS))
        found.append(Charge(name="Welcome discount", kind="discount", amount=Decimal("-5.00"), months=months))
    if {"mobile", "landline"} & set(basket) and chance.random() < 0.4:
        pence = chance.randrange(45, 1800)
        name = chance.choice(("Roaming outside Europe", "Calls outside your plan", "Premium texts"))
        found.append(Charge(name=name, kind="usage", amount=Decimal(pence) / 100, months=(chance.randrange(0, 4),)))
    return tuple(found)
