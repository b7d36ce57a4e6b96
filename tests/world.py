"""The fixed cast, built through the real verbs, and the words in which tests speak of refusals."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from allauth.account.models import EmailAddress

from accounts import people
from accounts.errors import BadInput, Denied, RuleBroken
from accounts.models import User

DAY = date(2026, 3, 2)
START = date(1996, 12, 1)
PASSWORD = "agua-limpia-2026"

# name -> (full name, language, roles)
CAST: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "ada": ("Ada Ibarra", "en", ("administrator",)),
    "rosa": ("Rosa Méndez", "es", ("loan_officer",)),
    "tomas": ("Tomás Quiroga", "es", ("evaluator",)),
    "elena": ("Elena Ruiz", "es", ("evaluator",)),
    "sofia": ("Sofía Lara", "es", ("secretary",)),
    "carlos": ("Carlos Vega", "es", ("co_chair",)),
    "claire": ("Claire Dubois", "fr", ("co_chair",)),
    "nora": ("Nora Paz", "en", ("committee_member",)),
    "pablo": ("Pablo Soto", "es", ("committee_member",)),
    "quinn": ("Quinn Harris", "en", ("committee_member",)),
    "vera": ("Vera Luna", "es", ("committee_member",)),
    "hector": ("Héctor Gil", "es", ("commission_head",)),
    "julia": ("Julia Roy", "fr", ("commission_head",)),
    "ines": ("Inés Cano", "es", ("commission_member",)),
    "raul": ("Raúl Peña", "es", ("commission_member",)),
    "olga": ("Olga Mora", "es", ("commission_member",)),
    "luis": ("Luis Tapia", "es", ("commission_member",)),
    "dario": ("Darío Salas", "es", ("signatory",)),
    "carmen": ("Carmen Ochoa", "es", ("cashier",)),
    "teresa": ("Teresa Núñez", "es", ("treasurer",)),
    "bruno": ("Bruno Díaz", "es", ("benefits_officer",)),
    "berta": ("Berta León", "es", ("benefits_officer",)),
    "diana": ("Diana Fox", "en", ("donor_representative",)),
    "aldo": ("Aldo Rey", "es", ("auditor",)),
    "lupe": ("Guadalupe Torres", "es", ()),
    "memo": ("Guillermo Rivas", "es", ()),
    "ana": ("Ana Flores", "es", ()),
}


def email_of(name: str) -> str:
    return f"{name}@fiprev.example"


def english(name: str) -> User:
    """The same person, reading English from now on."""
    found = person(name)
    found.language = "en"
    found.save(update_fields=["language"])
    return found


def person(name: str) -> User:
    """One of the cast, made on first mention: verified e-mail, the test password, the roles of the cast."""
    email = email_of(name)
    if found := User.objects.filter(email=email).first():
        return found
    full_name, language, roles = CAST[name]
    system = User.objects.system()
    if not roles:  # people of firms sign up by themselves
        user = User.objects.create_user(email, PASSWORD, full_name=full_name, language=language)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        return user
    user = people.add_person(
        email=email, full_name=full_name, language=language, password=PASSWORD, by=system, on=START
    )
    for role in roles:
        granted = people.grant(user=user, role=role, from_on=START, by=system, on=START)
        if granted.role.handles_money:
            people.confirm(grant=granted, by=person("ada"), on=START)
    return User.objects.get(pk=user.pk)


def everybody() -> dict[str, User]:
    return {name: person(name) for name in CAST}


@contextmanager
def refused(rule: str, sentence: str = "") -> Iterator[None]:
    """The block must be refused by that rule (and, if given, with that part of the sentence)."""
    with pytest.raises(RuleBroken) as caught:
        yield
    assert caught.value.rule == rule, f"refused by {caught.value.rule}: {caught.value}"
    assert sentence in str(caught.value)


@contextmanager
def denied(sentence: str = "") -> Iterator[None]:
    """The block must be denied: the person may see this but not do it."""
    with pytest.raises(Denied) as caught:
        yield
    assert sentence in str(caught.value)


@contextmanager
def bad_input(field: str, sentence: str = "") -> Iterator[None]:
    """The block must be refused for one field, with that part of the sentence."""
    with pytest.raises(BadInput) as caught:
        yield
    assert caught.value.field == field
    assert sentence in str(caught.value)
