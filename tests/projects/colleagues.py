"""The people of a firm beside its owner: invited, accepted, an adviser who began, a colleague who types."""

from accounts.models import Notice
from projects import applications, firms, invitations
from projects.fields import Step
from projects.models import FirmMember
from projects.saving import marks_of, save_fields
from tests.world import DAY, email_of, person

Role = FirmMember.Role


def invited(firm, name="ana", role=Role.EDITOR, by="lupe", **options):
    return invitations.invite(firm=firm, email=email_of(name), role=role, by=person(by), on=DAY, **options)


def accepted(invitation, name="ana", on=DAY):
    return invitations.accept(invitation=invitation, by=person(name), on=on)


def secret_of(name="ana"):
    """The secret as it stands in the mail."""
    return (
        Notice.objects.filter(kind="firm-invitation", email=email_of(name))
        .latest("pk")
        .facts["url"]
        .split("/")[2]
    )


def claimed_by_an_adviser(name="ana"):
    firm = firms.register_firm(
        country="MX", tax_id="CPA950612QX1", role=Role.ADVISER, by=person(name), on=DAY,
        legal_name="Curtidos La Paloma",
    )  # fmt: skip
    return firm, applications.start(firm=firm, by=person(name), on=DAY)


def colleague(firm, name="memo", role=FirmMember.Role.EDITOR):
    return FirmMember.objects.create(
        firm=firm, user=person(name), role=role, asked_on=DAY, confirmed_by=person("rosa"), confirmed_on=DAY
    )


def saved(application, by, shown=None, step=Step.PROJECT, **data):
    marks = marks_of(application, step) if shown is None else shown
    return save_fields(application=application, step=step, data=data, shown=marks, by=person(by), on=DAY)
