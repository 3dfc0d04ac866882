"""Codes by mail: what they prove, how long, how often, and what they never tell."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress

from guildry.kernel import clock, crypto, errors
from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts import actions, events
from guildry.people.accounts.models import Member, OneTimeCode
from tests.factories.mail import code_in, last_letter, letters_to, link_in
from tests.factories.people import PASSWORD
from tests.people.accounts.facts import published

JOINING = {
    "name": "Cleo Park", "handle": "cleo", "email": "Cleo@Example.org", "password": PASSWORD,
    "hats": ["client"], "time_zone": "Asia/Seoul",
}  # fmt: skip


def redeem(code: OneTimeCode, typed: str) -> OneTimeCode:
    return actions.redeem_code(SYSTEM, code_id=code.pk, code=typed)


def wrong_code(right: str) -> str:
    return f"{(int(right) + 1) % 10**6:06}"


def test_the_account_is_made_only_when_the_code_comes_back(db: None) -> None:
    code = actions.sign_up(SYSTEM, **JOINING)

    assert Member.objects.count() == 0
    redeemed = redeem(code, code_in(last_letter("cleo@example.org")))

    member = Member.objects.get()
    assert redeemed.member == member
    assert (member.name, member.handle, member.email) == ("Cleo Park", "cleo", "cleo@example.org")
    assert (member.hats, member.time_zone) == (["client"], "Asia/Seoul")
    assert member.check_password(PASSWORD)
    assert published(events.MemberJoined) == [events.MemberJoined(member.pk)]


def test_the_link_of_the_mail_does_the_same_once(db: None) -> None:
    actions.sign_up(SYSTEM, **JOINING)
    token = link_in(last_letter("cleo@example.org")).split("/")[2]

    redeemed = actions.redeem_link(SYSTEM, token=token)

    assert redeemed.member == Member.objects.get()
    with pytest.raises(actions.CodeSpent):
        actions.redeem_link(SYSTEM, token=token)
    with pytest.raises(actions.CodeSpent):
        actions.redeem_link(SYSTEM, token="made-up")


def test_nothing_of_a_code_or_password_is_stored_in_the_clear(db: None) -> None:
    code = actions.sign_up(SYSTEM, **JOINING)
    letter = last_letter("cleo@example.org")
    typed, token = code_in(letter), link_in(letter).split("/")[2]

    stored = str(OneTimeCode.objects.values().get())

    assert typed not in stored
    assert token not in stored
    assert PASSWORD not in stored
    assert code.code_digest != crypto.digest(typed)
    assert letter.has_secret


def test_what_a_joining_code_held_is_forgotten_once_used(db: None) -> None:
    code = actions.sign_up(SYSTEM, **JOINING)
    redeem(code, code_in(last_letter("cleo@example.org")))

    assert OneTimeCode.objects.get().payload == {}


def test_spaces_and_dashes_in_a_code_do_not_matter(ada: Member) -> None:
    code = actions.send_sign_in_code(SYSTEM, email=ada.email)
    digits = code_in(last_letter(ada.email))

    assert redeem(code, f" {digits[:3]} - {digits[3:]} ").member == ada


def test_a_code_works_once(ada: Member) -> None:
    code = actions.send_sign_in_code(SYSTEM, email=ada.email)
    digits = code_in(last_letter(ada.email))
    redeem(code, digits)

    with pytest.raises(actions.CodeSpent):
        redeem(code, digits)


def test_a_sign_in_code_expires_after_ten_minutes(ada: Member) -> None:
    code = actions.send_sign_in_code(SYSTEM, email=ada.email)
    digits = code_in(last_letter(ada.email))

    with clock.at(clock.now() + timedelta(minutes=10, seconds=1)), pytest.raises(actions.CodeExpired):
        redeem(code, digits)

    assert OneTimeCode.objects.get().used_at is None


def test_five_wrong_tries_spend_a_code(ada: Member) -> None:
    code = actions.send_sign_in_code(SYSTEM, email=ada.email)
    digits = code_in(last_letter(ada.email))
    for _ in range(5):
        with pytest.raises(actions.CodeWrong) as refusal:
            redeem(code, wrong_code(digits))
        assert [error.field for error in refusal.value.errors] == ["code"]

    with pytest.raises(actions.CodeSpent):
        redeem(code, digits)
    assert OneTimeCode.objects.get().attempts == 5


def test_the_link_dies_with_the_tries_of_its_code(ada: Member) -> None:
    code = actions.send_sign_in_code(SYSTEM, email=ada.email)
    letter = last_letter(ada.email)
    for _ in range(5):
        with pytest.raises(actions.CodeWrong):
            redeem(code, wrong_code(code_in(letter)))

    with pytest.raises(actions.CodeSpent):
        actions.redeem_link(SYSTEM, token=link_in(letter).split("/")[2])


def test_a_new_sign_in_code_replaces_the_old_one(ada: Member) -> None:
    first = actions.send_sign_in_code(SYSTEM, email=ada.email)
    old_digits = code_in(last_letter(ada.email))
    second = actions.send_sign_in_code(SYSTEM, email=ada.email)

    with pytest.raises(actions.CodeSpent):
        redeem(first, old_digits)
    assert redeem(second, code_in(last_letter(ada.email))).member == ada


def test_the_digits_of_one_code_do_not_open_another(ada: Member, ben: Member) -> None:
    actions.send_sign_in_code(SYSTEM, email=ada.email)
    of_ben = actions.send_sign_in_code(SYSTEM, email=ben.email)
    digits = code_in(last_letter(ada.email))
    if digits == code_in(last_letter(ben.email)):
        digits = wrong_code(digits)

    with pytest.raises(actions.CodeWrong):
        redeem(of_ben, digits)


def test_an_unknown_code_is_spent(db: None) -> None:
    code = OneTimeCode(pk="01890a5d-ac96-774b-bcce-b302099a8057")

    with pytest.raises(actions.CodeSpent):
        redeem(code, "000000")


def test_whoever_signs_up_again_is_told_in_their_mailbox_alone(ada: Member) -> None:
    known = actions.sign_up(SYSTEM, **{**JOINING, "email": ada.email})
    new = actions.sign_up(SYSTEM, **{**JOINING, "handle": "cleo2"})

    letter = last_letter(ada.email)
    assert letter.subject == "You already have an account"
    assert not letter.has_secret
    assert (known.purpose, known.attempts, known.member) == (new.purpose, new.attempts, None)
    assert known.expires_at - known.created_at == new.expires_at - new.created_at
    for typed in (f"{number:06}" for number in range(5)):
        with pytest.raises(actions.CodeWrong):
            redeem(known, typed)
    with pytest.raises(actions.CodeSpent):
        redeem(known, "000005")
    assert Member.objects.count() == 1


def test_the_code_for_nobody_is_never_right(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    code = actions.send_sign_in_code(SYSTEM, email="nobody@example.org")
    monkeypatch.setattr(crypto, "matches", lambda given, stored: True)

    with pytest.raises(actions.CodeWrong):
        redeem(code, "000000")
    letter = last_letter("nobody@example.org")
    assert letter.subject == "There is no account with this address"
    assert not letter.has_secret


def test_a_suspended_member_gets_no_sign_in_code_but_the_reason(ada: Member) -> None:
    Member.objects.filter(pk=ada.pk).update(is_active=False, suspension_reason="Sold what was not theirs")

    code = actions.send_sign_in_code(SYSTEM, email=ada.email)

    assert code.member is None
    letter = last_letter(ada.email)
    assert letter.subject == "Your account is suspended"
    assert "Sold what was not theirs" in letter.text


def test_a_handle_taken_meanwhile_is_replaced_by_a_close_one(db: None) -> None:
    code = actions.sign_up(SYSTEM, **JOINING)
    rival = actions.sign_up(SYSTEM, **{**JOINING, "email": "rival@example.org"})
    redeem(rival, code_in(last_letter("rival@example.org")))

    member = redeem(code, code_in(last_letter("cleo@example.org"))).member

    assert member is not None
    assert member.handle == "cleo2"


def test_signing_up_twice_makes_one_account(db: None) -> None:
    first = actions.sign_up(SYSTEM, **JOINING)
    digits = code_in(last_letter("cleo@example.org"))
    second = actions.sign_up(SYSTEM, **{**JOINING, "handle": "cleopark"})
    redeem(first, digits)

    with pytest.raises(actions.EmailTaken):
        redeem(second, code_in(last_letter("cleo@example.org")))
    assert Member.objects.count() == 1


def test_signing_up_with_a_taken_handle_is_refused_before_any_mail(ben: Member) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        actions.sign_up(SYSTEM, **{**JOINING, "handle": "Ben"})

    assert [error.field for error in refusal.value.errors] == ["handle"]
    assert letters_to("cleo@example.org") == []


def test_a_new_address_counts_once_its_code_comes_back_and_the_old_one_is_told(ada: Member) -> None:
    code = actions.request_email_change(ada, email="New@Example.org")
    assert Member.objects.get(pk=ada.pk).email == "ada@example.org"

    redeem(code, code_in(last_letter("new@example.org")))

    assert Member.objects.get(pk=ada.pk).email == "new@example.org"
    addresses = list(EmailAddress.objects.filter(user=ada).values_list("email", "verified", "primary"))
    assert addresses == [("new@example.org", True, True)]
    notice = last_letter("ada@example.org")
    assert notice.subject == "The address of your account has changed"
    assert "@ada" in notice.text
    assert "new@example.org" not in notice.text
    assert published(events.EmailChanged) == [events.EmailChanged(ada.pk)]


def test_a_changed_address_ends_the_codes_sent_to_the_old_one(ada: Member) -> None:
    sign_in = actions.send_sign_in_code(SYSTEM, email=ada.email)
    digits = code_in(last_letter(ada.email))
    change = actions.request_email_change(ada, email="new@example.org")
    redeem(change, code_in(last_letter("new@example.org")))

    with pytest.raises(actions.CodeSpent):
        redeem(sign_in, digits)


def test_a_new_password_ends_the_codes_that_were_on_their_way(ada: Member) -> None:
    sign_in = actions.send_sign_in_code(SYSTEM, email=ada.email)
    digits = code_in(last_letter(ada.email))
    actions.change_password(ada, member=ada, password="another long one")

    with pytest.raises(actions.CodeSpent):
        redeem(sign_in, digits)


def test_changing_to_the_same_address_is_refused(ada: Member) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        actions.request_email_change(ada, email=" ADA@example.org ")

    assert [error.field for error in refusal.value.errors] == ["email"]
    assert letters_to("ada@example.org") == []


def test_an_address_of_somebody_else_looks_the_same_to_whoever_asks(ada: Member, ben: Member) -> None:
    code = actions.request_email_change(ada, email=ben.email)

    assert last_letter(ben.email).subject == "You already have an account"
    with pytest.raises(actions.CodeWrong):
        redeem(code, "000000")
    assert Member.objects.get(pk=ada.pk).email == "ada@example.org"


def test_an_address_that_somebody_took_meanwhile_is_refused(ada: Member, ben: Member) -> None:
    of_ada = actions.request_email_change(ada, email="shared@example.org")
    digits = code_in(last_letter("shared@example.org"))
    of_ben = actions.request_email_change(ben, email="shared@example.org")
    redeem(of_ben, code_in(last_letter("shared@example.org")))

    with pytest.raises(actions.EmailTaken):
        redeem(of_ada, digits)
    assert Member.objects.get(pk=ada.pk).email == "ada@example.org"


def test_the_mail_of_a_change_leads_to_the_same_change(ada: Member) -> None:
    actions.request_email_change(ada, email="new@example.org")

    actions.redeem_link(SYSTEM, token=link_in(last_letter("new@example.org")).split("/")[2])

    assert Member.objects.get(pk=ada.pk).email == "new@example.org"
