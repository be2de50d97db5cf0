'use strict'
// The structures that travel and are logged, made again from their vectors by the second implementation's own
// primitives. Each family takes a file of vectors and says of each case what differs; nothing is what is hoped for.

const q = require('../../verifier/quartet-verify.js')
const {
  consistency,
  inclusion,
  leafHash,
  path,
  rootOf,
  sha,
  split,
  tickTree,
  unpack,
} = require('./packing.js')
const rule = require('./release.js')

const bytes = (hex) => new Uint8Array(Buffer.from(hex, 'hex'))
const hex = (raw) => Buffer.from(raw).toString('hex')
const text = (raw) => Buffer.from(raw).toString('base64url')
const raw = (spelt) => new Uint8Array(Buffer.from(spelt, 'base64url'))
const said = (data) => JSON.parse(Buffer.from(data).toString())
const equal = (a, b) => JSON.stringify(a) === JSON.stringify(b)
const h = q.tagged

// --- The families ---

const LIMIT = 1 << 20
const signedBytes = (data) => q.decode(data, q.shapes.SIGNED_BYTES, LIMIT)
const file = (all, name) => all[name].cases

async function charterState(all) {
  const [one] = file(all, 'charter')
  return q.apply(await q.found(signedBytes(bytes(one.charter))), signedBytes(bytes(one.act)))
}

async function ringOf(all) {
  const state = await charterState(all)
  const of = (kind) => file(all, 'manifests').filter((c) => c.kind === kind)
  const ring = { state, manifests: new Map(), officers: new Map() }
  for (const c of of('wire'))
    ring.manifests.set(c.member, await q.checkManifest(signedBytes(bytes(c.travelling)), state))
  for (const c of of('officers')) {
    ring.officers.set(c.member, await q.checkOfficers(signedBytes(bytes(c.travelling)), state))
  }
  return ring
}

const itemKey = (ring, member, id) => ring.manifests.get(member).items.get(id).key

async function refusal(work) {
  try {
    await work()
    return null
  } catch (refused) {
    if (refused instanceof q.Refused) return refused.reason
    throw refused
  }
}

/** Each gives [what was made, what the vector says] for one case. */
const FAMILIES = {
  async hash({ tag, parts, hash }) {
    const made = await h(tag, ...parts.map((p) => (typeof p === 'number' ? p : bytes(p))))
    return [hex(made), hash]
  },
  async spelling({ json, refused }) {
    return [await refusal(async () => q.decode(bytes(json), q.shapes.ANY, 1000)), refused]
  },
  async signature({ tag, payload, preauth, sig }, all) {
    const { public: key } = all.signature
    const message = q.preauth(tag, bytes(payload))
    const seed = Buffer.concat([bytes('302e020100300506032b657004220420'), bytes(all.signature.seed)])
    const secret = await crypto.subtle.importKey('pkcs8', seed, 'Ed25519', false, ['sign'])
    const made = hex(new Uint8Array(await crypto.subtle.sign('Ed25519', secret, message)))
    return [
      [hex(message), made, await q.ed25519(bytes(key), message, bytes(sig))],
      [preauth, sig, true],
    ]
  },
  async charter(one, all) {
    const founded = await q.found(signedBytes(bytes(one.charter)))
    const state = await charterState(all)
    const opened = [one.charter, one.act].map((t) => hex(raw(said(bytes(t)).data)))
    const made = [founded.exchange, founded.head, state.head, state.epoch, state.terms.purposes, ...opened]
    const covered = []
    for (const { charter } of all.charter.covers) {
      const { exchange, terms } = await q.found(signedBytes(bytes(charter)))
      covered.push({ cover: terms.cover, charter, exchange })
    }
    const expected = [one.predecessor, one.head, one.epoch, one.purposes, one.charter_signed, one.act_signed]
    return [
      [...made, covered],
      [one.exchange, ...expected, all.charter.covers],
    ]
  },
  async absence(one) {
    let state = await q.found(signedBytes(bytes(one.charter)))
    for (const act of one.acts) state = await q.apply(state, signedBytes(bytes(act)))
    const lines = Object.entries(one.dates).map(([member, time]) => ({ member, time }))
    const word = (r) => [r.onRecord, r.witnesses, r.absent]
    try {
      return [word(q.record(lines, one.log, state, one.tick)), one.record]
    } catch (refused) {
      if (refused.reason !== 'no-quorum') throw refused
      return [null, one.record]
    }
  },
  async manifests(one, all) {
    const travelling = bytes(one.travelling)
    const ring = await ringOf(all)
    const { data, signatures } = said(travelling)
    const made = [text(await h('quartet/manifest/v1', travelling)), hex(raw(data)), said(raw(data)).member]
    const expected = [one.commitment, one.signed, one.member]
    if (['wire', 'officers'].includes(one.kind)) return [made, expected]
    if (one.kind !== 'epoch-key') return [one.kind, 'epoch-key']
    const key = said(raw(data))
    const by = itemKey(ring, one.member, signatures[0].key_id)
    const good = await q.ed25519(by, q.preauth('epoch-key', raw(data)), raw(signatures[0].sig))
    return [
      [...made, await q.keyId('X-Wing', raw(key.public)), good],
      [...expected, key.key_id, true],
    ]
  },
  async statement(one, all) {
    const outer = q.decode(bytes(one.signed), q.shapes.SIGNED, LIMIT)
    const own = one.control === null ? null : q.decode(bytes(one.control), q.shapes.SEALED, LIMIT)
    const { id, c, controls } = await q.checkStatement(outer, own, await ringOf(all))
    return [
      [hex(raw(outer.statement)), id, c, controls],
      [one.statement, one.id, one.c, one.controls],
    ]
  },
  async control(one) {
    const statement = said(bytes(one.statement))
    const serial = bytes(one.serial)
    const persons = {}
    for (const p of Object.keys(one.persons))
      persons[p] = text(await h('quartet/person/v1', serial, ...p.split('/')))
    const item = await h('quartet/id/v1', bytes(one.statement))
    const bind = text(await h('quartet/control/v1', raw(statement.nonce), serial, item))
    const { exchange, epoch, member: controller } = statement
    const marking = { ...statement.marking, persons: Object.values(persons).sort() }
    const spelt = JSON.stringify({
      v: 1,
      exchange,
      epoch,
      issued: one.issued,
      serial: text(serial),
      controller,
      marking,
      bind,
    })
    const id = text(await h('quartet/control-id/v1', new Uint8Array(Buffer.from(spelt))))
    const made = [text(item), hex(Buffer.from(spelt)), id, bind, persons]
    return [made, [one.item, one.control, one.control_id, one.bind, one.persons]]
  },
  async receipts(one, all) {
    const [head, key, sig, leaves] = unpack(bytes(one.batch))
    const { recipient, size, root } = said(head)
    const hashes = leaves.map(leafHash)
    const by = itemKey(await ringOf(all), recipient, text(key))
    const good = await q.ed25519(by, q.preauth('receipts', head), sig)
    const commitment = text(await h('quartet/commit/v1', raw(root), await h('quartet/sigs/v1', sig)))
    const alone = said(bytes(one.alone))
    const shown = [
      hex(raw(alone.receipt)),
      alone.path,
      hex(raw(alone.head)),
      alone.key_id,
      hex(raw(alone.sig)),
    ]
    const parts = [hex(head), text(key), hex(sig), leaves.map(hex), commitment]
    const path = inclusion(hashes, alone.index).map(text)
    const expected = [hex(leaves[alone.index]), path, hex(head), text(key), hex(sig)]
    return [
      [...parts, good, size, root, shown],
      [
        one.head,
        one.key_id,
        one.sig,
        one.receipts,
        one.commitment,
        true,
        leaves.length,
        text(rootOf(hashes)),
        expected,
      ],
    ]
  },
  async on_record(one, all) {
    const [item, alone, proof] = unpack(bytes(one.travelling))
    const [slot, slotPath, tick, leaf_index, marks] = unpack(proof)
    const ring = await ringOf(all)
    const cosigned = {}
    for (const [tickPath, note] of marks) {
      const [text, lines] = [
        note.slice(0, note.lastIndexOf('\n\n') + 1),
        note.slice(note.lastIndexOf('\n\n') + 2),
      ]
      const keys = [...ring.manifests.get(one.member).logs].filter(([, k]) => k.alg === 'Ed25519')
      const log = await q.checkCheckpoint(note, (o) => o.split('/')[2] === one.member, keys)
      const way = {
        slot,
        slot_path: split(slotPath),
        tick,
        leaf_index,
        tick_path: split(tickPath),
        size: log.size,
      }
      await q.checkPath({ c: one.commitment, ...way }, log)
      if (text !== log.text) throw new Error('a note was read in two ways')
      for (const line of lines.split('\n').slice(1, -1).map(q.readLine)) {
        const [witness] = [...ring.manifests.get(line.name.split('/')[2]).logs.values()].filter(
          (k) => k.alg === 'Ed25519',
        )
        cosigned[line.name] = await q.checkCosignature(log, line, line.name, witness.key, q.WITNESS)
      }
    }
    const parts = [text(item), hex(alone), hex(proof)]
    return [
      [...parts, Object.entries(cosigned).sort()],
      [one.item, one.receipt, one.proof, Object.entries(one.cosigned).sort()],
    ]
  },
  async parcel(one, all) {
    const plain = bytes(one.plaintext)
    const length = new DataView(plain.buffer).getUint32(0)
    const [header, sig, content] = unpack(plain.slice(4, 4 + length))
    const zeros = plain.slice(4 + length).every((byte) => byte === 0)
    const sizes = all.parcel.padding.map(({ inner }) =>
      [...Array(10).keys()].map((n) => 1024 << n).find((s) => s >= inner + 4),
    )
    const wide = { narrow: 16, medium: 64, wide: 512 }
    const fixed = all.parcel.covers.map(({ cover }) => wide[cover] * 1024)
    const cut = all.parcel.pieces.pieces.map((piece) => unpack(bytes(piece)))
    const whole = cut.map(([, , , data]) => hex(data)).join('')
    const named = hex(await h('quartet/piece/v1', bytes(whole)))
    const pieces = [named, ...cut.map(([name]) => hex(name)), whole]
    const good = await q.ed25519(bytes(all.parcel.link_key), q.preauth('parcel', header), sig)
    const { content_hash, from, to, exchange } = said(header)
    const hashes = [text(await h('quartet/content/v1', content)), text(await h('quartet/header/v1', header))]
    return [
      [
        hex(header),
        hex(sig),
        hex(content),
        ...hashes,
        content_hash,
        from,
        to,
        exchange,
        good,
        zeros,
        sizes,
        fixed,
        pieces,
      ],
      [
        ...[one.header, one.sig, one.content, one.content_hash, one.header_hash, one.content_hash],
        ...[
          one.from,
          one.to,
          one.exchange,
          true,
          true,
          all.parcel.padding.map((p) => p.plaintext),
          all.parcel.covers.map((p) => p.plaintext),
          [
            all.parcel.pieces.whole,
            all.parcel.pieces.whole,
            all.parcel.pieces.whole,
            all.parcel.pieces.contents,
          ],
        ],
      ],
    ]
  },
  async frame(one, all) {
    const plain = bytes(one.plaintext)
    const length = new DataView(plain.buffer).getUint32(0)
    const [header, key, sig, [[place, segment]]] = unpack(plain.slice(4, 4 + length))
    const by = itemKey(await ringOf(all), one.member, text(key))
    const good = await q.ed25519(by, q.preauth('frame', header), sig)
    const hash = text(await h('quartet/segment/v1', segment))
    const made = [hex(header), hex(sig), place, hex(segment), hash, said(header).segments[place], good]
    const commitment = text(await h('quartet/frame/v1', header))
    return [
      [...made, commitment, plain.length, plain.slice(4 + length).every((byte) => byte === 0)],
      [one.header, one.sig, one.place, one.segment, one.segment_hash, hash, true, one.commitment, 2048, true],
    ]
  },
  async merkle(one) {
    const hashes = one.leaves.map((leaf) => leafHash(bytes(leaf)))
    const each = (n, make) => Array.from({ length: n }, (_, i) => make(i).map(hex))
    const made = [one.leaves.length, hex(rootOf(hashes)), each(hashes.length, (i) => inclusion(hashes, i))]
    return [
      [...made, each(hashes.length, (i) => consistency(hashes, i + 1))],
      [one.size, one.root, one.inclusion, one.consistency],
    ]
  },
  async tick(one) {
    const commitments = Array.from({ length: one.commitments }, (_, i) => {
      const eight = Buffer.alloc(8)
      eight.writeBigUInt64BE(BigInt(i))
      return sha(eight)
    })
    const tree = await tickTree(bytes(one.secret), one.tick, commitments)
    const paths = one.paths.map(({ c }) => {
      const slot = tree.slots[commitments.map(hex).indexOf(c)]
      return { c, slot, path: tree.path(slot).map(hex) }
    })
    const shown = one.paths.map(({ c, slot, path }) => ({ c, slot, path }))
    return [
      [hex(tree.root), tree.slots, paths],
      [one.root, one.slots, shown],
    ]
  },
  async path(one) {
    let read = null
    const seen = { size: one.at_size, root: bytes(one.root), firstTick: one.first_tick }
    const reason = await refusal(async () => q.checkPath((read = path(bytes(one.path))), seen))
    const { c, slot, tick, leaf_index, size } = reason === null ? read : {}
    return [
      [reason, c, slot, tick, leaf_index, size],
      [one.reason, one.c, one.slot, one.tick, one.leaf_index, one.size],
    ]
  },
  async checkpoint(one) {
    let read = {}
    const keys = [['', { key: bytes(one.log_key) }]]
    const reason = await refusal(
      async () => (read = await q.checkCheckpoint(one.note, (o) => o === one.origin, keys)),
    )
    return [
      [reason, read.size, read.root && hex(read.root), read.firstTick],
      [one.reason, one.size, one.root, one.first_tick],
    ]
  },
  async cosignature(one) {
    let time = null
    const kind = one.alg === 'Ed25519' ? q.WITNESS : q.SLOW_WITNESS
    const reason = await refusal(async () => {
      const line = q.readLine(one.line.replace(/\n$/, ''))
      time = await q.checkCosignature(
        q.readCheckpoint(one.checkpoint),
        line,
        one.witness,
        bytes(one.key),
        kind,
      )
    })
    return [
      [reason, reason === null ? time : one.time],
      [one.reason, one.time],
    ]
  },
}

FAMILIES.release = (one) => {
  const answers = one.asks.map((ask) => rule.answer(one, ask))
  return [
    answers,
    one.asks.map(({ answer, by }) => (answer === 'released' && by ? { answer, by } : { answer })),
  ]
}

FAMILIES.release_combine = ({ markings, combined }) => {
  const orders = [markings, [...markings].reverse(), [...markings.slice(1), markings[0]]]
  return [orders.map(rule.combine), [combined, combined, combined]]
}

/** What differs in one family of vectors; `all` are the files by their names. */
async function differences(name, all) {
  const found = []
  if (name === 'signature') {
    for (const { alg, public: key, key_id } of all.signature.key_ids) {
      if ((await q.keyId(alg, bytes(key))) !== key_id) found.push(`${alg}: another key id`)
    }
  }
  for (const [n, one] of all[name].cases.entries()) {
    try {
      const [made, expected] = await FAMILIES[name](one, all)
      if (!equal(made, expected))
        found.push(`${n}: ${JSON.stringify(made)} is not ${JSON.stringify(expected)}`.slice(0, 600))
    } catch (error) {
      found.push(`${n}: ${error.message}`)
    }
  }
  return found
}

module.exports = { differences }
