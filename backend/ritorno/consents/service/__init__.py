"""Every change of consent: what people said, the texts they were shown, the addresses nobody may write to."""

from ritorno.consents.chaining import chain_hash
from ritorno.consents.service.appending import project
from ritorno.consents.service.batch import record_batch
from ritorno.consents.service.detaching import detach_contact_point
from ritorno.consents.service.evidence import SUFFIXES, keep_evidence, read_evidence
from ritorno.consents.service.filling import record_filled_form
from ritorno.consents.service.forms import change_form, create_form, publish_form
from ritorno.consents.service.merging import carry_refusals, rehome, rehome_back
from ritorno.consents.service.recording import (
    Incoming,
    Outcome,
    record_consent,
    record_many,
)
from ritorno.consents.service.refusing import REPLY_TASK, object_, refuse_at_provider, unsubscribe, withdraw
from ritorno.consents.service.replying import record_reply
from ritorno.consents.service.suppressing import (
    end_rests,
    last_rest_of,
    lift,
    lift_many,
    suppress,
    suppress_many,
    suppressed_among,
)
from ritorno.consents.service.texts import (
    AddressAtSale,
    NoticeText,
    ThirdParty,
    add_notice_version,
    create_notice,
    deliver_notice,
    record_soft_optin,
    record_soft_optins,
    sign_assessment,
)

__all__ = [
    "REPLY_TASK",
    "SUFFIXES",
    "AddressAtSale",
    "Incoming",
    "NoticeText",
    "Outcome",
    "ThirdParty",
    "add_notice_version",
    "carry_refusals",
    "chain_hash",
    "change_form",
    "create_form",
    "create_notice",
    "deliver_notice",
    "detach_contact_point",
    "end_rests",
    "keep_evidence",
    "last_rest_of",
    "lift",
    "lift_many",
    "object_",
    "project",
    "publish_form",
    "read_evidence",
    "record_batch",
    "record_consent",
    "record_filled_form",
    "record_many",
    "record_reply",
    "record_soft_optin",
    "record_soft_optins",
    "refuse_at_provider",
    "rehome",
    "rehome_back",
    "sign_assessment",
    "suppress",
    "suppress_many",
    "suppressed_among",
    "unsubscribe",
    "withdraw",
]
