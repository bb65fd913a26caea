"""Every change of consent: what people said, the texts they were shown, the addresses nobody may write to."""

from ritorno.consents.service.appending import chain_hash, project
from ritorno.consents.service.batch import record_batch
from ritorno.consents.service.recording import (
    Incoming,
    Outcome,
    record_consent,
    record_many,
)
from ritorno.consents.service.refusing import object_, unsubscribe, withdraw
from ritorno.consents.service.suppressing import lift, suppress, suppressed_among
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
    "chain_hash",
    "create_notice",
    "deliver_notice",
    "lift",
    "object_",
    "project",
    "record_batch",
    "record_consent",
    "record_many",
    "record_soft_optin",
    "record_soft_optins",
    "sign_assessment",
    "suppress",
    "suppressed_among",
    "unsubscribe",
    "withdraw",
]
