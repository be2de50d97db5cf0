"""The statements of the hot path: collected while jobs run, sent with one `executemany` each before the commit.

They go in the order of `ORDER`, whatever the order of the calls: each is written so that this does not matter.
"""

from typing import Final

PUT_ITEM: Final = (
    "INSERT INTO item (admission, id, c, ref, author, kind, kind_v, at, precedence, tlp, epoch, state, received, sealed)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
PUT_KEY: Final = "INSERT INTO item_key (n, wrapped) VALUES (?, ?)"
PUT_CONTROL: Final = "INSERT INTO item_control (control, item, controller, own) VALUES (?, ?, ?, ?)"
PUT_FACT: Final = "INSERT INTO fact_control (control, item, kind) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
PUT_CITATION: Final = "INSERT INTO citation (target, item) VALUES (?, ?) ON CONFLICT DO NOTHING"
PUT_DELIVERY: Final = (
    "INSERT INTO delivery (item, member, lane, state, reason, decided) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)
PUT_COMMITMENT: Final = "INSERT INTO commitment (n, c) VALUES (?, ?) ON CONFLICT DO NOTHING"
PUT_BATCH: Final = "INSERT INTO receipt_batch (n, author, recipient, data, c, at) VALUES (?, ?, ?, ?, ?, ?)"
PUT_MADE: Final = (
    "INSERT INTO made_receipt (id, batch, place) VALUES (?, ?, ?)"
    " ON CONFLICT (id) DO UPDATE SET batch = excluded.batch, place = excluded.place WHERE excluded.batch > made_receipt.batch"
)
PUT_PATH: Final = "INSERT INTO path (c, log, size, data) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
PUT_COSIGNATURE: Final = (
    "INSERT INTO cosignature (log, size, witness, line, time) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)
MARK_SENT: Final = (
    "UPDATE delivery SET state = 'sent', seq = ?, sent = ?"
    " WHERE item = (SELECT admission FROM item WHERE id = ?) AND member = ? AND state = 'due'"
)
RECEIPTED: Final = (
    "UPDATE delivery SET state = CASE WHEN state = 'withheld' THEN state ELSE 'receipted' END,"
    " receipted = ?, batch = ?, place = ?"
    " WHERE item = (SELECT admission FROM item WHERE id = ?) AND member = ?"
)
PUT_EVIDENCE: Final = "INSERT INTO evidence (kind, place, data, at) VALUES (?, ?, ?, ?)"
PUT_PEER: Final = (
    "INSERT INTO peer (member, state) VALUES (?, ?) ON CONFLICT (member) DO UPDATE SET state = excluded.state"
)

ORDER: Final = (
    PUT_ITEM,
    PUT_KEY,
    PUT_CONTROL,
    PUT_FACT,
    PUT_CITATION,
    PUT_DELIVERY,
    PUT_COMMITMENT,
    PUT_BATCH,
    PUT_MADE,
    PUT_PATH,
    PUT_COSIGNATURE,
    MARK_SENT,
    RECEIPTED,
    PUT_EVIDENCE,
    PUT_PEER,
)
