"""Rules N-1, N-2: who is told of an instalment, when, once; and what a day brings (run_day)."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts import emails
from accounts.models import Notice
from fund.models import Entry
from loans import reminders, tasks
from tests.kept import kept
from tests.loans.builders import approved, findings, firm
from tests.stories import loans as story
from tests.world import person

pytestmark = pytest.mark.django_db
ALL = {"instalment-due", "instalment-late", "loan-late"}


told, loan = kept(story.one_paid_out)


def remind(loan, days):
    return reminders.remind(on=story.rows(loan)[0].pay_on + timedelta(days), by=person("carmen"))


@pytest.mark.parametrize("days", [-14, -7, -1, 0])
def test_rule_N2_before_and_on_the_day(loan, days):
    assert remind(loan, days) == 1
    notice = Notice.objects.get(kind="instalment-due")
    row = story.rows(loan)[0]
    assert (notice.recipient, notice.due) == (person("lupe"), row.pay_on)
    assert notice.facts["total"] == str(row.total)
    assert notice.facts["reference"].replace(" ", "") == loan.reference


@pytest.mark.parametrize("days", [3, 15, 60])
def test_rule_N2_after_the_day_with_what_is_open(loan, days):
    remind(loan, days)
    notice = Notice.objects.filter(kind="instalment-late", facts__n=1).get()
    assert notice.facts["days"] == days
    open_amount = float(notice.facts["total"])
    assert (open_amount > float(story.rows(loan)[0].total)) == (days > 3)


@pytest.mark.parametrize("days", [-15, -13, -2, 1, 2, 4, 61])
def test_rule_N2_not_on_other_days(loan, days):
    row = story.rows(loan)[0]
    remind(loan, days)
    assert not Notice.objects.filter(kind__in=ALL, due=row.pay_on).exists()


def test_rule_N2_somebody_calls_after_five_days(loan):
    remind(loan, 5)
    notice = Notice.objects.get(kind="loan-late")
    assert notice.recipient == person("carmen")


def test_rule_N2_a_paid_instalment_is_not_spoken_of(loan):
    story.pay(loan, story.rows(loan)[0].total, loan.disbursed_on)
    for days in (0, 3, 5):
        remind(loan, days)
    assert not Notice.objects.filter(kind__in=ALL).exists()


def test_rule_N1_reminding_twice_writes_once(loan):
    for _ in range(3):
        remind(loan, -7)
    assert Notice.objects.filter(kind="instalment-due").count() == 1


@pytest.mark.parametrize(
    "kind", ["instalment-due", "instalment-late", "loan-late", "contract-signed", "loan-paid-out"]
)
@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_rule_G2_every_mail_renders_with_its_figures(loan, kind, language):
    for days in (-7, 3, 5):
        remind(loan, days)
    notice = Notice.objects.filter(kind=kind).first()
    notice.language = language
    message = emails.render(notice)
    assert loan.ref in message.subject + message.text
    assert f"/loans/{loan.ref}/" in message.text
    assert f"/loans/{loan.ref}/" in message.html
    assert "{{" not in message.subject + message.text + message.html


def run_day(on, **options):
    out = StringIO()
    call_command("run_day", on=str(on), stdout=out, **options)
    return out.getvalue()


def test_run_day_may_run_twice(loan):
    day = story.rows(loan)[0].pay_on
    first = json.loads(run_day(day, json=True))
    assert (first["loans_booked"], first["reminders"]) == (1, 1)
    entries, notices = Entry.objects.count(), Notice.objects.count()
    assert json.loads(run_day(day, json=True))["loans_booked"] == 0
    assert (Entry.objects.count(), Notice.objects.count()) == (entries, notices)
    assert findings(day) == []


def test_run_day_killed_half_way_is_resumed(loan, monkeypatch):
    from loans import accruals

    second = story.paid_out(approved("60000.00", of=firm("memo")))
    day = story.rows(loan)[0].due_on
    whole, calls = accruals.bring_up_to, []

    def dies(*args, **kwargs):
        if calls:
            raise KeyboardInterrupt
        calls.append(args)
        return whole(*args, **kwargs)

    monkeypatch.setattr(accruals, "bring_up_to", dies)
    with pytest.raises(KeyboardInterrupt):
        run_day(day)
    assert Entry.objects.filter(source__contains=":due:").count() == 1
    monkeypatch.setattr(accruals, "bring_up_to", whole)
    run_day(day)
    assert Entry.objects.filter(source__contains=":due:").count() == 2
    assert second.ref
    assert findings(day) == []


def test_run_day_says_what_is_wrong_with_its_date():
    with pytest.raises(CommandError, match="write the date as"):
        run_day("tomorrow")


def test_tasks_do_the_same_and_take_a_day_as_text(loan):
    day = story.rows(loan)[0].pay_on.isoformat()
    assert tasks.fall_due.delay(day).get() == 1
    assert tasks.fall_due.delay(day).get() == 0
    assert tasks.remind.delay(day).get() == 1
    assert tasks.remind.delay(day).get() == 1
    assert Notice.objects.filter(kind="instalment-due").count() == 1
