'use strict'
// The release rule a second time, written from its page (RELEASE, and decisions 20 and 200) and held to its vectors:
// who may receive an item, and who may view it. It reads the vectors' own form and nothing else.

const TLP = ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED']
const ONWARD = ['TLP_RULE', 'ASK', 'NEVER']
const MODE = ['RELEASE', 'DISPLAY']
const ATTRIBUTION = ['NAMED', 'CHATHAM_HOUSE']
const CAVEATS = ['PERSONAL', 'NO_JUDICIAL', 'NO_GATEWAY', 'HUMANITARIAN', 'EXERCISE']
const HOME = ['site-warning']
const OF_ITS_PARTIES = ['notification']
const HOUR = 3_600_000_000

const { createHash } = require('node:crypto')

/** The hash by which a control names a person. */
function person(serial, member, name) {
  const whole = createHash('sha256')
  for (const part of ['quartet/person/v1', Buffer.from(serial, 'base64url'), member, name]) {
    const raw = Buffer.from(part)
    const size = Buffer.alloc(8)
    size.writeBigUInt64BE(BigInt(raw.length))
    whole.update(size).update(raw)
  }
  return whole.digest('base64url')
}

// --- Who is a member ---

const stateAt = (spans = [], at) => spans.reduce((last, [since, what]) => (since <= at ? what : last), null)

/** Whether a member was active at a time and is now, and never left between. */
function standing(charter, member, since, now) {
  const spans = charter.members[member] || []
  if (since > now || stateAt(spans, since) !== 'active' || stateAt(spans, now) !== 'active') return false
  return !spans.some(([at, what]) => at > since && at <= now && what === 'withdrawn')
}

// --- What is in force of a control ---

const tlpAt = (marking, now) => {
  const steps = (marking.downgrade || []).filter(([at]) => at <= now)
  return steps.length ? steps.at(-1)[1] : marking.tlp
}

function known(marking, charter) {
  const words = [
    [TLP, [marking.tlp, ...(marking.downgrade || []).map(([, tlp]) => tlp)]],
    [ONWARD, [marking.onward || 'ASK']],
    [MODE, [marking.mode || 'RELEASE']],
    [ATTRIBUTION, [marking.attribution || 'NAMED']],
    [CAVEATS, marking.caveats || []],
    [charter.purposes, marking.purposes || []],
  ]
  return words.every(([list, used]) => used.every((word) => list.includes(word)))
}

const worldly = (marking, now) =>
  tlpAt(marking, now) === 'CLEAR' && marking.onward === 'TLP_RULE' && !(marking.caveats || []).length

const stricter = (order, a, b) => order[Math.max(order.indexOf(a), order.indexOf(b))]
const meet = (a, b) => (a === undefined ? b : b === undefined ? a : a.filter((one) => b.includes(one)))

/** What facts make of a control by now: who is named, since when each must stand, and what else is in force. */
function termsOf(control, facts, charter, now) {
  const about = facts.filter(
    (f) => f.body.control === control.id && f.at <= now && f.member === control.controller,
  )
  const changes = about.filter((f) => ['narrow', 'widen'].includes(f.kind))
  const issued = control.issued * charter.tick
  const late = (f) => (f.kind === 'narrow' ? 1 : 0)
  changes.sort((a, b) => a.at - b.at || late(a) - late(b))
  const { rel, persons, ...rest } = control.marking
  const terms = {
    ...{ marking: rest, persons, unknown: !known(control.marking, charter), drops: [] },
    closed: rel !== undefined && rel.length === 0,
    named: new Map((rel || []).map((m) => [m, { since: issued, by: null }])),
  }
  for (const fact of changes) apply(terms, fact, control, charter)
  return terms
}

function apply(terms, fact, control, charter) {
  if (fact.kind === 'widen') {
    for (const m of fact.body.rel)
      if (!terms.named.has(m)) terms.named.set(m, { since: fact.at, by: fact.id })
    return
  }
  const { rel, persons, ...asked } = fact.body.marking
  if (!known(fact.body.marking, charter)) terms.unknown = true
  if (rel !== undefined) {
    terms.drops.push({ at: fact.at, keeps: rel })
    for (const m of terms.named.keys()) if (!rel.includes(m)) terms.named.delete(m)
  }
  if (persons !== undefined) {
    const hashed = persons.map((p) => (p.includes('/') ? person(control.serial, ...p.split('/')) : p))
    terms.persons = meet(terms.persons, hashed)
  }
  terms.marking = narrowed(terms.marking, asked)
}

/** Whether the world may have it, and no narrowing since left this member out, or found it standing no more. */
function worldHas(terms, member, charter, now) {
  if (terms.closed || !worldly(terms.marking, now)) return false
  return [{ at: now, keeps: [member] }, ...terms.drops].every(
    ({ at, keeps }) => keeps.includes(member) && standing(charter, member, at, now),
  )
}

function narrowed(marking, asked) {
  const least = [marking.expires, asked.expires].filter((t) => t !== undefined)
  return {
    ...marking,
    ...{ tlp: stricter(TLP, marking.tlp, asked.tlp), downgrade: latest(marking, asked) },
    onward: stricter(ONWARD, marking.onward || 'ASK', asked.onward || marking.onward || 'ASK'),
    mode: stricter(MODE, marking.mode || 'RELEASE', asked.mode || 'RELEASE'),
    purposes: meet(marking.purposes, asked.purposes),
    caveats: [...new Set([...(marking.caveats || []), ...(asked.caveats || [])])],
    expires: least.length ? Math.min(...least) : undefined,
  }
}

/** The labels over time of several markings: at each time the strictest that any has then. */
function latest(...markings) {
  const times = [...new Set(markings.flatMap((m) => (m.downgrade || []).map(([at]) => at)))].sort(
    (a, b) => a - b,
  )
  const at = (time) => markings.map((m) => tlpAt(m, time)).reduce(stronger)
  const steps = []
  let before = markings.map((m) => m.tlp).reduce(stronger)
  for (const time of times) {
    if (at(time) !== before) steps.push([time, (before = at(time))])
  }
  return steps.length ? steps : undefined
}

/** The stricter of two labels; one that is not known is stricter than all that are. */
function stronger(a, b) {
  const rank = (tlp) => (TLP.includes(tlp) ? TLP.indexOf(tlp) : TLP.length)
  return rank(a) >= rank(b) ? a : b
}

// --- Recalls ---

const undone = (r, cancel) => cancel !== null && r.at <= cancel.at

/** Whether what is known of recalls closes the item: by any controller of a part of it, naming any of its controls. */
function recalled(item, facts, charter) {
  const ids = item.controls.map((c) => c.id)
  const controllers = new Set(item.controls.map((c) => c.controller))
  return ids.some((id) => [...controllers].some((by) => stands(id, by, facts, charter)))
}

function stands(id, by, facts, charter) {
  const recalls = facts.filter((f) => f.kind === 'recall' && f.member === by && f.body.controls.includes(id))
  const cancel = cancellation(id, by, recalls, facts, charter)
  const left = recalls.filter((r) => !undone(r, cancel))
  const two = new Set(left.map((r) => r.officer)).size > 1
  return left.some((r) => r.officer === 'root' || two || !needsTwo(r, cancel, facts))
}

function needsTwo(recall, cancel, facts) {
  return cancel !== null || recall.body.in_incident || ordinal(recall, facts) > 20
}

/** Which recall of its hour it is: two of the same controls are one. */
function ordinal(recall, facts) {
  const before = (f) => f.at < recall.at || (f.at === recall.at && f.id <= recall.id)
  const hour = facts.filter(
    (f) => f.kind === 'recall' && f.member === recall.member && before(f) && f.at > recall.at - HOUR,
  )
  return new Set(hour.map((f) => JSON.stringify(f.body.controls))).size
}

/** The cancellation that counts: the first by root or a second officer, before the delay of its recall ended. */
function cancellation(id, by, recalls, facts, charter) {
  const life = new Set(recalls.filter((r) => r.body.reason === 'LIFE').map((r) => r.officer))
  if (life.size > 1) return null
  const valid = facts.filter((f) => {
    if (f.kind !== 'cancel-recall' || f.member !== by || !f.body.controls.includes(id)) return false
    const recall = recalls.find((r) => r.id === f.body.recall)
    const second = recall && (f.officer === 'root' || f.officer !== recall.officer)
    return second && f.at < recall.at + charter.recall_delay
  })
  valid.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
  return valid[0] || null
}

// --- The rule ---

/** Whether a grant is by who may give it: the controller while it was a member, then the last delegate it named. */
function consents(control, facts, charter, now) {
  const spans = charter.members[control.controller]
  const [left] = (spans || []).find(([at, what]) => at <= now && what === 'withdrawn') || [Infinity]
  const named = facts.filter((f) => f.kind === 'delegate' && f.member === control.controller && f.at < left)
  const last = named
    .filter((f) => f.body.controls.includes(control.id))
    .sort((a, b) => a.at - b.at)
    .at(-1)
  return (f) => {
    if (f.at < left) return f.member === control.controller ? [f.id] : null
    return last && f.member === last.body.delegate ? [f.id, last.id] : null
  }
}

function grantFor(item, control, member, terms, facts, charter, now) {
  const consented = consents(control, facts, charter, now)
  const own = control === item.controls[0]
  const opens = (f) => {
    const { body } = f
    if (f.kind !== 'grant' || body.member !== member || !consented(f) || f.at > now) return false
    if (body.until !== null && now >= body.until) return false
    if (!standing(charter, member, f.at, now)) return false
    if (terms.drops.some((d) => d.at >= f.at && !d.keeps.includes(member))) return false
    if (body.scope === 'ITEM') return body.control === control.id && body.item === item.id
    const follows = body.author === item.author && item.at > f.at && item.cites.includes(body.item)
    return follows && (body.control === control.id || (own && f.member === item.author))
  }
  const grant = facts.filter(opens).sort((a, b) => (a.id < b.id ? -1 : 1))[0]
  return grant ? consented(grant) : null
}

/** Why a control does not admit a member; or the facts that let it in. */
function admits(item, control, member, facts, charter, now) {
  if (member === control.controller) return { by: [] }
  const terms = termsOf(control, facts, charter, now)
  if (terms.unknown) return { why: 'unknown-word' }
  if (terms.marking.expires !== undefined && now >= terms.marking.expires) return { why: 'expired' }
  if ((terms.marking.purposes || ['some']).length === 0) return { why: 'purpose' }
  const naming = terms.named.get(member)
  const stood = naming && standing(charter, member, naming.since, now)
  if (worldHas(terms, member, charter, now)) return { by: [] }
  const inParties = !OF_ITS_PARTIES.includes(item.kind) || !(naming && naming.by)
  if (stood && inParties) return { by: naming.by ? [naming.by] : [] }
  const never = (terms.marking.onward || 'ASK') === 'NEVER'
  const granted = OF_ITS_PARTIES.includes(item.kind)
    ? null
    : grantFor(item, control, member, terms, facts, charter, now)
  if (granted && !never) return { by: granted }
  if (naming && !stood) return { why: 'not-standing' }
  return { why: refusedBy(control, member, terms, granted, never) }
}

function refusedBy(control, member, terms, granted, never) {
  if (never) return 'onward-never'
  return terms.drops.some((d) => !d.keeps.includes(member)) && (control.marking.rel || []).includes(member)
    ? 'narrowed'
    : 'not-named'
}

function receive({ item, facts, charter }, { to, now, held }) {
  if (HOME.includes(item.kind) && to !== item.author) return { answer: 'stays-home' }
  const alone = to === item.author && item.controls.every((c) => c.controller === to)
  const state = stateAt(charter.members[to], now)
  if (!alone && state !== 'active') return { answer: state === 'suspended' ? 'suspended' : 'not-a-member' }
  const outside = (c) => stateAt(charter.members[c.controller], c.issued * charter.tick) !== 'active'
  if (!alone && item.controls.some(outside)) return { answer: 'issued-outside' }
  const kept = held && item.controls.every((c) => c.marking.hold)
  if (!kept && recalled(item, facts, charter)) return { answer: 'recalled' }
  const by = []
  for (const control of item.controls) {
    const one = admits(item, control, to, facts, charter, now)
    if (one.why) return { answer: one.why }
    by.push(...one.by)
  }
  return { answer: 'released', by: [...new Set(by)].sort() }
}

/** Why a person may not view what its member may receive; null where it may. */
function unseen({ item, facts, charter }, { to, now, name, purpose, trained = [], body }) {
  for (const control of item.controls) {
    const terms = termsOf(control, facts, charter, now)
    const tlp = tlpAt(terms.marking, now)
    const mine = person(control.serial, to, name)
    if (tlp === 'RED' && !(terms.persons || []).includes(mine)) return 'person-not-named'
    if (body && TLP.indexOf(tlp) > TLP.indexOf('AMBER')) return 'client'
    if (terms.marking.purposes && !terms.marking.purposes.includes(purpose)) return 'purpose'
    if ((terms.marking.caveats || []).some((c) => !trained.includes(c))) return 'training'
  }
  return null
}

/** What the rule answers to one question of a vector, and the facts that let the member in. */
function answer(world, ask) {
  const first = receive(world, ask)
  const why = first.answer === 'released' && ask.name ? unseen(world, ask) : null
  if (why) return { answer: why }
  return ask.by && first.answer === 'released' ? first : { answer: first.answer }
}

// --- What an item that contains others is offered ---

function combine(markings) {
  const least = (name) => {
    const times = markings.map((m) => m[name]).filter((t) => t !== undefined)
    return times.length ? Math.min(...times) : undefined
  }
  const worst = (order, name, absent) =>
    markings.map((m) => m[name] || absent).reduce((a, b) => stricter(order, a, b))
  const world = (m) => m.tlp === 'CLEAR' && m.onward === 'TLP_RULE' && !(m.caveats || []).length
  const rel = markings.map((m) => (world(m) ? undefined : m.rel || [])).reduce(meet)
  const red = markings.filter((m) => m.persons || m.tlp === 'RED')
  const caveats = [...new Set(markings.flatMap((m) => m.caveats || []))].sort()
  const made = {
    ...{ tlp: markings.map((m) => m.tlp).reduce(stronger), rel },
    persons: red.length ? red.map((m) => m.persons || []).reduce(meet) : undefined,
    onward: worst(ONWARD, 'onward', 'ASK'),
    mode: worst(MODE, 'mode', 'RELEASE'),
    purposes: markings.map((m) => m.purposes).reduce(meet),
    caveats: caveats.length ? caveats : undefined,
    hold: markings.every((m) => m.hold) || undefined,
    attribution: worst(ATTRIBUTION, 'attribution', 'NAMED'),
    ...{ expires: least('expires'), review_at: least('review_at'), downgrade: latest(...markings) },
  }
  return JSON.parse(JSON.stringify(made))
}

module.exports = { answer, combine }
