'use strict'
// The structures that travel and are logged, made again from their vectors by the second implementation's own
// primitives. Each family takes a file of vectors and says of each case what differs; nothing is what is hoped for.

const { createHash } = require('node:crypto')
const q = require('../../verifier/quartet-verify.js')
const rule = require('./release.js')

const bytes = (hex) => new Uint8Array(Buffer.from(hex, 'hex'))
const hex = (raw) => Buffer.from(raw).toString('hex')
const text = (raw) => Buffer.from(raw).toString('base64url')
const raw = (spelt) => new Uint8Array(Buffer.from(spelt, 'base64url'))
const sha = (...parts) => new Uint8Array(createHash('sha256').update(Buffer.concat(parts)).digest())
const said = (data) => JSON.parse(Buffer.from(data).toString())
const equal = (a, b) => JSON.stringify(a) === JSON.stringify(b)
const h = q.tagged

// --- MessagePack, each value in its shortest form ---

function unpack(data) {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  let at = 0
  const take = (size) => {
    if (at + size > data.length) throw new q.Refused('bad-shape', 'it is cut off')
    at += size
    return data.slice(at - size, at)
  }
  const count = (size) => take(size).reduce((sum, byte) => sum * 256 + byte, 0)
  const array = (size) => Array.from({ length: size }, value)
  const string = (size) => Buffer.from(take(size)).toString()
  function value() {
    const kind = count(1)
    if (kind < 0x80) return kind
    if (kind >= 0xe0) return kind - 256
    if (kind >= 0x90 && kind < 0xa0) return array(kind - 0x90)
    if (kind >= 0xa0 && kind < 0xc0) return string(kind - 0xa0)
    if (kind === 0xc0) return null
    if (kind >= 0xc4 && kind <= 0xc6) return take(count(1 << (kind - 0xc4)))
    if (kind >= 0xcc && kind <= 0xcf) return count(1 << (kind - 0xcc))
    if (kind >= 0xd0 && kind <= 0xd3) return signed(1 << (kind - 0xd0))
    if (kind >= 0xd9 && kind <= 0xdb) return string(count(1 << (kind - 0xd9)))
    if (kind === 0xdc || kind === 0xdd) return array(count(2 << (kind - 0xdc)))
    throw new q.Refused('bad-shape', `no such value: ${kind}`)
  }
  function signed(size) {
    take(size)
    if (size === 8) return Number(view.getBigInt64(at - 8))
    return size === 4 ? view.getInt32(at - 4) : size === 2 ? view.getInt16(at - 2) : view.getInt8(at - 1)
  }
  const read = value()
  if (at !== data.length) throw new q.Refused('bad-shape', 'something follows')
  if (!Buffer.from(data).equals(pack(read))) throw new q.Refused('not-canonical', 'it is another spelling')
  return read
}

function pack(value) {
  const number = (size, n) => Buffer.from(BigInt.asUintN(size * 8, BigInt(n)).toString(16).padStart(size * 2, '0'), 'hex')
  const headed = (small, kinds, size, body) => {
    if (size < small[1]) return Buffer.concat([Buffer.from([small[0] + size]), body])
    const width = size < 256 && kinds[1] ? 1 : size < 65536 ? 2 : 4
    return Buffer.concat([Buffer.from([kinds[width]]), number(width, size), body])
  }
  if (value === null) return Buffer.from([0xc0])
  if (typeof value === 'number') return packNumber(value, number)
  if (typeof value === 'string') return headed([0xa0, 32], { 1: 0xd9, 2: 0xda, 4: 0xdb }, Buffer.byteLength(value), Buffer.from(value))
  if (Array.isArray(value)) return headed([0x90, 16], { 2: 0xdc, 4: 0xdd }, value.length, Buffer.concat(value.map(pack)))
  return headed([0, 0], { 1: 0xc4, 2: 0xc5, 4: 0xc6 }, value.length, Buffer.from(value))
}

function packNumber(n, number) {
  if (n >= -32 && n < 128) return number(1, n)
  const width = [1, 2, 4, 8].find((size) => (n >= 0 ? n < 256 ** size : n >= -(256 ** size) / 2))
  return Buffer.concat([Buffer.from([(n >= 0 ? 0xcc : 0xd0) + Math.log2(width)]), number(width, n)])
}

const split = (joined) => Array.from({ length: joined.length / 32 }, (_, i) => joined.slice(32 * i, 32 * i + 32))

function path(data) {
  if (data.length > 4096) throw new q.Refused('too-large', 'a path has 4 KiB at most')
  const read = unpack(data)
  const shaped = Array.isArray(read) && read.length === 7
  if (!shaped) throw new q.Refused('bad-shape', 'a path has seven fields')
  const [c, slot, slotPath, tick, leaf_index, tickPath, size] = read
  const fits = slot < 65536 && slotPath.length === 512 && tickPath.length % 32 === 0 && leaf_index < size
  if (!fits) throw new q.Refused('bad-path', 'it is not of the agreed shape')
  return { c: text(c), slot, slot_path: split(slotPath), tick, leaf_index, tick_path: split(tickPath), size }
}

// --- Trees ---

const leafHash = (data) => sha(bytes('00'), data)
const node = (left, right) => sha(bytes('01'), left, right)
const half = (size) => 2 ** (Math.ceil(Math.log2(size)) - 1)

function rootOf(hashes) {
  if (hashes.length === 0) return sha()
  if (hashes.length === 1) return hashes[0]
  const k = half(hashes.length)
  return node(rootOf(hashes.slice(0, k)), rootOf(hashes.slice(k)))
}

function inclusion(hashes, index) {
  if (hashes.length === 1) return []
  const k = half(hashes.length)
  if (index < k) return [...inclusion(hashes.slice(0, k), index), rootOf(hashes.slice(k))]
  return [...inclusion(hashes.slice(k), index - k), rootOf(hashes.slice(0, k))]
}

function consistency(hashes, old, whole = true) {
  if (old === hashes.length) return whole ? [] : [rootOf(hashes)]
  const k = half(hashes.length)
  if (old <= k) return [...consistency(hashes.slice(0, k), old, whole), rootOf(hashes.slice(k))]
  return [...consistency(hashes.slice(k), old - k, false), rootOf(hashes.slice(0, k))]
}

/** A tick's tree: the slots of its commitments in their order, its root, and the path of a slot. */
async function tickTree(secret, tick, commitments) {
  const slots = []
  const leaves = new Map()
  for (let k = 0, i = 0; i < commitments.length; k++) {
    const drawn = await h('quartet/tick-slot/v1', secret, tick, k)
    const slot = drawn[0] * 256 + drawn[1]
    if (leaves.has(slot)) continue
    slots.push(slot)
    leaves.set(slot, leafHash(commitments[i++]))
  }
  let level = leaves
  const levels = []
  const fill = (height, index) => h('quartet/tick-fill/v1', secret, tick, height, index)
  for (let height = 0; height < 16; height++) {
    const above = new Map()
    for (const index of level.keys()) {
      if (!level.has(index ^ 1)) level.set(index ^ 1, await fill(height, index ^ 1))
      above.set(index >> 1, node(level.get(index & ~1), level.get(index | 1)))
    }
    levels.push(level)
    level = above
  }
  const root = level.get(0) || (await fill(16, 0))
  return { slots, root, path: (slot) => levels.map((one, height) => one.get((slot >> height) ^ 1)) }
}

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
  for (const c of of('wire')) ring.manifests.set(c.member, await q.checkManifest(signedBytes(bytes(c.travelling)), state))
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
    return [[hex(message), made, await q.ed25519(bytes(key), message, bytes(sig))], [preauth, sig, true]]
  },
  async charter(one, all) {
    const founded = await q.found(signedBytes(bytes(one.charter)))
    const state = await charterState(all)
    const opened = [one.charter, one.act].map((t) => hex(raw(said(bytes(t)).data)))
    const made = [founded.exchange, founded.head, state.head, state.epoch, state.terms.purposes, ...opened]
    return [made, [one.exchange, one.predecessor, one.head, one.epoch, one.purposes, one.charter_signed, one.act_signed]]
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
    return [[...made, await q.keyId('X-Wing', raw(key.public)), good], [...expected, key.key_id, true]]
  },
  async statement(one, all) {
    const outer = q.decode(bytes(one.signed), q.shapes.SIGNED, LIMIT)
    const own = one.control === null ? null : q.decode(bytes(one.control), q.shapes.SEALED, LIMIT)
    const { id, c, controls } = await q.checkStatement(outer, own, await ringOf(all))
    return [[hex(raw(outer.statement)), id, c, controls], [one.statement, one.id, one.c, one.controls]]
  },
  async control(one) {
    const statement = said(bytes(one.statement))
    const serial = bytes(one.serial)
    const persons = {}
    for (const p of Object.keys(one.persons)) persons[p] = text(await h('quartet/person/v1', serial, ...p.split('/')))
    const item = await h('quartet/id/v1', bytes(one.statement))
    const bind = text(await h('quartet/control/v1', raw(statement.nonce), serial, item))
    const { exchange, epoch, member: controller } = statement
    const marking = { ...statement.marking, persons: Object.values(persons).sort() }
    const spelt = JSON.stringify({ v: 1, exchange, epoch, issued: one.issued, serial: text(serial), controller, marking, bind })
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
    const shown = [hex(raw(alone.receipt)), alone.path, hex(raw(alone.head)), alone.key_id, hex(raw(alone.sig))]
    const parts = [hex(head), text(key), hex(sig), leaves.map(hex), commitment]
    const path = inclusion(hashes, alone.index).map(text)
    const expected = [hex(leaves[alone.index]), path, hex(head), text(key), hex(sig)]
    return [
      [...parts, good, size, root, shown],
      [one.head, one.key_id, one.sig, one.receipts, one.commitment, true, leaves.length, text(rootOf(hashes)), expected],
    ]
  },
  async on_record(one, all) {
    const [item, alone, proof] = unpack(bytes(one.travelling))
    const [slot, slotPath, tick, leaf_index, marks] = unpack(proof)
    const ring = await ringOf(all)
    const cosigned = {}
    for (const [tickPath, note] of marks) {
      const [text, lines] = [note.slice(0, note.lastIndexOf('\n\n') + 1), note.slice(note.lastIndexOf('\n\n') + 2)]
      const keys = [...ring.manifests.get(one.member).logs].filter(([, k]) => k.alg === 'Ed25519')
      const log = await q.checkCheckpoint(note, (o) => o.split('/')[2] === one.member, keys)
      const way = { slot, slot_path: split(slotPath), tick, leaf_index, tick_path: split(tickPath), size: log.size }
      await q.checkPath({ c: one.commitment, ...way }, log)
      if (text !== log.text) throw new Error('a note was read in two ways')
      for (const line of lines.split('\n').slice(1, -1).map(q.readLine)) {
        const [witness] = [...ring.manifests.get(line.name.split('/')[2]).logs.values()].filter((k) => k.alg === 'Ed25519')
        cosigned[line.name] = await q.checkCosignature(log, line, line.name, witness.key, q.WITNESS)
      }
    }
    const parts = [text(item), hex(alone), hex(proof)]
    return [[...parts, Object.entries(cosigned).sort()], [one.item, one.receipt, one.proof, Object.entries(one.cosigned).sort()]]
  },
  async parcel(one, all) {
    const plain = bytes(one.plaintext)
    const length = new DataView(plain.buffer).getUint32(0)
    const [header, sig, content] = unpack(plain.slice(4, 4 + length))
    const zeros = plain.slice(4 + length).every((byte) => byte === 0)
    const sizes = all.parcel.padding.map(({ inner }) => [...Array(10).keys()].map((n) => 1024 << n).find((s) => s >= inner + 4))
    const good = await q.ed25519(bytes(all.parcel.link_key), q.preauth('parcel', header), sig)
    const { content_hash, from, to, exchange } = said(header)
    const hashes = [text(await h('quartet/content/v1', content)), text(await h('quartet/header/v1', header))]
    return [
      [hex(header), hex(sig), hex(content), ...hashes, content_hash, from, to, exchange, good, zeros, sizes],
      [
        ...[one.header, one.sig, one.content, one.content_hash, one.header_hash, one.content_hash],
        ...[one.from, one.to, one.exchange, true, true, all.parcel.padding.map((p) => p.plaintext)],
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
    return [[...made, each(hashes.length, (i) => consistency(hashes, i + 1))], [one.size, one.root, one.inclusion, one.consistency]]
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
    return [[hex(tree.root), tree.slots, paths], [one.root, one.slots, shown]]
  },
  async path(one) {
    let read = null
    const seen = { size: one.at_size, root: bytes(one.root), firstTick: one.first_tick }
    const reason = await refusal(async () => q.checkPath((read = path(bytes(one.path))), seen))
    const { c, slot, tick, leaf_index, size } = reason === null ? read : {}
    return [[reason, c, slot, tick, leaf_index, size], [one.reason, one.c, one.slot, one.tick, one.leaf_index, one.size]]
  },
  async checkpoint(one) {
    let read = {}
    const keys = [['', { key: bytes(one.log_key) }]]
    const reason = await refusal(async () => (read = await q.checkCheckpoint(one.note, (o) => o === one.origin, keys)))
    return [[reason, read.size, read.root && hex(read.root), read.firstTick], [one.reason, one.size, one.root, one.first_tick]]
  },
  async cosignature(one) {
    let time = null
    const kind = one.alg === 'Ed25519' ? q.WITNESS : q.SLOW_WITNESS
    const reason = await refusal(async () => {
      const line = q.readLine(one.line.replace(/\n$/, ''))
      time = await q.checkCosignature(q.readCheckpoint(one.checkpoint), line, one.witness, bytes(one.key), kind)
    })
    return [[reason, reason === null ? time : one.time], [one.reason, one.time]]
  },
}

FAMILIES.release = (one) => {
  const answers = one.asks.map((ask) => rule.answer(one, ask))
  return [answers, one.asks.map(({ answer, by }) => (answer === 'released' && by ? { answer, by } : { answer }))]
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
      if (!equal(made, expected)) found.push(`${n}: ${JSON.stringify(made)} is not ${JSON.stringify(expected)}`.slice(0, 600))
    } catch (error) {
      found.push(`${n}: ${error.message}`)
    }
  }
  return found
}

module.exports = { differences, unpack, path }
