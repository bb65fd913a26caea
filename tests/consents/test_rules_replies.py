"""What a reply asks for: keywords and fixed phrases are obeyed, everything doubtful is read by a person."""

from datetime import date

import pytest

from ritorno.consents.rulepack import rule_pack
from ritorno.consents.rules import ReplyKind, classify, next_working_day


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("non scrivetemi più", ReplyKind.STOP),
        ("Per favore, NON SCRIVETEMI PIU'!", ReplyKind.STOP),
        ("Vi prego di non contattarmi più. Grazie", ReplyKind.STOP),
        ("Non voglio più ricevere offerte", ReplyKind.STOP),
        ("please do not contact me again", ReplyKind.STOP),
        ("Non scrivetemi più la sera dopo le nove", ReplyKind.HUMAN),
        ("Avete venduto i miei dati? Scriverò al Garante", ReplyKind.HUMAN),
        ("Non mi interessa, non mandate altro a mia madre", ReplyKind.HUMAN),
        ("Grazie mille, a presto", ReplyKind.NOTHING),
        ("avete il 42 di quel modello?", ReplyKind.NOTHING),
        ("", ReplyKind.NOTHING),
        ("👍", ReplyKind.NOTHING),
    ],
)
def test_b_36_a_reply_is_a_stop_a_doubt_or_nothing(text: str, kind: ReplyKind) -> None:
    assert classify(text) is kind


@pytest.mark.parametrize("text", ["Stop.", "stop grazie", "STOP!", "  BASTA", "Cancellami", "annulla", "ARRÊT"])
def test_b_37_a_stop_word_alone_or_first_of_three_is_a_stop(text: str) -> None:
    assert classify(text) is ReplyKind.STOP


@pytest.mark.parametrize("text", ["Non-stop party?", "il negozio fa apertura non stop sabato?", "basta che sia rosso"])
def test_b_37_a_stop_word_in_a_sentence_is_read_by_a_person(text: str) -> None:
    assert classify(text) is ReplyKind.HUMAN


@pytest.mark.parametrize("text", ["annulla appuntamento", "Cancellare la prenotazione di domani", "stop ordine"])
def test_a_stop_that_names_a_service_is_read_by_a_person(text: str) -> None:
    assert classify(text) is ReplyKind.HUMAN


@pytest.mark.parametrize(
    ("text", "kind"), [("AIUTO", ReplyKind.HELP), ("info", ReplyKind.HELP), ("Start", ReplyKind.START)]
)
def test_the_other_keywords_are_known(text: str, kind: ReplyKind) -> None:
    assert classify(text) is kind


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 11, 24), date(2026, 11, 25)),
        (date(2026, 11, 27), date(2026, 11, 30)),
        (date(2026, 12, 7), date(2026, 12, 9)),
        (date(2026, 12, 24), date(2026, 12, 28)),
    ],
)
def test_the_next_working_day_is_no_weekend_and_no_holiday(received: date, due: date) -> None:
    assert next_working_day(received, rule_pack("IT", received).holidays) == due
