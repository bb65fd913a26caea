"""Every change of consent: what people said, the texts they were shown, the addresses nobody may write to."""

from ritorno.consents.service.appending import chain_hash, project
from ritorno.consents.service.batch import record_batch
from ritorno.consents.service.merging import carry_refusals, rehome, rehome_back
from ritorno.consents.service.recording import (
    Incoming,
    Outcome,
    record_consent,
    record_many,
)
from ritorno.consents.service.refusing import object_, unsubscribe, withdraw
from ritorno.consents.service.suppressing import lift, lift_many, suppress, suppress_many, suppressed_among
from ritorno.consents.service.texts import (
    AddressAtSale,
    NoticeText,
    add_notice_version,
    create_notice,
    deliver_notice,
    record_soft_optin,
    record_soft_optins,
    sign_assessment,
)

__all__ = [
    "AddressAtSale",
    "Incoming",
    "NoticeText",
    "Outcome",
    "add_notice_version",
    "carry_refusals",
    "chain_hash",
    "create_notice",
    "deliver_notice",
    "lift",
    "lift_many",
    "object_",
    "project",
    "record_batch",
    "record_consent",
    "record_many",
    "record_soft_optin",
    "record_soft_optins",
    "rehome",
    "rehome_back",
    "sign_assessment",
    "suppress",
    "suppress_many",
    "suppressed_among",
    "unsubscribe",
    "withdraw",
]
