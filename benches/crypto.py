"""The cryptography of the exchange alone: as many processes, the same batches, through pipes, nothing stored.

The author signs statement and control, hashes ids and commitment, and seals a parcel for each of three recipients. Each
opens it, verifies both signatures, hashes the ids, and signs and seals a batch of receipts; the author opens and
verifies that. What an item needs beside it (JSON, checks of shape, SQLite, logs, NATS) is left out.
"""

import multiprocessing
import os
import time
from multiprocessing.connection import Connection
from typing import Final

from quartet.core.encoding import b64, digest64
from quartet.core.ids import ExchangeId, MemberId
from quartet.core.keys import SIGNATURE_SIZE, PublicKey, SecretKey
from quartet.wire import EpochSecret, open_sealed
from quartet.wire.seal import public_epoch, seal

EXCHANGE: Final = ExchangeId(b64(bytes(32)))
AUTHOR: Final = MemberId("north")
PEERS: Final = tuple(MemberId(m) for m in ("east", "south", "west"))
CONTROL: Final = 400
AHEAD: Final = 8
"""Parcels that may be under way to each."""


def items_a_second(count: int, size: int, batch: int) -> tuple[float, float]:
    """Return how many items a second the four processes do, and the CPU seconds of an item over all."""
    context = multiprocessing.get_context("spawn")
    key, secret = SecretKey(os.urandom(32)), EpochSecret(os.urandom(96))
    pipes, publics, children = [], [], []
    for peer in PEERS:
        ours, theirs = context.Pipe()
        child = context.Process(target=_recipient, args=(theirs, peer, key.public.raw, secret.public, size))
        child.start()
        theirs.close()
        pipes.append(ours)
        children.append(child)
        publics.append((peer, *ours.recv()))
    start, used = time.perf_counter(), time.process_time()
    sent = answered = 0
    while answered * batch < count:
        if sent * batch < count and sent - answered < AHEAD:
            parcel = b"".join(_made(key, os.urandom(size)) for _ in range(batch))
            for pipe, (peer, epoch, _) in zip(pipes, publics, strict=True):
                pipe.send_bytes(seal(parcel, exchange=EXCHANGE, frm=AUTHOR, to=peer, public=public_epoch(epoch)))
            sent += 1
        if sent * batch >= count or sent - answered >= AHEAD or all(pipe.poll() for pipe in pipes):
            for pipe, (peer, _, public) in zip(pipes, publics, strict=True):
                _receipted(pipe.recv_bytes(), peer, secret, PublicKey(public))
            answered += 1
    done, cpu = answered * batch / (time.perf_counter() - start), time.process_time() - used
    for pipe, child in zip(pipes, children, strict=True):
        pipe.send_bytes(b"")
        cpu += pipe.recv()
        child.join()
    return done, cpu / (answered * batch)


def _made(key: SecretKey, body: bytes) -> bytes:
    sig = key.sign("statement", body)
    item = digest64("quartet/id/v1", body)
    control = body[:CONTROL]
    digest64("quartet/control-id/v1", control)
    digest64("quartet/commit/v1", item, sig)
    return body + sig + control + key.sign("control", control)


def _receipted(data: bytes, peer: MemberId, secret: EpochSecret, public: PublicKey) -> None:
    plain = open_sealed(data, exchange=EXCHANGE, frm=peer, to=AUTHOR, secrets={secret.id: secret})
    public.verify("receipts", plain[SIGNATURE_SIZE:], plain[:SIGNATURE_SIZE])


def _recipient(pipe: Connection, me: MemberId, author: bytes, author_epoch: bytes, size: int) -> None:
    key, secret, theirs = SecretKey(os.urandom(32)), EpochSecret(os.urandom(96)), PublicKey(author)
    pipe.send((secret.public, key.public.raw))
    whole = size + CONTROL + 2 * SIGNATURE_SIZE
    used = time.process_time()
    while data := pipe.recv_bytes():
        plain = open_sealed(data, exchange=EXCHANGE, frm=AUTHOR, to=me, secrets={secret.id: secret})
        receipts = []
        for at in range(0, len(plain), whole):
            body, rest = plain[at : at + size], plain[at + size : at + whole]
            theirs.verify("statement", body, rest[:SIGNATURE_SIZE])
            control = rest[SIGNATURE_SIZE:-SIGNATURE_SIZE]
            theirs.verify("control", control, rest[-SIGNATURE_SIZE:])
            item = digest64("quartet/id/v1", body)
            digest64("quartet/control-id/v1", control)
            receipts.append(digest64("quartet/commit/v1", item, rest[:SIGNATURE_SIZE]).encode())
        batch = b"".join(receipts)
        answer = key.sign("receipts", batch) + batch
        pipe.send_bytes(seal(answer, exchange=EXCHANGE, frm=me, to=AUTHOR, public=public_epoch(author_epoch)))
    pipe.send(time.process_time() - used)
