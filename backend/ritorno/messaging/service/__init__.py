"""Every change of messaging: templates and senders, planning, stopping, and the rights of the person."""

from ritorno.messaging.planning import Candidate, Foreseen, Plan, Planned
from ritorno.messaging.service.afterwards import record_bounce, record_return
from ritorno.messaging.service.answering import answer_text
from ritorno.messaging.service.checking import check_senders
from ritorno.messaging.service.holding import hold_stream, lift_hold
from ritorno.messaging.service.keys import make_signing_key, retire_signing_key
from ritorno.messaging.service.person import erase, export, rehome, rehome_back
from ritorno.messaging.service.planning import ask_for, foresee_messages, plan_messages, write_to_customer
from ritorno.messaging.service.readiness import refresh_readiness
from ritorno.messaging.service.resending import send_again
from ritorno.messaging.service.stopping import (
    cancel_touch,
    finish_cancelling,
    hold_touch,
    release_touch,
    resolve,
    settle,
    stop_queued,
)
from ritorno.messaging.service.templates import (
    change_sender,
    create_template,
    edit_template,
    preview,
    reclassify,
    seed_senders,
    seed_templates,
)
from ritorno.messaging.service.text_progress import record_text_progress, record_undelivered_text
from ritorno.messaging.service.warming import start_warmup, stop_warmup

__all__ = [
    "Candidate",
    "Foreseen",
    "Plan",
    "Planned",
    "answer_text",
    "ask_for",
    "cancel_touch",
    "change_sender",
    "check_senders",
    "create_template",
    "edit_template",
    "erase",
    "export",
    "finish_cancelling",
    "foresee_messages",
    "hold_stream",
    "hold_touch",
    "lift_hold",
    "make_signing_key",
    "plan_messages",
    "preview",
    "reclassify",
    "record_bounce",
    "record_return",
    "record_text_progress",
    "record_undelivered_text",
    "refresh_readiness",
    "rehome",
    "rehome_back",
    "release_touch",
    "resolve",
    "retire_signing_key",
    "seed_senders",
    "seed_templates",
    "send_again",
    "settle",
    "start_warmup",
    "stop_queued",
    "stop_warmup",
    "write_to_customer",
]
