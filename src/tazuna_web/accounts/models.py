"""Accounts of human beings, outside every organisation, and their memberships."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from tazuna_web.organisations.models import Held
from tazuna_web.people.models import Person


class Role(models.TextChoices):
    """The few roles; a role is held in one organisation."""

    PERSON = "person"
    MANAGER = "manager"
    HR = "hr"
    EXECUTIVE = "executive"
    HOST = "host"
    SECRETARIAT = "secretariat"
    ADMINISTRATOR = "administrator"


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; an account without a password cannot sign in by one."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> Account:
        account = self.model(email=self.normalize_email(email), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """A human being who can sign in."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(unique=True)
    display_name = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=8, default="ja")
    is_active = models.BooleanField(default=True)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "email"

    def __str__(self) -> str:
        return self.display_name or self.email


class Membership(Held):
    """A role of an account in the organisation that holds the row, and the person that it is there."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["held_by", "account", "role"], name="role_once_an_account")
        ]

    def __str__(self) -> str:
        return f"{self.role} @ {self.held_by_id}"
