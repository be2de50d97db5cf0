'use strict'
// What the second verifier answers to a batch of questions: a JSON array on stdin, an array of answers on stdout.
// Bytes are base64. An answer has the reason word of a refusal, or null and the value.

const q = require('../../verifier/quartet-verify.js')
const { differences } = require('./structures.js')

const bytes = (text) => new Uint8Array(Buffer.from(text, 'base64'))
const LIMIT = 1 << 20
const signedBytes = (text) => q.decode(bytes(text), q.shapes.SIGNED_BYTES, LIMIT)

async function stateOf({ charter, acts = [] }) {
  let state = await q.found(signedBytes(charter))
  for (const act of acts) state = await q.apply(state, signedBytes(act))
  return state
}

const rings = new Map()

async function ringOf(said) {
  const name = JSON.stringify([said.charter, said.acts, said.manifests, said.officers])
  if (!rings.has(name)) rings.set(name, await madeRing(said))
  return rings.get(name)
}

async function madeRing(said) {
  const state = await stateOf(said)
  const manifests = await Promise.all(said.manifests.map((m) => q.checkManifest(signedBytes(m), state)))
  const officers = await Promise.all(said.officers.map((o) => q.checkOfficers(signedBytes(o), state)))
  const byMember = (all) => new Map(all.map((one) => [one.member, one]))
  return {
    state,
    manifests: byMember(manifests),
    officers: byMember(officers),
  }
}

const DOORS = {
  proof: (said) => q.verifyProof(bytes(said.proof), bytes(said.charter)),
  charter: async (said) => (await stateOf(said)).exchange,
  act: async (said) => (await q.apply(await stateOf(said), signedBytes(said.data))).head,
  manifest: async (said) => (await q.checkManifest(signedBytes(said.data), await stateOf(said))).member,
  officers: async (said) => (await q.checkOfficers(signedBytes(said.data), await stateOf(said))).member,
  statement: async (said) => {
    const ring = await ringOf(said)
    const signed = q.decode(bytes(said.signed), q.shapes.SIGNED, LIMIT)
    const control = said.control === null ? null : q.decode(bytes(said.control), q.shapes.SEALED, LIMIT)
    const { id, c, controls } = await q.checkStatement(signed, control, ring)
    return { id, c, controls }
  },
  checkpoint: async (said) => {
    const { size, root, firstTick } = await q.checkCheckpoint(said.note, (o) => o === said.origin, [
      ['', { key: bytes(said.key) }],
    ])
    return {
      size,
      root: Buffer.from(root).toString('hex'),
      first_tick: firstTick,
    }
  },
  cosignature: async (said) => {
    const kind = said.alg === 'Ed25519' ? q.WITNESS : q.SLOW_WITNESS
    const line = q.readLine(said.line.replace(/\n$/, ''))
    return q.checkCosignature(q.readCheckpoint(said.checkpoint), line, said.witness, bytes(said.key), kind)
  },
  signature: (said) => q.ed25519(bytes(said.key), bytes(said.message), bytes(said.sig)),
  vectors: (said) => differences(said.family, said.all),
  spelling: async (said) => q.decode(bytes(said.json), q.shapes.ANY, 1000) && null,
}

async function answer(said) {
  try {
    return { reason: null, value: await DOORS[said.door](said) }
  } catch (refused) {
    if (refused instanceof q.Refused) return { reason: refused.reason, detail: refused.detail }
    return { reason: 'crashed', detail: String(refused.stack) }
  }
}

async function main() {
  const answers = []
  for (const said of JSON.parse(require('node:fs').readFileSync(0, 'utf8'))) answers.push(await answer(said))
  process.stdout.write(JSON.stringify(answers))
}

if (require.main === module) main()
