'use strict'
// MessagePack in its one spelling, and the trees of RFC 6962 and of a tick: what the vectors have and a proof has not.

const { createHash } = require('node:crypto')
const q = require('../../verifier/quartet-verify.js')

const bytes = (hex) => new Uint8Array(Buffer.from(hex, 'hex'))
const text = (raw) => Buffer.from(raw).toString('base64url')
const sha = (...parts) => new Uint8Array(createHash('sha256').update(Buffer.concat(parts)).digest())
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
  const number = (size, n) =>
    Buffer.from(
      BigInt.asUintN(size * 8, BigInt(n))
        .toString(16)
        .padStart(size * 2, '0'),
      'hex',
    )
  const headed = (small, kinds, size, body) => {
    if (size < small[1]) return Buffer.concat([Buffer.from([small[0] + size]), body])
    const width = size < 256 && kinds[1] ? 1 : size < 65536 ? 2 : 4
    return Buffer.concat([Buffer.from([kinds[width]]), number(width, size), body])
  }
  if (value === null) return Buffer.from([0xc0])
  if (typeof value === 'number') return packNumber(value, number)
  if (typeof value === 'string')
    return headed([0xa0, 32], { 1: 0xd9, 2: 0xda, 4: 0xdb }, Buffer.byteLength(value), Buffer.from(value))
  if (Array.isArray(value))
    return headed([0x90, 16], { 2: 0xdc, 4: 0xdd }, value.length, Buffer.concat(value.map(pack)))
  return headed([0, 0], { 1: 0xc4, 2: 0xc5, 4: 0xc6 }, value.length, Buffer.from(value))
}

function packNumber(n, number) {
  if (n >= -32 && n < 128) return number(1, n)
  const width = [1, 2, 4, 8].find((size) => (n >= 0 ? n < 256 ** size : n >= -(256 ** size) / 2))
  return Buffer.concat([Buffer.from([(n >= 0 ? 0xcc : 0xd0) + Math.log2(width)]), number(width, n)])
}

const split = (joined) =>
  Array.from({ length: joined.length / 32 }, (_, i) => joined.slice(32 * i, 32 * i + 32))

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

module.exports = { consistency, inclusion, leafHash, path, rootOf, sha, split, tickTree, unpack }
