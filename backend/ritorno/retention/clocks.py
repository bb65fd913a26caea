"""What each clock lets go of, as two statements: how much there is, and the next part of it.

Every part is one small unit of work and leaves nothing to remember, so a killed night goes on where it was. Clocks that
are kept elsewhere (files out and in, the lake, the audit log) are counted here and let go of there.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ritorno.retention.rules import Clock

AT_ONCE = 5_000


class Statement(NamedTuple):
    """`counted` answers (count, oldest moment) for `$1`, the first moment kept; `let_go` removes at most `$2`."""

    counted: str
    let_go: str | None = None


def _delete(table: str, key: str, where: str) -> str:
    return f"delete from {table} where {key} in (select {key} from {table} where {where} limit $2)"


_MESSAGES = "planned_at < $1 and not exists (select from message_queue q where q.message_id = messages.id)"
_CONTENTS = (
    "planned_at < $1 and values <> '{}' and not exists (select from message_queue q where q.message_id = messages.id)"
)
_UNCLAIMED = "received_at < $1 and (payload ? 'customer' or reference_keys <> '{}')"
_SETTLED = """occurred_at < $1 and relayed_at is not null
    and not exists (select from outbox_deliveries d where d.event_id = outbox_events.id and d.state = 'open')"""

STATEMENTS: Mapping[Clock, Statement] = {
    Clock.MESSAGES: Statement(
        f"select count(*), min(planned_at) from messages where {_MESSAGES}", _delete("messages", "id", _MESSAGES)
    ),
    Clock.MESSAGE_CONTENTS: Statement(
        f"select count(*), min(planned_at) from messages where {_CONTENTS}",
        f"""with old as (select id from messages where {_CONTENTS} limit $2),
                 gone as (delete from captured_messages c using old where c.message_id = old.id),
                 unread as (update inbound_mails set raw = null, sender = null, subject = null,
                                handled_at = now(), handled_by = 'retention', handled_as = 'ignored'
                            where received_at < $1 and handled_at is null and raw is not null)
            update messages m set values = '{{}}' from old where m.id = old.id""",
    ),
    Clock.UNCLAIMED: Statement(
        f"select count(*), min(received_at) from unclaimed_transactions where {_UNCLAIMED}",
        f"""update unclaimed_transactions set payload = payload - 'customer' - 'reason', reference_keys = '{{}}'
            where id in (select id from unclaimed_transactions where {_UNCLAIMED} limit $2)""",
    ),
    Clock.WEBHOOK_PAYLOADS: Statement(
        f"select count(*), min(occurred_at) from outbox_events where {_SETTLED}",
        _delete("outbox_events", "id", _SETTLED),
    ),
    Clock.REPLAYS: Statement(
        "select count(*), min(created_at) from idempotency_keys where created_at < $1",
        """delete from idempotency_keys where (route, key) in (
               select route, key from idempotency_keys where created_at < $1 limit $2)""",
    ),
    # Whole seals, of which nothing is younger; those let go of before have no entry left.
    Clock.AUDIT: Statement(
        """select count(*), min(e.at) from audit_seals s join audit_entries e on e.seq = any(s.seqs)
           where s.last_at < $1"""
    ),
    Clock.FILES_OUT: Statement(
        "select count(*), min(finished_at) from exports where state = 'done' and finished_at < $1"
    ),
    Clock.FILES_IN: Statement(
        "select count(*), min(created_at) from imports where file_gone_at is null and created_at < $1"
    ),
    Clock.PURCHASES_PROFILED: Statement(
        """select count(*), min(occurred_at) from transaction_lines where customer_id is not null and occurred_at < $1
           and occurred_at >= coalesce((select settled_since from purchase_window), '-infinity')"""
    ),
    Clock.PURCHASES_TRACED: Statement(
        """select count(*), min(occurred_at) from transaction_lines l where customer_id is not null and occurred_at < $1
           and not exists (select from holds h where h.customer_id = l.customer_id and h.lifted_at is null)"""
    ),
    Clock.INACTIVE: Statement(
        """select count(*), min(p.last_at) from customers c left join profiles p on p.customer_id = c.id
           where c.erased_at is null and c.merged_into_id is null and c.deceased_at is null
             and greatest(c.created_at, p.last_at) < $1
             and exists (select from consent_states s where s.customer_id = c.id and s.standing = 'GRANTED')"""
    ),
}


def moment_of(day: date, zone: str) -> datetime:
    """Return the first moment of a day of the shop."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
