"""The statements of the hot path: collected while jobs run, sent with one `executemany` each before the commit.

They go in the order of `ORDER`, whatever the order of the calls: each is written so that this does not matter.
"""

from typing import Final

PUT_ITEM: Final = (
    "INSERT INTO item (admission, id, c, ref, author, kind, kind_v, at, precedence, tlp, epoch, received, mine, state,"
    " sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
PUT_KEY: Final = "INSERT INTO item_key (n, wrapped) VALUES (?, ?)"
PUT_CONTROL: Final = "INSERT INTO item_control (control, item, own) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
PUT_FACT: Final = "INSERT INTO fact_control (control, item, kind) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
PUT_CITATION: Final = "INSERT INTO citation (cited, item) VALUES (?, ?) ON CONFLICT DO NOTHING"
SET_DELIVERY: Final = (
    "INSERT INTO delivery (item, member, lane, state, reason, at, path_sent) VALUES (?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (item, member) DO UPDATE SET reason = excluded.reason, at = excluded.at, state = CASE"
    " WHEN excluded.state IN ('due', 'withheld') AND delivery.state IN ('sent', 'receipted') THEN delivery.state"
    " ELSE excluded.state END"
)
PUT_COMMITMENT: Final = "INSERT INTO commitment (n, c, what) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
PUT_BATCH: Final = (
    "INSERT INTO receipt_batch (n, member, c, mine, path_sent, at, data) VALUES (?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT DO NOTHING"
)
PUT_MADE: Final = "INSERT INTO made_receipt (item_id, batch) VALUES (?, ?) ON CONFLICT DO NOTHING"
PUT_FIRST_MADE: Final = (
    "INSERT INTO made_receipt (item_id, batch) VALUES (?, ?) ON CONFLICT (item_id) DO UPDATE SET batch = excluded.batch"
)
PUT_PATH: Final = "INSERT INTO path (c, log, leaf_index, data) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
PUT_COSIGNATURE: Final = (
    "INSERT INTO cosignature (log, witness, size, line, at, alg) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)
MARK_SENT: Final = (
    "UPDATE delivery SET state = 'sent', seq = ?, at = ?, sent = coalesce(sent, ?)"
    " WHERE item = (SELECT admission FROM item WHERE id = ?) AND member = ? AND state IN ('due', 'sent')"
)
RECEIPTED: Final = (
    "UPDATE delivery SET state = CASE WHEN state IN ('due', 'sent') THEN ?1 ELSE state END, sent = coalesce(sent, ?2),"
    " batch = CASE WHEN answer = 'VERIFIED' THEN batch ELSE ?3 END,"
    " receipted = CASE WHEN answer = 'VERIFIED' THEN receipted ELSE ?5 END,"
    " answer = CASE WHEN answer = 'VERIFIED' THEN answer ELSE ?4 END"
    " WHERE item = (SELECT admission FROM item WHERE id = ?6) AND member = ?7"
    " AND (sent IS NOT NULL OR state <> 'withheld')"
    " AND (coalesce(answer, '') <> 'VERIFIED' OR state IN ('due', 'sent'))"
)
"""The first receipt that says VERIFIED stays: it may be on record. Who came back from a backup gives another."""
PATHS_SENT: Final = (
    "UPDATE delivery SET path_sent = 1 WHERE item = (SELECT admission FROM item WHERE c = ?) AND member = ?"
)
BATCH_PATHS_SENT: Final = "UPDATE receipt_batch SET path_sent = 1 WHERE c = ? AND member = ?"
PUT_EVIDENCE: Final = "INSERT INTO evidence (kind, subject, data, at) VALUES (?, ?, ?, ?)"
PUT_STREAM: Final = (
    "INSERT INTO stream (member, direction, state) VALUES (?, ?, ?)"
    " ON CONFLICT (member, direction) DO UPDATE SET state = excluded.state"
)

ORDER: Final = (
    PUT_ITEM,
    PUT_KEY,
    PUT_CONTROL,
    PUT_FACT,
    PUT_CITATION,
    SET_DELIVERY,
    PUT_COMMITMENT,
    PUT_BATCH,
    PUT_MADE,
    PUT_FIRST_MADE,
    PUT_PATH,
    PUT_COSIGNATURE,
    MARK_SENT,
    RECEIPTED,
    PATHS_SENT,
    BATCH_PATHS_SENT,
    PUT_EVIDENCE,
    PUT_STREAM,
)
