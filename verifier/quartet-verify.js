'use strict'
// Checks a proof of Quartet with nothing but itself: the second implementation of the formats, written from
// docs/reference/wire-formats.md. Standard library only.
//
//     node quartet-verify.js PROOF --charter CHARTER [--json]
//
// exits 0 if the proof holds, 4 if it does not, 2 if it was asked wrongly. In a page it is `QuartetVerify`.
// Every refusal has the reason word of docs/reference/reasons.md, and the same as `quartet verify` says.

;(function (root) {
  // --- Refusals ---

  /** Bytes that are no proof, or prove nothing: `reason` is the word, `detail` what a person is told. */
  class Refused extends Error {
    constructor(reason, detail = '') {
      super(`${reason}: ${detail}`)
      this.reason = reason
      this.detail = detail
    }
  }

  function need(holds, reason, detail) {
    if (!holds) throw new Refused(reason, detail)
  }

  // --- Bytes and text ---

  const subtle = globalThis.crypto && globalThis.crypto.subtle
  const EXACT = Number.MAX_SAFE_INTEGER
  const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const BASE64 = BASE64URL.slice(0, 62) + '+/'

  /** The bytes of text. */
  const utf8 = (text) => new TextEncoder().encode(text)

  /** The text of bytes, or null where they are not UTF-8. */
  function textOf(bytes) {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    } catch {
      return null
    }
  }

  function join(...parts) {
    const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
    let at = 0
    for (const part of parts) {
      whole.set(part, at)
      at += part.length
    }
    return whole
  }

  const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i])
  const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

  function unhex(text) {
    return Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16))
  }

  /** The one spelling of bytes in an alphabet of 64 signs, without padding. */
  function spell(bytes, alphabet) {
    let text = ''
    for (let i = 0; i < bytes.length; i += 3) {
      const bits = (bytes[i] << 16) | ((bytes[i + 1] || 0) << 8) | (bytes[i + 2] || 0)
      const signs = Math.min(4, Math.ceil(((bytes.length - i) * 8) / 6))
      for (let n = 0; n < signs; n++) text += alphabet[(bits >> (18 - 6 * n)) & 63]
    }
    return text
  }

  /** The bytes that are spelt so, or null where the text is not the one spelling of any. */
  function unspell(text, alphabet) {
    if (text.length % 4 === 1) return null
    const bytes = new Uint8Array(Math.floor((text.length * 3) / 4))
    let bits = 0
    let held = 0
    let at = 0
    for (const sign of text) {
      const six = alphabet.indexOf(sign)
      if (six < 0) return null
      bits = ((bits << 6) | six) & 0xffff
      held += 6
      if (held >= 8) {
        held -= 8
        bytes[at++] = (bits >> held) & 0xff
      }
    }
    return bits & ((1 << held) - 1) ? null : bytes
  }

  const b64 = (bytes) => spell(bytes, BASE64URL)

  /** The bytes of base64url without padding, no bit too many. */
  function raw(text) {
    const bytes = unspell(text, BASE64URL)
    need(bytes, 'bad-base64', 'text is not base64url without padding')
    return bytes
  }

  /** The bytes of base64 with its padding, as signed notes have it, or null. */
  function padded(text) {
    if (text.length % 4) return null
    return unspell(text.replace(/={1,2}$/, ''), BASE64)
  }

  const bigEndian = (value) => {
    const bytes = new Uint8Array(8)
    new DataView(bytes.buffer).setBigUint64(0, BigInt(value))
    return bytes
  }

  // --- JSON that has one spelling ---

  /** A number as it is spelt where no Number holds it: a fraction, an exponent, or too many digits. */
  class Odd {
    constructor(spelt, whole) {
      this.spelt = spelt
      this.whole = whole
    }
  }

  const ESCAPES = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

  /** Read JSON as RFC 8259 has it; objects become Maps, and the last of two equal keys counts. */
  function parse(text) {
    let at = 0
    const bad = (what) => new Refused('bad-shape', `${what} at ${at}`)
    const space = () => {
      while (at < text.length && ' \t\n\r'.includes(text[at])) at++
    }
    const eat = (sign) => {
      if (text[at] !== sign) throw bad(`no ${sign}`)
      at++
    }
    function string() {
      eat('"')
      let read = ''
      for (;;) {
        if (at >= text.length || text[at] < ' ') throw bad('a string has no end')
        const sign = text[at++]
        if (sign === '"') break
        if (sign !== '\\') read += sign
        else if (text[at] === 'u') {
          if (!/^[0-9A-Fa-f]{4}$/.test(text.slice(at + 1, at + 5))) throw bad('an escape is none')
          read += String.fromCharCode(parseInt(text.slice(at + 1, at + 5), 16))
          at += 5
        } else {
          if (!Object.hasOwn(ESCAPES, text[at] || '')) throw bad('an escape is none')
          read += ESCAPES[text[at++]]
        }
      }
      if (!read.isWellFormed()) throw bad('half a surrogate pair')
      return read
    }
    function number() {
      const [spelt] = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/.exec(text.slice(at)) || ['']
      if (!spelt) throw bad('no value')
      at += spelt.length
      const whole = /^-?[0-9]+$/.test(spelt)
      if (whole ? spelt.length > 4300 : !Number.isFinite(Number(spelt)))
        throw bad('a number beyond all bounds')
      return whole && Number.isSafeInteger(Number(spelt)) ? Number(spelt) : new Odd(spelt, whole)
    }
    function list(depth) {
      const read = []
      for (at++, space(); text[at] !== ']'; space()) {
        if (read.length) eat(',')
        read.push(value(depth + 1))
      }
      at++
      return read
    }
    function object(depth) {
      const read = new Map()
      let first = true
      for (at++, space(); text[at] !== '}'; space(), first = false) {
        if (!first) eat(',')
        space()
        const key = string()
        space()
        eat(':')
        read.set(key, value(depth + 1))
      }
      at++
      return read
    }
    function value(depth) {
      if (depth > 900) throw bad('nested too deeply to be read')
      space()
      const begins = text[at]
      if (begins === '{') return object(depth)
      if (begins === '[') return list(depth)
      if (begins === '"') return string()
      for (const [word, meant] of [
        ['true', true],
        ['false', false],
        ['null', null],
      ]) {
        if (text.startsWith(word, at)) {
          at += word.length
          return meant
        }
      }
      return number()
    }
    const read = value(1)
    space()
    if (at !== text.length) throw bad('something follows the value')
    return read
  }

  const SHORT = { '"': '\\"', '\\': '\\\\', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

  function quote(text) {
    const escape = (sign) => SHORT[sign] || `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`
    return `"${text.replace(/["\\\u0000-\u001f]/g, escape)}"`
  }

  /** The one spelling of a value. */
  function write(value) {
    if (typeof value === 'string') return quote(value)
    if (Array.isArray(value)) return `[${value.map(write).join(',')}]`
    if (value instanceof Map && value.astray) return ''
    if (value instanceof Map) return `{${[...value].map(([k, v]) => `${quote(k)}:${write(v)}`).join(',')}}`
    if (value instanceof Odd) return value.spelt
    return Object.is(value, -0) ? '0' : String(value)
  }

  /** Refuse what no signed structure has, wherever it stands in a value. */
  function plain(value, depth = 1) {
    need(depth <= 32, 'too-deep', 'JSON is nested deeper than 32 levels')
    if (value instanceof Odd) {
      need(value.whole, 'float', 'a number has a fraction')
      throw new Refused('integer-range', 'a number is beyond 2^53 - 1')
    }
    if (typeof value === 'string') need(value === value.normalize('NFC'), 'not-nfc', 'text is not in form C')
    if (value === null || typeof value !== 'object') return
    if (Array.isArray(value)) value.forEach((one) => plain(one, depth + 1))
    else
      for (const [key, one] of value) {
        need(/^[a-z_][a-z0-9_]*$/.test(key), 'bad-key', `a key is ${quote(key)}`)
        plain(one, depth + 1)
      }
  }

  /** Bytes as the structure of a shape, refused if they are another, or spelt otherwise than it is spelt. */
  function decode(bytes, shape, limit) {
    need(bytes.length <= limit, 'too-large', `${bytes.length} bytes, ${limit} at most`)
    const text = textOf(bytes)
    need(text !== null, 'bad-shape', 'it is not UTF-8')
    const value = parse(text)
    const read = shape(value, '$')
    plain(value)
    need(write(value) === text, 'not-canonical', 'it is another spelling of the same value')
    return read
  }

  // --- Shapes: each takes a parsed value, and gives what is meant or refuses ---

  const misfit = (where) => new Refused('bad-shape', `${where} is not of its shape`)
  const check = (holds) => (value, where) => {
    if (!holds(value)) throw misfit(where)
    return value
  }
  const text = (least, most) =>
    check((v) => typeof v === 'string' && [...v].length >= least && [...v].length <= most)
  const word = (pattern) => check((v) => typeof v === 'string' && pattern.test(v))
  const one = (...words) => check((v) => words.includes(v))
  const whole = (least, most) => check((v) => Number.isSafeInteger(v) && v >= least && v <= most)
  const ANY = (value) => value
  const TEXT = text(0, Infinity)
  const HASH = word(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/)
  const NAME = word(/^[a-z][a-z0-9-]{0,31}$/)
  const OFFICER = word(/^[^\x00-\x1f\x7f]{1,64}$/u)
  const WORD = text(1, 128)
  const LINES = text(0, 4096)
  const YES_NO = one(true, false)
  const COUNT = whole(0, EXACT)
  const TIME = COUNT
  const V1 = one(1)

  const maybe = (shape) => (value, where) => (value === null ? null : shape(value, where))

  const list = (shape, most = Infinity, least = 0) => {
    return (value, where) => {
      if (!Array.isArray(value) || value.length > most || value.length < least) throw misfit(where)
      return value.map((each, i) => shape(each, `${where}[${i}]`))
    }
  }

  /** An object of just these fields; those of `absent` may be left out. Their order is a matter of spelling. */
  function fields(shapes, absent = {}) {
    const all = { ...shapes, ...absent }
    const order = Object.keys(all)
    return (value, where) => {
      if (!(value instanceof Map)) throw misfit(where)
      const read = {}
      for (const name of value.keys()) if (!Object.hasOwn(all, name)) throw misfit(`${where}.${name}`)
      for (const name of order) {
        if (value.has(name)) read[name] = all[name](value.get(name), `${where}.${name}`)
        else if (Object.hasOwn(shapes, name)) throw misfit(`${where}.${name}`)
      }
      const places = [...value.keys()].map((name) => order.indexOf(name))
      if (places.some((place, i) => i && place < places[i - 1])) value.astray = true
      return read
    }
  }

  // --- Hashes and signatures ---

  async function sha256(...parts) {
    return new Uint8Array(await subtle.digest('SHA-256', join(...parts)))
  }

  /** H(tag, parts): parts are bytes, text, or integers, which count as their 8 bytes. */
  function tagged(tag, ...parts) {
    const pieces = [utf8(tag), ...parts.map((p) => (typeof p === 'string' ? utf8(p) : p))]
    const bytes = pieces.map((p) => (p instanceof Uint8Array ? p : bigEndian(p)))
    return sha256(...bytes.flatMap((piece) => [bigEndian(piece.length), piece]))
  }

  const keyId = async (alg, key) => b64(await tagged('quartet/key/v1', alg, key))

  /** What DSSE v1 has signed for a payload of a type. */
  function preauth(tag, payload) {
    const type = `application/vnd.quartet.${tag}`
    return join(utf8(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload)
  }

  async function ed25519(key, message, sig) {
    // The neutral point for R is what no honest signer makes; some libraries take it, and libsodium does not.
    if (sig.length !== 64 || (sig[0] === 1 && sig.slice(1, 32).every((byte) => byte === 0))) return false
    const handle = await subtle.importKey('raw', key, 'Ed25519', false, ['verify'])
    return subtle.verify('Ed25519', handle, sig, message)
  }

  async function signedBy(key, tag, payload, sig, whose) {
    need(
      await ed25519(key, preauth(tag, payload), sig),
      'bad-signature',
      `the signature of ${whose} is wrong`,
    )
  }

  // --- Keys that are points of a curve ---

  const P = 2n ** 255n - 19n
  const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n
  const mod = (a, p) => ((a % p) + p) % p

  function power(base, exponent, p) {
    let result = 1n
    for (base = mod(base, p); exponent; exponent >>= 1n, base = (base * base) % p) {
      if (exponent & 1n) result = (result * base) % p
    }
    return result
  }

  const D = mod(-121665n * power(121666n, P - 2n, P), P)
  const ROOT = power(2n, (P - 1n) / 4n, P)

  function added([x1, y1, z1, t1], [x2, y2, z2, t2]) {
    const a = mod((y1 - x1) * (y2 - x2), P)
    const b = mod((y1 + x1) * (y2 + x2), P)
    const c = mod(2n * t1 * t2 * D, P)
    const d = mod(2n * z1 * z2, P)
    const [e, f, g, h] = [b - a, d - c, d + c, b + a]
    return [mod(e * f, P), mod(g * h, P), mod(f * g, P), mod(e * h, P)]
  }

  /** Whether 32 bytes are a point of Ed25519's main subgroup in their one spelling, not its neutral one. */
  function onMainSubgroup(key) {
    const bits = BigInt('0x' + hex(key.slice().reverse()))
    const y = bits & (2n ** 255n - 1n)
    if (y >= P) return false
    const [u, v] = [mod(y * y - 1n, P), mod(D * y * y + 1n, P)]
    let x = mod(u * v ** 3n * power(u * v ** 7n, (P - 5n) / 8n, P), P)
    if (mod(v * x * x, P) === mod(-u, P)) x = mod(x * ROOT, P)
    if (mod(v * x * x, P) !== u) return false
    if (x === 0n) return false
    if ((x & 1n) !== bits >> 255n) x = P - x
    let sum = [0n, 1n, 1n, 0n]
    let point = [x, y, 1n, mod(x * y, P)]
    for (let n = ORDER; n; n >>= 1n, point = added(point, point)) if (n & 1n) sum = added(sum, point)
    return sum[0] === 0n && sum[1] === sum[2]
  }

  const NIST = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n
  const NIST_B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn
  const NIST_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  const number = (bytes) => BigInt('0x' + (hex(bytes) || '0'))

  /** Whether 65 bytes are an uncompressed point of P-256. */
  function onP256(key) {
    if (key.length !== 65 || key[0] !== 4) return false
    const [x, y] = [number(key.slice(1, 33)), number(key.slice(33))]
    return x < NIST && y < NIST && mod(y * y - (x ** 3n - 3n * x + NIST_B), NIST) === 0n
  }

  const seen = new Map()

  /** An Ed25519 key's bytes, if it is one. */
  function edKey(spelt) {
    const key = raw(spelt)
    if (!seen.has(spelt)) seen.set(spelt, onMainSubgroup(key))
    need(seen.get(spelt), 'bad-key', 'it is no point of the main subgroup of Ed25519')
    return key
  }

  // --- ML-DSA-44 (FIPS 204): verifying alone ---

  /** Keccak-f[1600] over 25 lanes, low half before high half. */
  const TURNS = [1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44]
  const PLACES = [10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1]
  const ROUNDS = roundConstants()

  function roundConstants() {
    let state = 1
    return Array.from({ length: 24 }, () => {
      const lane = [0, 0]
      for (let j = 0; j < 7; j++) {
        const bit = (1 << j) - 1
        if (state & 1) lane[bit >> 5] |= 1 << (bit & 31)
        state = (state << 1) ^ (state >> 7 ? 0x171 : 0)
      }
      return lane
    })
  }

  function keccak(s) {
    const c = new Int32Array(10)
    for (const [low, high] of ROUNDS) {
      for (let x = 0; x < 10; x++) c[x] = s[x] ^ s[x + 10] ^ s[x + 20] ^ s[x + 30] ^ s[x + 40]
      for (let x = 0; x < 5; x++) {
        const [l, h] = [c[((x + 1) % 5) * 2], c[((x + 1) % 5) * 2 + 1]]
        const dl = c[((x + 4) % 5) * 2] ^ ((l << 1) | (h >>> 31))
        const dh = c[((x + 4) % 5) * 2 + 1] ^ ((h << 1) | (l >>> 31))
        for (let y = 0; y < 50; y += 10) {
          s[2 * x + y] ^= dl
          s[2 * x + 1 + y] ^= dh
        }
      }
      let l = s[2]
      let h = s[3]
      for (let i = 0; i < 24; i++) {
        const to = PLACES[i] * 2
        const [nl, nh] = [s[to], s[to + 1]]
        if (TURNS[i] >= 32) [l, h] = [h, l]
        const n = TURNS[i] & 31
        s[to] = n ? (l << n) | (h >>> (32 - n)) : l
        s[to + 1] = n ? (h << n) | (l >>> (32 - n)) : h
        l = nl
        h = nh
      }
      for (let y = 0; y < 50; y += 10) {
        for (let half = 0; half < 2; half++) {
          const row = [0, 2, 4, 6, 8].map((x) => s[y + x + half])
          for (let x = 0; x < 5; x++) s[y + 2 * x + half] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5])
        }
      }
      s[0] ^= low
      s[1] ^= high
    }
  }

  /** SHAKE over parts: gives the next byte at every call. `rate` is 168 for SHAKE128, 136 for SHAKE256. */
  function shake(rate, ...parts) {
    const s = new Int32Array(50)
    const put = (at, byte) => (s[at >> 2] ^= byte << (8 * (at & 3)))
    let at = 0
    for (const byte of join(...parts)) {
      put(at++, byte)
      if (at === rate) {
        keccak(s)
        at = 0
      }
    }
    put(at, 0x1f)
    put(rate - 1, 0x80)
    at = rate
    return () => {
      if (at === rate) {
        keccak(s)
        at = 0
      }
      const byte = (s[at >> 2] >>> (8 * (at & 3))) & 0xff
      at++
      return byte
    }
  }

  const squeezed = (next, size) => Uint8Array.from({ length: size }, next)
  const Q = 8380417
  const GAMMA2 = (Q - 1) / 88
  const ZETAS = Array.from({ length: 256 }, (_, i) => {
    const reversed = parseInt(i.toString(2).padStart(8, '0').split('').reverse().join(''), 2)
    return Number(power(1753n, BigInt(reversed), BigInt(Q)))
  })

  function ntt(poly) {
    const w = poly.slice()
    let m = 0
    for (let len = 128; len >= 1; len >>= 1) {
      for (let start = 0; start < 256; start += 2 * len) {
        const zeta = ZETAS[++m]
        for (let j = start; j < start + len; j++) {
          const t = (zeta * w[j + len]) % Q
          w[j + len] = (w[j] - t + Q) % Q
          w[j] = (w[j] + t) % Q
        }
      }
    }
    return w
  }

  function inverseNtt(poly) {
    const w = poly.slice()
    let m = 256
    for (let len = 1; len < 256; len <<= 1) {
      for (let start = 0; start < 256; start += 2 * len) {
        const zeta = Q - ZETAS[--m]
        for (let j = start; j < start + len; j++) {
          const t = w[j]
          w[j] = (t + w[j + len]) % Q
          w[j + len] = (zeta * (t - w[j + len] + Q)) % Q
        }
      }
    }
    return w.map((one) => (one * 8347681) % Q)
  }

  /** Numbers of so many bits each, the lowest bit first. */
  function unpackBits(bytes, width) {
    const out = []
    let held = 0
    let bits = 0
    for (const byte of bytes) {
      bits += byte * 2 ** held
      held += 8
      for (; held >= width; held -= width) {
        out.push(bits % 2 ** width)
        bits = Math.floor(bits / 2 ** width)
      }
    }
    return out
  }

  function uniform(rho, row, column) {
    const next = shake(168, rho, Uint8Array.of(column, row))
    const poly = []
    while (poly.length < 256) {
      const three = next() | (next() << 8) | ((next() & 0x7f) << 16)
      if (three < Q) poly.push(three)
    }
    return poly
  }

  function inBall(seed) {
    const next = shake(136, seed)
    const signs = squeezed(next, 8)
    const poly = new Array(256).fill(0)
    for (let i = 217; i < 256; i++) {
      let j = next()
      while (j > i) j = next()
      poly[i] = poly[j]
      const bit = i - 217
      poly[j] = (signs[bit >> 3] >> (bit & 7)) & 1 ? Q - 1 : 1
    }
    return poly
  }

  /** The places that a hint names in each of four polynomials, or null where it is spelt otherwise. */
  function hints(bytes) {
    const places = []
    let at = 0
    for (let i = 0; i < 4; i++) {
      const end = bytes[80 + i]
      if (end < at || end > 80) return null
      const row = Array.from(bytes.slice(at, end))
      if (row.some((place, n) => n && place <= row[n - 1])) return null
      places.push(new Set(row))
      at = end
    }
    return bytes.slice(at, 80).some(Boolean) ? null : places
  }

  function useHint(hinted, value) {
    let low = value % (2 * GAMMA2)
    if (low > GAMMA2) low -= 2 * GAMMA2
    let high = (value - low) / (2 * GAMMA2)
    if (value - low === Q - 1) [high, low] = [0, low - 1]
    if (!hinted) return high
    return (high + (low > 0 ? 1 : 43)) % 44
  }

  /** Whether a key of ML-DSA-44 signed a message, with an empty context. */
  function mlDsa44(key, message, sig) {
    if (key.length !== 1312 || sig.length !== 2420) return false
    const zs = unpackBits(sig.slice(32, 2336), 18).map((v) => 2 ** 17 - v)
    const hinted = hints(sig.slice(2336))
    if (!hinted || zs.some((v) => Math.abs(v) >= 2 ** 17 - 78)) return false
    const rho = key.slice(0, 32)
    const t1 = unpackBits(key.slice(32), 10)
    const mu = squeezed(shake(136, squeezed(shake(136, key), 64), Uint8Array.of(0, 0), message), 64)
    const c = ntt(inBall(sig.slice(0, 32)))
    const z = [0, 1, 2, 3].map((i) => ntt(zs.slice(256 * i, 256 * i + 256).map((v) => (v + Q) % Q)))
    const w1 = [0, 1, 2, 3].map((row) => {
      const t = ntt(t1.slice(256 * row, 256 * row + 256).map((v) => (v * 2 ** 13) % Q))
      const sum = c.map((v, n) => (Q - ((v * t[n]) % Q)) % Q)
      for (let column = 0; column < 4; column++) {
        uniform(rho, row, column).forEach((v, n) => (sum[n] = (sum[n] + v * z[column][n]) % Q))
      }
      return inverseNtt(sum).map((v, n) => useHint(hinted[row].has(n), v))
    })
    const packed = new Uint8Array(768)
    w1.flat().forEach((v, n) => {
      const bit = n * 6
      packed[bit >> 3] |= (v << (bit & 7)) & 0xff
      if ((bit & 7) > 2) packed[(bit >> 3) + 1] |= v >> (8 - (bit & 7))
    })
    return same(squeezed(shake(136, mu, packed), 32), sig.slice(0, 32))
  }

  // --- Trees ---

  const leafHash = (data) => sha256(Uint8Array.of(0), data)
  const nodeHash = (left, right) => sha256(Uint8Array.of(1), left, right)

  /** The root to which an RFC 9162 inclusion path leads from a leaf's hash, or null where it cannot be one. */
  async function rootFrom(hash, index, size, path) {
    if (index >= size) return null
    let [place, last, node] = [BigInt(index), BigInt(size) - 1n, hash]
    for (const sibling of path) {
      if (last === 0n) return null
      if (place & 1n || place === last) {
        node = await nodeHash(sibling, node)
        while (!(place & 1n) && place !== 0n) [place, last] = [place >> 1n, last >> 1n]
      } else node = await nodeHash(node, sibling)
      ;[place, last] = [place >> 1n, last >> 1n]
    }
    return last === 0n ? node : null
  }

  /** Refuse a path that does not lead to this checkpoint. */
  async function checkPath(path, seen) {
    need(path.size === seen.size, 'other-size', `the path is to size ${path.size}, not ${seen.size}`)
    need(
      path.tick === seen.firstTick + path.leaf_index,
      'other-tick',
      `tick ${path.tick} is not leaf ${path.leaf_index}`,
    )
    const inTick = await rootFrom(await leafHash(raw(path.c)), path.slot, 65536, path.slot_path)
    need(inTick, 'bad-path', 'the path does not lead to its tick')
    const root = await rootFrom(await leafHash(inTick), path.leaf_index, path.size, path.tick_path)
    need(root && same(root, seen.root), 'bad-path', 'the path does not lead to the root')
  }

  // --- Signed notes, checkpoints, cosignatures ---

  const SPACE =
    '\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'
  const KEY_NAME = new RegExp(`^[^${SPACE}+]{1,255}$`, 'u')
  const LINE = new RegExp(`^— ([^${SPACE}+]{1,255}) ([A-Za-z0-9+/]+={0,2})$`, 'u')

  /** A note's signature: `name`, the 4 bytes that say whose key, and what the key made. */
  function readLine(line) {
    const [, name, spelt] = LINE.exec(line) || []
    const bytes = spelt && padded(spelt)
    need(bytes && bytes.length > 4, 'bad-signature-line', 'it is no line of a signature')
    return { name, key: bytes.slice(0, 4), sig: bytes.slice(4) }
  }

  function readNote(note) {
    need(utf8(note).length <= 65536, 'too-large', 'a note has 64 KiB at most')
    need(!/[\u0000-\u0009\u000b-\u001f]/.test(note), 'bad-note', 'a note has a control character')
    const at = note.lastIndexOf('\n\n')
    need(
      at >= 0 && note.endsWith('\n') && at + 2 < note.length,
      'bad-note',
      'it is not text, a blank line, signatures',
    )
    const lines = note.slice(at + 2, -1).split('\n')
    need(lines.length <= 100, 'too-many-signatures', 'a note has 100 signatures at most')
    return { text: note.slice(0, at + 1), lines: lines.map(readLine) }
  }

  const DIGITS = /^(0|[1-9][0-9]*)$/
  const digits = (spelt) =>
    DIGITS.test(spelt || '') && Number.isSafeInteger(Number(spelt)) ? Number(spelt) : null

  /** A checkpoint's text: origin, size, root, and the tick of its first leaf. */
  function readCheckpoint(text) {
    const lines = text.split('\n')
    const shaped = lines.length >= 4 && lines.pop() === '' && lines.every(Boolean)
    need(shaped, 'bad-checkpoint', 'it is not origin, size and root, a line each')
    const [origin, size, spelt, ...more] = lines
    const named = KEY_NAME.test(origin) && utf8(origin).length <= 255
    need(named, 'bad-key-name', `a log cannot be named ${quote(origin)}`)
    const root = padded(spelt)
    need(digits(size) !== null && root && root.length === 32, 'bad-checkpoint', 'size or root is none')
    const firstTick =
      more.length === 1 && more[0].startsWith('first-tick ') ? digits(more[0].slice(11)) : null
    need(firstTick !== null, 'no-first-tick', 'it does not say once when its log began')
    return { text, origin, size: digits(size), root, firstTick }
  }

  /** The last second that microseconds can still count. */
  const LAST_SECOND = Math.floor(EXACT / 1_000_000)
  const LOG = 1
  const WITNESS = 4
  const SLOW_WITNESS = 6

  const noteKey = async (name, kind, key) =>
    (await sha256(utf8(`${name}\n`), Uint8Array.of(kind), key)).slice(0, 4)
  const namesKey = async (line, kind, key) => same(line.key, await noteKey(line.name, kind, key))

  /** A checkpoint whose log signed it by one of these keys, [id, {key}] each; says which. */
  async function checkCheckpoint(note, isOrigin, keys) {
    const { text, lines } = readNote(note)
    const seen = readCheckpoint(text)
    need(isOrigin(seen.origin), 'other-log', `it is of ${seen.origin}`)
    need(keys.length, 'no-log-key', 'the manifest names no log key')
    for (const [keyId, { key }] of keys) {
      for (const line of lines.filter((each) => each.name === seen.origin)) {
        if (!(await namesKey(line, LOG, key))) continue
        need(
          await ed25519(key, utf8(text), line.sig),
          'bad-signature',
          `the log ${seen.origin} did not sign it`,
        )
        return { ...seen, keyId }
      }
    }
    throw new Refused('signature-missing', `the log ${seen.origin} did not sign it`)
  }

  /** When a witness's line over a checkpoint was made, in seconds. */
  async function checkCosignature(seen, line, name, key, kind) {
    need(line.name === name && (await namesKey(line, kind, key)), 'other-witness', `it is not of ${name}`)
    const time = line.sig.length < 8 ? 0n : new DataView(line.sig.buffer, line.sig.byteOffset).getBigUint64(0)
    const fits = line.sig.length > 8 && time > 0n && time <= BigInt(LAST_SECOND)
    need(fits, 'bad-cosignature', 'it has a wrong length or time')
    const made = line.sig.slice(8)
    const good =
      kind === WITNESS
        ? await ed25519(key, utf8(`cosignature/v1\ntime ${time}\n${seen.text}`), made)
        : mlDsa44(key, slowMessage(seen, name, time), made)
    need(good, 'bad-signature', `the cosignature of ${name} is wrong`)
    return Number(time)
  }

  /** What ML-DSA-44 signs: c2sp.org/tlog-cosignature, over the whole tree. */
  function slowMessage(seen, name, time) {
    const counted = (text) => join(Uint8Array.of(utf8(text).length), utf8(text))
    const span = [bigEndian(0), bigEndian(seen.size)]
    return join(
      utf8('subtree/v1\n\0'),
      counted(name),
      bigEndian(time),
      counted(seen.origin),
      ...span,
      seen.root,
    )
  }

  // --- Signed bytes: charter, acts, manifests ---

  const SIGNED_LIMIT = 512 * 1024
  const DATA_LIMIT = 256 * 1024
  const SIGNATURE = fields({ key_id: HASH, sig: text(0, 8192) })
  const SIGNED_BYTES = fields({ data: TEXT, signatures: list(SIGNATURE, 256, 1) })

  function ascending(values, what) {
    need(
      values.every((v, i) => i === 0 || before(values[i - 1], v)),
      'unsorted',
      `${what} are not sorted, or repeat`,
    )
  }

  /** Whether text comes before other text by its UTF-8 bytes. */
  function before(a, b) {
    const [x, y] = [utf8(a), utf8(b)]
    for (let i = 0; i < Math.min(x.length, y.length); i++) if (x[i] !== y[i]) return x[i] < y[i]
    return x.length < y.length
  }

  /** Signed bytes with the bytes that were signed; nothing is believed yet. */
  function openSigned(outer) {
    ascending(
      outer.signatures.map((s) => s.key_id),
      'signatures',
    )
    return { data: raw(outer.data), signatures: outer.signatures }
  }

  /** Every signature is checked, and each must be of one of these keys: {key id: key}. */
  async function checkSigners(signed, tag, keys) {
    for (const { key_id, sig } of signed.signatures) {
      need(keys.has(key_id), 'unknown-signer', `${key_id} has no say`)
      await signedBy(keys.get(key_id), tag, signed.data, raw(sig), key_id)
    }
  }

  // --- Charter and acts ---

  const NKEY = word(/^U[A-Z2-7]{55}$/)
  const MEMBER = fields({ id: NAME, root_key: HASH, nkey: NKEY, tls_ca: text(0, 8192) })
  const CIRCLE = fields({ name: WORD, members: list(NAME, 256) })
  const AGREEMENT = fields({ name: WORD, circle: WORD, since: TIME, until: maybe(TIME), text_hash: HASH })
  const TERMS = {
    hubs: list(fields({ name: WORD, host: NAME, address: WORD }), 16),
    algorithms: list(WORD, 4, 1),
    recall_delay: whole(0, 366 * 86_400 * 1_000_000),
    cover: WORD,
    circles: list(CIRCLE, 256),
    agreements: list(AGREEMENT, 256),
    purposes: list(WORD, 64),
    prohibitions: list(LINES, 64),
    chair_rota: list(NAME, 256),
  }
  const { hubs: HUBS, algorithms: ALGORITHMS, ...LATER_TERMS } = TERMS
  const CHARTER = fields({
    v: V1,
    name: WORD,
    members: list(MEMBER, 256, 2),
    hubs: HUBS,
    algorithms: ALGORITHMS,
    tick: whole(100_000, 60_000_000),
    ...LATER_TERMS,
  })
  const CHANGES = fields(
    Object.fromEntries(Object.entries(TERMS).map(([name, shape]) => [name, maybe(shape)])),
  )
  const ACT = fields({
    v: V1,
    exchange: HASH,
    predecessor: HASH,
    round: COUNT,
    kind: one('admit', 'suspend', 'reinstate', 'withdraw', 'set', 'absent'),
    payload: fields(
      {
        at: TIME,
        subject: maybe(NAME),
        reason: LINES,
        admitted: maybe(MEMBER),
        changes: maybe(CHANGES),
      },
      { until: TIME },
    ),
  })
  /** What a charter may say of cover traffic in this release. */
  const COVERS = ['off', 'narrow', 'medium', 'wide']

  /** The longest absence that one act declares. */
  const MAX_ABSENCE = 7 * 86_400 * 1_000_000
  function checkMembers(members) {
    ascending(
      members.map((m) => m.id),
      'members',
    )
    need(members.length <= 8, 'later-release', 'more than eight members')
    for (const member of members) {
      edKey(member.root_key)
      need(raw(member.tls_ca)[0] === 0x30, 'bad-certificate', `${member.id} has no certificate`)
    }
    for (const name of ['root_key', 'nkey', 'tls_ca']) {
      const keys = new Set(members.map((m) => m[name]))
      need(keys.size === members.length, 'key-twice', `two members share a ${name}`)
    }
  }

  /** What the terms of a charter may say in this release, of members of these names. */
  function checkTerms(terms, members) {
    const fits = terms.algorithms.length === 1 && terms.algorithms[0] === 'Ed25519'
    need(fits, 'unknown-algorithm', terms.algorithms.join(', '))
    need(COVERS.includes(terms.cover), 'later-release', `cover ${terms.cover}`)
    need(terms.hubs.length <= 2, 'later-release', 'more than two hubs')
    need(
      new Set(terms.hubs.map((h) => h.name)).size === terms.hubs.length,
      'hub-twice',
      'two hubs of one name',
    )
    ascending(terms.purposes, 'purposes')
    ascending(
      terms.circles.map((c) => c.name),
      'circles',
    )
    for (const circle of terms.circles) ascending(circle.members, 'members of a circle')
    ascending(
      terms.agreements.map((a) => a.name),
      'agreements',
    )
    const circles = new Set(terms.circles.map((c) => c.name))
    for (const { circle, since, until } of terms.agreements) {
      need(circles.has(circle), 'unknown-circle', `there is no circle ${circle}`)
      need(until === null || since < until, 'bad-times', 'an agreement ends before it begins')
    }
    const named = [
      ...terms.hubs.map((h) => h.host),
      ...terms.chair_rota,
      ...terms.circles.flatMap((c) => c.members),
    ]
    for (const name of named) need(members.has(name), 'unknown-member', `there is no member ${name}`)
  }

  const rootId = async (member) => keyId('Ed25519', raw(member.root_key))

  async function rootKeys(members) {
    const pairs = members.map(async (m) => [await rootId(m), raw(m.root_key)])
    return new Map(await Promise.all(pairs))
  }

  /** An exchange as its charter founds it. */
  async function found(outer) {
    const signed = openSigned(outer)
    const charter = decode(signed.data, CHARTER, DATA_LIMIT)
    checkMembers(charter.members)
    const members = new Map(charter.members.map((m) => [m.id, { ...m, spans: [[0, 'active']] }]))
    checkTerms(charter, members)
    await signedByAll(signed, 'charter', await rootKeys(charter.members))
    const exchange = b64(await tagged('quartet/exchange/v1', signed.data))
    const terms = Object.fromEntries(Object.keys(TERMS).map((name) => [name, charter[name]]))
    const rotas = [{ epoch: 0, since: 0, members: charter.chair_rota }]
    const { name, tick } = charter
    return {
      exchange,
      data: signed.data,
      head: exchange,
      epoch: 0,
      name,
      tick,
      members,
      terms,
      rotas,
      settled: 0,
    }
  }

  /** What a member was at a time: active, suspended, withdrawn, or null before it was admitted. */
  function standing(state, id, at) {
    const spans = state.members.has(id) ? state.members.get(id).spans : []
    return spans.reduce((last, [since, what]) => (since <= at ? what : last), null)
  }

  const activeAt = (state, at) =>
    [...state.members.keys()].filter((id) => standing(state, id, at) === 'active')

  /** Whether a witness is declared absent over the whole of a time; who was suspended or left since is not. */
  function absentOver(state, id, since, until) {
    const { spans, absences = [] } = state.members.get(id)
    const moved = (from) => spans.some(([at]) => from < at && at <= until)
    return absences.some(([from, end]) => from <= since && until < end && !moved(from))
  }

  /** Who of a log's witnesses does not count over the whole of a time; nobody where that would be all. */
  function notCounted(state, there, since, until) {
    const gone = there.filter((id) => absentOver(state, id, since, until))
    return gone.length < there.length ? gone : []
  }

  /** Who must sign an act, and how many of them. */
  function decides(state, act) {
    const { at, subject } = act.payload
    if (act.kind === 'withdraw') return { voters: [subject], enough: 1 }
    const active = activeAt(state, at)
    const voters = active.filter((id) => id !== subject)
    const all = active.length <= 4 || act.kind === 'absent'
    const enough = all ? voters.length : Math.floor((2 * voters.length) / 3) + 1
    return { voters, enough }
  }

  const BEFORE_ACT = {
    admit: [null, 'withdrawn'],
    suspend: ['active'],
    reinstate: ['suspended'],
    withdraw: ['active', 'suspended'],
    absent: ['active'],
  }
  const AFTER_ACT = { admit: 'active', suspend: 'suspended', reinstate: 'active', withdraw: 'withdrawn' }

  function checkAct(act) {
    const { at, subject, admitted, changes, until } = act.payload
    need(act.round === 1, 'later-release', 'rounds come later')
    need((subject === null) === (act.kind === 'set'), 'act-subject', 'the act names the wrong member')
    need((changes !== null) === (act.kind === 'set'), 'act-changes', 'changes belong to a set')
    if (changes) {
      need(
        Object.values(changes).some((v) => v !== null),
        'act-changes-nothing',
        'it sets nothing',
      )
      const fixed = [changes.algorithms, changes.recall_delay]
      need(
        fixed.every((v) => v === null),
        'later-release',
        'what stays in this release',
      )
    }
    const fits = admitted === null ? act.kind !== 'admit' : act.kind === 'admit' && admitted.id === subject
    need(fits, 'act-newcomer', 'a newcomer is described by its own admission')
    need((until !== undefined) === (act.kind === 'absent'), 'act-until', 'an end belongs to an absence')
    const lasts = until === undefined || (at < until && until <= at + MAX_ABSENCE)
    need(lasts, 'bad-times', 'an absence ends after it begins, within seven days')
  }

  /** The exchange after one more act. */
  async function apply(state, outer) {
    const signed = openSigned(outer)
    const act = decode(signed.data, ACT, DATA_LIMIT)
    checkAct(act)
    need(act.exchange === state.exchange, 'other-exchange', 'the act is of another exchange')
    need(act.predecessor === state.head, 'act-not-next', 'it does not follow the newest act')
    need(act.payload.at >= state.settled, 'act-backdated', 'it is dated before what others carried')
    const after = act.kind === 'set' ? changed(state, act.payload) : moved(state, act)
    await checkVotes(state, act, signed)
    const head = b64(await tagged('quartet/act/v1', signed.data))
    const settled = act.kind === 'withdraw' ? state.settled : act.payload.at
    return { ...after, head, settled, epoch: state.epoch + 1 }
  }

  function changed(state, { at, changes }) {
    const terms = { ...state.terms }
    for (const [name, value] of Object.entries(changes)) if (value !== null) terms[name] = value
    checkTerms(terms, state.members)
    for (const { host } of terms.hubs) {
      need(standing(state, host, at) === 'active', 'host-not-active', `${host} is not active`)
    }
    const rota = { epoch: state.epoch + 1, since: at, members: terms.chair_rota }
    return { ...state, terms, rotas: changes.chair_rota === null ? state.rotas : [...state.rotas, rota] }
  }

  function moved(state, act) {
    const { at, subject, admitted } = act.payload
    const now = standing(state, subject, at)
    const was = state.members.get(subject)
    const again = act.kind === 'reinstate' && now === 'active' && absentOver(state, subject, at, at)
    const fits = again || BEFORE_ACT[act.kind].includes(now)
    need(fits, 'act-out-of-turn', `${subject} is ${now || 'no member'}`)
    if (again || act.kind === 'absent') return { ...state, members: counting(state, act.payload) }
    if (admitted && was) need(was.root_key === admitted.root_key, 'other-root-key', 'it had another root key')
    const spans = [...(was ? was.spans : []), [at, AFTER_ACT[act.kind]]].sort((a, b) => a[0] - b[0])
    const members = new Map(state.members).set(subject, { ...was, ...admitted, spans })
    if (admitted) checkMembers([...members.values()].sort((a, b) => (before(a.id, b.id) ? -1 : 1)))
    const stays = AFTER_ACT[act.kind] === 'active'
    const hubs = state.terms.hubs.filter((hub) => stays || hub.host !== subject)
    return { ...state, members, terms: { ...state.terms, hubs } }
  }

  /** The members after an act that says only whether a witness counts: from when, and until when it does not. */
  function counting(state, { at, subject, until }) {
    const was = state.members.get(subject)
    const known = was.absences || []
    if (until === undefined) {
      const absences = known.map(([from, end]) => [from, Math.min(end, at)])
      return new Map(state.members).set(subject, { ...was, absences })
    }
    const away = activeAt(state, at).find((id) => id !== subject && absentOver(state, id, at, at))
    need(away === undefined, 'one-at-a-time', `${away} is absent`)
    return new Map(state.members).set(subject, { ...was, absences: [...known, [at, until]] })
  }

  async function checkVotes(state, act, signed) {
    const { at, subject, admitted } = act.payload
    const pair = ['suspend', 'absent'].includes(act.kind) && activeAt(state, at).length <= 2
    need(!pair, 'two-can-only-part', 'of two members neither can suspend the other, nor declare it absent')
    const { voters, enough } = decides(state, act)
    const keys = await rootKeys(voters.map((id) => state.members.get(id)))
    const others = [admitted || state.members.get(subject)].filter(Boolean)
    await checkSigners(signed, 'act', new Map([...keys, ...(await rootKeys(others))]))
    const votes = signed.signatures.filter((s) => keys.has(s.key_id)).length
    need(votes >= Math.max(1, enough), 'act-not-carried', `${votes} of ${enough} signed it`)
  }

  // --- Manifests: whose keys are whose ---

  const LENGTHS = { Ed25519: 32, 'ML-DSA-44': 1312 }
  const KEYS = list(fields({ alg: one('Ed25519', 'ML-DSA-44'), key: text(0, 2048) }), 64, 1)
  const MANIFEST = fields({
    v: V1,
    exchange: HASH,
    member: NAME,
    version: COUNT,
    item_keys: KEYS,
    log_keys: KEYS,
    link_key: HASH,
    nkey: NKEY,
    tls_ca: HASH,
    revocations: list(fields({ key_id: HASH, from_tick: COUNT }), 64),
    readable: list(fields({ kind: WORD, version: COUNT }), 256),
  })
  const HOST = '[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?'
  const ORIGIN = word(new RegExp(`^(https://${HOST}|http://localhost)(?::[1-9][0-9]{0,4})?$`))
  const PASSKEY = fields({ credential: text(1, 1366), key: text(87, 87), origin: ORIGIN })
  const OFFICER_ENTRY = fields({
    name: OFFICER,
    roles: list(WORD, 32),
    keys: list(HASH, 16),
    passkeys: list(PASSKEY, 16),
  })
  const OFFICERS = fields({
    v: V1,
    exchange: HASH,
    member: NAME,
    version: COUNT,
    officers: list(OFFICER_ENTRY, 1000),
  })

  /** Bytes that a member's root signed, and nobody else; then their sense. */
  async function rooted(outer, tag, shape, state, sense) {
    const signed = openSigned(outer)
    const read = decode(signed.data, shape, DATA_LIMIT)
    need(read.exchange === state.exchange, 'other-exchange', `the ${tag} is of another exchange`)
    need(state.members.has(read.member), 'unknown-member', `there is no member ${read.member}`)
    const member = state.members.get(read.member)
    await signedByAll(signed, tag, await rootKeys([member]))
    sense(read)
    return { ...read, root: member }
  }

  /** Signed by each of these keys, and by no other. */
  async function signedByAll(signed, tag, keys) {
    const ids = new Set(signed.signatures.map((s) => s.key_id))
    for (const id of keys.keys()) need(ids.has(id), 'signature-missing', `${id} did not sign the ${tag}`)
    await checkSigners(signed, tag, keys)
  }

  async function checkManifest(outer, state) {
    const read = await rooted(outer, 'manifest', MANIFEST, state, checkManifestKeys)
    const keyed = async ({ alg, key }) => [await keyId(alg, raw(key)), { alg, key: raw(key) }]
    const items = new Map(await Promise.all(read.item_keys.map(keyed)))
    const logs = new Map(await Promise.all(read.log_keys.map(keyed)))
    checkRevocations(read, items, logs)
    need(read.nkey === read.root.nkey, 'other-nkey', `the NATS key of ${read.member} is not the charter's`)
    const authority = b64(await sha256(raw(read.root.tls_ca)))
    need(read.tls_ca === authority, 'other-authority', `the authority of ${read.member} is not the charter's`)
    return { ...read, items, logs, revoked: new Map(read.revocations.map((r) => [r.key_id, r.from_tick])) }
  }

  function checkManifestKeys(read) {
    for (const { alg } of read.item_keys) need(alg === 'Ed25519', 'later-release', `an item key of ${alg}`)
    for (const { alg, key } of [
      ...read.item_keys,
      ...read.log_keys,
      { alg: 'Ed25519', key: read.link_key },
    ]) {
      need(raw(key).length === LENGTHS[alg], 'bad-length', `a key of ${alg}`)
      if (alg === 'Ed25519') edKey(key)
    }
    const keys = [...read.item_keys.map((k) => k.key), ...read.log_keys.map((k) => k.key), read.link_key]
    need(new Set(keys).size === keys.length, 'key-twice', 'one key has two uses')
  }

  function checkRevocations(read, items, logs) {
    ascending(
      read.revocations.map((r) => r.key_id),
      'revocations',
    )
    for (const { key_id } of read.revocations) {
      need(items.has(key_id) || logs.has(key_id), 'unknown-key', 'it revokes a key that it does not list')
    }
    ascending(
      read.readable.map((r) => r.kind),
      'kinds',
    )
  }

  async function checkOfficers(outer, state) {
    const read = await rooted(outer, 'officers', OFFICERS, state, checkOfficerKeys)
    const officers = new Map()
    for (const officer of read.officers) {
      const keys = new Map()
      for (const key of officer.keys) keys.set(await keyId('Ed25519', raw(key)), raw(key))
      const passkeys = new Map()
      for (const { key, origin } of officer.passkeys) {
        passkeys.set(await keyId('ES256', raw(key)), { key: raw(key), origin })
      }
      officers.set(officer.name, { roles: new Set(officer.roles), keys, passkeys })
    }
    return { ...read, officers }
  }

  function checkOfficerKeys(read) {
    ascending(
      read.officers.map((o) => o.name),
      'officers',
    )
    for (const officer of read.officers) {
      ascending(officer.roles, 'roles')
      for (const { credential } of officer.passkeys) raw(credential)
    }
    const keys = read.officers.flatMap((o) => o.keys)
    keys.forEach(edKey)
    const passkeys = read.officers.flatMap((o) => o.passkeys.map((p) => p.key))
    for (const key of passkeys) {
      need(raw(key).length === 65, 'bad-length', 'a passkey has 65 bytes')
      need(onP256(raw(key)), 'bad-key', 'a passkey is no point of P-256')
    }
    need(
      new Set([...keys, ...passkeys]).size === keys.length + passkeys.length,
      'key-twice',
      'one key for two',
    )
  }

  const tickOf = (state, time) => Math.floor(time / state.tick)

  /** A member's item key by its id. One that is revoked counts for what is proven to be older, else not. */
  function itemKey(ring, member, id, onRecord) {
    const manifest = ring.manifests.get(member)
    need(manifest, 'unknown-member', `there is no manifest of ${member}`)
    need(manifest.items.has(id), 'unknown-key', `${member} has no item key ${id}`)
    need(onRecord || !manifest.revoked.has(id), 'key-revoked', `${member} revoked the key ${id}`)
    return manifest.items.get(id).key
  }

  function notRevoked(manifest, id, tick) {
    const from = manifest.revoked.get(id)
    need(from === undefined || tick < from, 'key-revoked', `the key ${id} of ${manifest.member} is revoked`)
  }

  // --- Statements and controls ---

  const MARKING = fields(
    { tlp: WORD },
    {
      rel: list(NAME, 256),
      persons: list(WORD, 256),
      onward: WORD,
      mode: WORD,
      purposes: list(WORD, 64),
      caveats: list(WORD, 64),
      hold: YES_NO,
      attribution: WORD,
      expires: TIME,
      review_at: TIME,
      downgrade: list(step, 64),
      alt_labels: list(WORD, 64),
    },
  )

  function step(value, where) {
    if (!Array.isArray(value) || value.length !== 2) throw misfit(where)
    return [TIME(value[0], where), WORD(value[1], where)]
  }

  const SEALED = fields({ control: text(0, 131_072), key_id: HASH, sig: text(0, 128) })
  const STATEMENT = fields({
    v: V1,
    exchange: HASH,
    epoch: COUNT,
    member: NAME,
    officer: OFFICER,
    hat: one('MEMBER', 'CHAIR'),
    at: TIME,
    clock: one('SURE', 'UNSURE'),
    nonce: HASH,
    precedence: one('FLASH', 'IMMEDIATE', 'PRIORITY', 'ROUTINE'),
    marking: MARKING,
    contains: list(SEALED, 64),
    cites: list(fields({}, { item: HASH, control: HASH }), 256),
    kind: NAME,
    kind_v: whole(1, 10_000),
    body: ANY,
  })
  const CONTROL = fields({
    v: V1,
    exchange: HASH,
    epoch: COUNT,
    issued: COUNT,
    serial: word(/^[A-Za-z0-9_-]{21}[AQgw]$/),
    controller: NAME,
    marking: MARKING,
    bind: HASH,
  })
  const ASSERTION = fields({
    key_id: HASH,
    authenticator_data: maybe(text(0, 4096)),
    client_data: maybe(text(0, 8192)),
    sig: text(0, 512),
  })
  const SIGNED = fields({
    statement: TEXT,
    signatures: list(fields({ key_id: HASH, alg: text(0, 32), sig: text(0, 8192) }), 4, 1),
    assertion: maybe(ASSERTION),
  })
  const STATEMENT_LIMIT = 256 * 1024
  const TEXT_LIMIT = 128 * 1024
  const CONTROL_LIMIT = 64 * 1024
  const FACTS = [
    'grant',
    'recall',
    'cancel-recall',
    'narrow',
    'widen',
    'delegate',
    'correction',
    'view-receipt',
    'closing',
    'purged',
  ]
  const ASSERTED = [
    'alert',
    'alert-check',
    'alert-ack',
    'recall',
    'cancel-recall',
    'grant',
    'narrow',
    'widen',
    'position',
    'acknowledgement',
  ]
  const CHAIRS = ['procedure', 'request', 'reply', 'request-closed', 'communique', 'message']

  function checkMarking(marking) {
    for (const name of ['rel', 'persons', 'purposes', 'caveats', 'alt_labels']) {
      if (marking[name]) ascending(marking[name], name)
    }
    for (const name of ['caveats', 'downgrade', 'alt_labels']) {
      need(!marking[name] || marking[name].length, 'empty-field', `${name} is empty`)
    }
    need(marking.hold !== false, 'empty-field', 'hold is false')
    const times = (marking.downgrade || []).map(([time]) => time)
    need(
      times.every((t, i) => i === 0 || times[i - 1] < t),
      'unsorted',
      'downgrade is not by time',
    )
  }

  function decodeStatement(data) {
    const said = decode(data, STATEMENT, STATEMENT_LIMIT)
    checkMarking(said.marking)
    for (const { item, control } of said.cites) {
      need(
        (item === undefined) !== (control === undefined),
        'bad-citation',
        'it names one item or one control',
      )
    }
    shortTexts(said.body)
    return said
  }

  function shortTexts(value) {
    if (typeof value === 'string')
      need(utf8(value).length <= TEXT_LIMIT, 'text-too-long', 'a text has 128 KiB at most')
    else if (Array.isArray(value)) value.forEach(shortTexts)
    else if (value instanceof Map) [...value.values()].forEach(shortTexts)
  }

  function decodeControl(sealed) {
    const data = raw(sealed.control)
    const control = decode(data, CONTROL, CONTROL_LIMIT)
    checkMarking(control.marking)
    return { ...control, data, sealed }
  }

  /** A statement as it travels, with its control: whole, its author's, and everything in it signed. */
  async function checkStatement(outer, sealed, ring, onRecord = false) {
    const { state } = ring
    sortedSignatures(outer)
    const data = raw(outer.statement)
    const said = decodeStatement(data)
    need(said.exchange === state.exchange, 'other-exchange', 'the statement is of another exchange')
    need(said.epoch <= state.epoch, 'later-epoch', `the statement is of epoch ${said.epoch}`)
    const sigs = await checkSignatures(outer, said, data, ring, onRecord)
    const id = await tagged('quartet/id/v1', data)
    checkHat(outer, said, ring)
    await checkAssertion(outer, said, id, ring)
    const controls = []
    for (const contained of said.contains) controls.push(await checkSealed(contained, said, ring, onRecord))
    const ids = new Set(controls.map((c) => c.id))
    need(ids.size === controls.length, 'control-twice', 'one control is named twice')
    if (FACTS.includes(said.kind)) need(sealed === null, 'control-of-a-fact', 'facts have no control')
    else controls.unshift(await checkOwn(sealed, said, id, ring, onRecord))
    if (ASSERTED.includes(said.kind)) sigs.push(raw(outer.assertion.sig))
    const c = b64(await tagged('quartet/commit/v1', id, await tagged('quartet/sigs/v1', ...sigs)))
    const signers = outer.signatures.map((s) => [said.member, s.key_id])
    const keys = [...signers, ...controls.map((c) => [c.controller, c.sealed.key_id])]
    return { ...said, id: b64(id), c, controls: controls.map((one) => one.id), keys }
  }

  function sortedSignatures(outer) {
    ascending(
      outer.signatures.map((s) => s.key_id),
      'signatures',
    )
  }

  async function checkSignatures(outer, said, data, ring, onRecord) {
    const algorithms = outer.signatures.map((s) => s.alg)
    for (const alg of ring.state.terms.algorithms)
      need(algorithms.includes(alg), 'signature-missing', `none of ${alg}`)
    const sigs = []
    for (const { key_id, alg, sig } of outer.signatures) {
      need(alg === 'Ed25519', 'unknown-algorithm', `a signature of ${alg}`)
      const key = itemKey(ring, said.member, key_id, onRecord)
      await signedBy(key, 'statement', data, raw(sig), said.member)
      sigs.push(raw(sig))
    }
    return sigs
  }

  const officerOf = (said, ring) => {
    const manifest = ring.officers.get(said.member)
    return (manifest && manifest.officers.get(said.officer)) || null
  }

  /** The officer's own signature over the statement's id, where there is one; where one is needed, there is. */
  async function checkAssertion(outer, said, id, ring) {
    const asserted = outer.assertion
    if (asserted === null) {
      need(!ASSERTED.includes(said.kind), 'assertion-missing', `a ${said.kind} is asserted by its officer`)
      return
    }
    const passkey = asserted.authenticator_data !== null
    need(passkey === (asserted.client_data !== null), 'assertion-unknown', "half of a passkey's assertion")
    if (said.officer === 'root') return checkRootsAssertion(asserted, said, id, ring)
    const officer = officerOf(said, ring)
    const held = officer && (passkey ? officer.passkeys : officer.keys).get(asserted.key_id)
    need(held, 'unknown-officer', `${said.member} has no officer ${said.officer} of that key`)
    if (passkey) await checkPasskey(asserted, held, id)
    else await signedBy(held, 'assertion', id, raw(asserted.sig), said.officer)
  }

  async function checkRootsAssertion(asserted, said, id, ring) {
    const member = ring.state.members.get(said.member)
    const may = ['recall', 'cancel-recall'].includes(said.kind) && asserted.client_data === null
    const rooted = may && member && asserted.key_id === (await rootId(member))
    need(rooted, 'unknown-officer', 'root asserts recalls and their cancellations, by its own key')
    await signedBy(raw(member.root_key), 'assertion', id, raw(asserted.sig), 'root')
  }

  async function checkPasskey(asserted, held, id) {
    const [data, client] = [raw(asserted.authenticator_data), raw(asserted.client_data)]
    need(data.length === 37, 'bad-authenticator-data', `${data.length} bytes where 37 must be`)
    const host = /^https?:\/\/([^:]+)/.exec(held.origin)[1]
    need(same(data.slice(0, 32), await sha256(utf8(host))), 'passkey-other-party', `it is not for ${host}`)
    need(
      !(data[32] & 0b11100010) && (data[32] & 0b00011000) !== 0b00010000,
      'bad-authenticator-data',
      'flags that mean nothing',
    )
    need(
      (data[32] & 5) === 5,
      'passkey-user-not-verified',
      'nobody was there, or nobody was asked who she is',
    )
    checkClient(client, b64(id), held.origin)
    const sig = raw(asserted.sig)
    need(sig.length === 64, 'bad-length', 'a signature of ES256 has 64 bytes')
    need(number(sig.slice(32)) <= NIST_ORDER / 2n, 'signature-not-low', 'it has the higher of two values')
    const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
    const key = await subtle.importKey('raw', held.key, ecdsa, false, ['verify'])
    const signed = join(data, await sha256(client))
    need(await subtle.verify(ecdsa, key, sig, signed), 'bad-signature', 'the passkey did not sign it')
  }

  /** A browser's client data, compared from its beginning: as JSON it could be read in two ways. */
  function checkClient(client, id, origin) {
    let rest = Array.from(client, (byte) => String.fromCharCode(byte)).join('')
    const begins = (part, reason, detail) => {
      need(rest.startsWith(part), reason, detail)
      rest = rest.slice(part.length)
    }
    begins(
      '{"type":"webauthn.get","challenge":"',
      'bad-client-data',
      'it does not begin as browsers write it',
    )
    begins(`${id}"`, 'passkey-other-challenge', 'it asserts something else')
    begins(`,"origin":"${origin}"`, 'passkey-other-origin', `it was not at ${origin}`)
    need(
      rest === '}' || /^,"crossOrigin":false[,}]/.test(rest),
      'passkey-other-origin',
      "inside another site's page",
    )
  }

  function checkHat(outer, said, ring) {
    const officer = officerOf(said, ring)
    const presides = officer !== null && officer.roles.has('chair')
    if (said.hat === 'MEMBER') {
      need(
        !presides || outer.assertion === null,
        'chair-as-member',
        "a key of the chair's speaks as the chair alone",
      )
      return
    }
    need(CHAIRS.includes(said.kind), 'chair-may-not', `the chair says no ${said.kind}`)
    need(outer.assertion !== null, 'chair-key-missing', 'what the chair says is asserted')
    const rotas = ring.state.rotas.filter((r) => r.epoch <= said.epoch && r.since <= said.at)
    const rota = rotas.length ? rotas.at(-1).members : []
    need(rota.includes(said.member), 'not-in-rota', `${said.member} is not in the rota`)
    need(presides, 'chair-key-missing', 'no officer of the chair asserted it')
  }

  /** A control whose controller signed it, in a statement that may carry it. */
  async function checkSealed(sealed, said, ring, onRecord) {
    const control = decodeControl(sealed)
    need(
      control.exchange === ring.state.exchange,
      'control-other-exchange',
      'the control is of another exchange',
    )
    need(control.epoch <= said.epoch, 'control-later-epoch', 'the control is of a later epoch')
    const key = itemKey(ring, control.controller, sealed.key_id, onRecord)
    await signedBy(key, 'control', control.data, raw(sealed.sig), control.controller)
    return { ...control, id: b64(await tagged('quartet/control-id/v1', control.data)) }
  }

  /** A statement's own control: the statement's marking, whole, and bound to it. */
  async function checkOwn(sealed, said, id, ring, onRecord) {
    need(sealed !== null, 'control-missing', 'the statement came without its control')
    const control = await checkSealed(sealed, said, ring, onRecord)
    const serial = raw(control.serial)
    need(control.controller === said.member, 'control-not-authors', 'the control is of another member')
    need(control.epoch === said.epoch, 'control-other-epoch', 'the control is of another epoch')
    const marking = await veiled(said.marking, serial)
    need(
      JSON.stringify(marking) === JSON.stringify(control.marking),
      'control-other-marking',
      'of another marking',
    )
    const bind = b64(await tagged('quartet/control/v1', raw(said.nonce), serial, id))
    need(control.bind === bind, 'control-not-bound', 'the control was made for another statement')
    return control
  }

  /** A marking as its control has it: each person's hash in place of the person. */
  async function veiled(marking, serial) {
    if (!marking.persons) return marking
    const hashes = marking.persons.map(async (person) => {
      const at = person.indexOf('/')
      need(at > 0 && at + 1 < person.length, 'bad-person', 'a person is member/officer')
      return b64(await tagged('quartet/person/v1', serial, person.slice(0, at), person.slice(at + 1)))
    })
    return { ...marking, persons: (await Promise.all(hashes)).sort() }
  }

  // --- The proof ---

  const LINE_TEXT = text(0, 8192)
  const NOTE_TEXT = text(0, 65_536)
  const HOURLY = fields({
    size: COUNT,
    tick_path: list(HASH, 63),
    checkpoint: NOTE_TEXT,
    cosignatures: list(LINE_TEXT, 256, 1),
  })
  const PROOF = fields({
    v: V1,
    charter: SIGNED_BYTES,
    acts: list(SIGNED_BYTES, 10_000),
    manifests: list(SIGNED_BYTES, 256),
    officers: list(SIGNED_BYTES, 256),
    signed: SIGNED,
    control: maybe(SEALED),
    path: fields({
      c: HASH,
      slot: whole(0, 65_535),
      slot_path: list(HASH, 16, 16),
      tick: COUNT,
      leaf_index: COUNT,
      tick_path: list(HASH, 63),
      size: COUNT,
    }),
    checkpoint: NOTE_TEXT,
    cosignatures: list(LINE_TEXT, 256),
    hourly: maybe(HOURLY),
  })
  const PROOF_LIMIT = 16 * 1024 * 1024
  const SECOND = 1_000_000

  /** A proof's file, each part of the shape that it must have; nothing is believed. */
  function decodeProof(bytes) {
    const shown = decode(bytes, PROOF, PROOF_LIMIT)
    for (const part of [shown.charter, ...shown.acts, ...shown.manifests, ...shown.officers]) {
      notTooLarge(part)
      openSigned(part)
    }
    notTooLarge(shown.signed)
    sortedSignatures(shown.signed)
    checkShape(shown.path, shown)
    if (shown.hourly) checkShape({ ...shown.path, size: shown.hourly.size }, shown.hourly)
    return shown
  }

  function checkShape(path, { checkpoint, cosignatures }) {
    need(path.leaf_index < path.size, 'bad-path', `leaf ${path.leaf_index} of ${path.size}`)
    readCheckpoint(readNote(checkpoint).text)
    cosignatures.forEach(readLine)
  }

  /** A structure within the file has the limit that it has alone. */
  function notTooLarge(part) {
    need(
      utf8(JSON.stringify(part)).length <= SIGNED_LIMIT,
      'too-large',
      `a part has ${SIGNED_LIMIT} bytes at most`,
    )
  }

  const without = ({ absent }) => (absent.length ? `; ${absent.join(', ')} declared absent` : '')

  /** What a proof shows, checked step by step against the reader's own charter; or why it shows nothing. */
  async function verifyProof(proof, charter) {
    const steps = []
    try {
      return await verifySteps(proof, charter, steps)
    } catch (refused) {
      refused.steps = numbered(steps)
      throw refused
    }
  }

  const numbered = (steps) => steps.map((step, i) => `${i + 1}. ${step}`)

  async function verifySteps(proof, charter, steps) {
    const shown = decodeProof(proof)
    steps.push('the file has the shape of a proof')
    const trusted = await found(decode(charter, SIGNED_BYTES, SIGNED_LIMIT))
    need(
      same(raw(shown.charter.data), trusted.data),
      'other-charter',
      `yours is of the exchange ${trusted.exchange}`,
    )
    let state = await found(shown.charter)
    steps.push(`the charter is the reader's, signed by its ${state.members.size} founders`)
    for (const act of shown.acts) state = await apply(state, act)
    steps.push(`${shown.acts.length} acts follow it, each carried`)
    const ring = await ringOf(state, shown)
    steps.push("each member's manifest is signed by its root key")
    const said = await checkStatement(shown.signed, shown.control, ring, true)
    steps.push(
      `${said.member} signed the statement, and each of its ${said.controls.length} controls is signed`,
    )
    need(shown.path.c === said.c, 'other-commitment', 'the path is of another statement')
    steps.push('the path begins at this statement')
    const log = await checkLog(shown.checkpoint, said, ring)
    await checkPath(bytesOf(shown.path), log)
    steps.push(`it leads to the log's root at size ${log.size}`)
    steps.push(`${said.member}'s log signed that root as ${log.origin}`)
    const lines = await checkLines(shown.cosignatures, log, said, ring, WITNESS)
    const { witnesses, absent, quorum, onRecord } = record(lines, said.member, state, shown.path.tick)
    const cosigners = lines.map((l) => l.member).filter((m) => !absent.includes(m))
    const without = absent.length ? `, without ${absent.join(', ')}, declared absent` : ''
    steps.push(`${cosigners.length} of ${witnesses} witnesses cosigned it${without}`)
    for (const [member, id] of [...said.keys, [said.member, log.keyId]]) {
      notRevoked(ring.manifests.get(member), id, tickOf(state, onRecord))
    }
    steps.push(`that is a quorum (${quorum}), and no key used was revoked before it`)
    const hourly = await checkHourly(shown, said, log, ring)
    if (hourly.length) steps.push(`${hourly.length} of them cosigned the log within the hour with ML-DSA-44`)
    return {
      exchange: state.exchange,
      charter: state.name,
      item: said.id,
      author: said.member,
      officer: said.officer,
      kind: said.kind,
      at: said.at,
      origin: log.origin,
      size: log.size,
      on_record: onRecord,
      cosigners: cosigners.sort(),
      witnesses,
      steps: numbered(steps),
      hourly: hourly.map((l) => l.member).sort(),
      absent,
    }
  }

  /**
   * Since when it is on record: the date of the cosignature that makes the quorum. Witnesses are counted no earlier than
   * the tick itself began: one that dates back must not bring back a smaller exchange. Who is declared absent does not
   * count if it is so from then up to the date that makes the quorum.
   */
  function record(lines, author, state, tick) {
    need(lines.length, 'no-quorum', 'nobody cosigned')
    const times = lines.map((l) => l.time).sort((a, b) => a - b)
    const begun = Math.max(times[0], tick * state.tick)
    const there = activeAt(state, begun).filter((id) => id !== author)
    for (const time of times) {
      const absent = notCounted(state, there, begun, Math.max(begun, time))
      const witnesses = there.length - absent.length
      const quorum = Math.floor(witnesses / 2) + 1
      const counted = lines.filter((l) => l.time <= time && !absent.includes(l.member))
      if (witnesses && counted.length >= quorum) {
        return { witnesses, absent: absent.sort(), quorum, onRecord: time }
      }
    }
    throw new Refused('no-quorum', `${times.length} of ${there.length} cosigned: too few`)
  }

  async function ringOf(state, shown) {
    const ring = { state, manifests: new Map(), officers: new Map() }
    for (const outer of shown.manifests) {
      const manifest = await checkManifest(outer, state)
      need(!ring.manifests.has(manifest.member), 'manifest-twice', `there are two of ${manifest.member}`)
      ring.manifests.set(manifest.member, manifest)
    }
    for (const outer of shown.officers) {
      const manifest = await checkOfficers(outer, state)
      need(!ring.officers.has(manifest.member), 'manifest-twice', `there are two of ${manifest.member}`)
      ring.officers.set(manifest.member, manifest)
    }
    return ring
  }

  const bytesOf = (path) => ({
    ...path,
    slot_path: path.slot_path && path.slot_path.map(raw),
    tick_path: path.tick_path.map(raw),
  })

  /** A member's log keys of an algorithm, the newest first. */
  const logKeys = (manifest, alg) => [...manifest.logs].filter(([, k]) => k.alg === alg).reverse()

  /** A checkpoint of the author's log, whatever its incarnation, and the id of the key that signed it. */
  async function checkLog(note, said, ring) {
    const begins = `quartet/${ring.state.exchange}/${said.member}/`
    const isOrigin = (origin) => origin.startsWith(begins) && /^[0-9]+$/.test(origin.slice(begins.length))
    return checkCheckpoint(note, isOrigin, logKeys(ring.manifests.get(said.member), 'Ed25519'))
  }

  /** Who cosigned a checkpoint, and when: each a member then, by a log key that was valid then. */
  async function checkLines(spelt, log, said, ring, kind) {
    const alg = kind === WITNESS ? 'Ed25519' : 'ML-DSA-44'
    const begins = `quartet/${ring.state.exchange}/`
    const found = []
    for (const line of spelt.map(readLine)) {
      const member = line.name.startsWith(begins) ? line.name.slice(begins.length) : ''
      const manifest = member === said.member ? undefined : ring.manifests.get(member)
      need(manifest, 'unknown-witness', `${line.name} is no witness of this log`)
      need(!found.some((l) => l.member === member), 'cosigned-twice', `${member} cosigned twice`)
      found.push({ member, time: await cosignedAt(line, log, manifest, ring, alg, kind) })
    }
    return found
  }

  async function cosignedAt(line, log, manifest, ring, alg, kind) {
    for (const [id, { key }] of logKeys(manifest, alg)) {
      if (!(await namesKey(line, kind, key))) continue
      const time = SECOND * (await checkCosignature(log, line, line.name, key, kind))
      notRevoked(manifest, id, tickOf(ring.state, time))
      const active = standing(ring.state, manifest.member, time) === 'active'
      need(active, 'witness-not-active', `${manifest.member} was not an active member`)
      return time
    }
    throw new Refused('unknown-witness', `no log key of ${manifest.member} made it`)
  }

  /** Who cosigned the log within the hour, with the algorithm that no quantum computer forges. */
  async function checkHourly(shown, said, log, ring) {
    if (shown.hourly === null) return []
    const { size, tick_path, checkpoint, cosignatures } = shown.hourly
    const later = await checkLog(checkpoint, said, ring)
    need(later.origin === log.origin, 'other-log', `it is of ${later.origin}`)
    await checkPath(bytesOf({ ...shown.path, size, tick_path }), later)
    return checkLines(cosignatures, later, said, ring, SLOW_WITNESS)
  }

  // --- The command line, and what others may use ---

  /** A time as machines read it, to the microsecond where it has any. */
  function moment(micros) {
    const whole = new Date(Math.floor(micros / SECOND) * 1000).toISOString().slice(0, 19)
    const rest = micros % SECOND
    return `${whole}${rest ? `.${String(rest).padStart(6, '0')}` : ''}Z`
  }

  /** A time as people read it. */
  const utc = (micros) => `${moment(micros).slice(0, 19).replace('T', ' ')}Z`

  /** What people call an item on the telephone: `N-K7Q-4MX`, from the first 30 bits of its id. */
  function reference(member, id) {
    const bits = number(raw(id).slice(0, 5)) >> 10n
    const sign = (n) => '0123456789ABCDEFGHJKMNPQRSTVWXYZ'[Number((bits >> n) & 31n)]
    const signs = [25n, 20n, 15n, 10n, 5n, 0n].map(sign).join('')
    return `${member[0].toUpperCase()}-${signs.slice(0, 3)}-${signs.slice(3)}`
  }

  /** What a report says in two lines. */
  const summary = (report) => [
    `${report.kind} ${report.item} of ${report.author}/${report.officer}, said ${utc(report.at)}`,
    `on record since ${utc(report.on_record)}, cosigned by ${report.cosigners.join(', ')}${without(report)}`,
  ]

  /** A key that any implementation of Ed25519 takes. */
  const BASE_POINT = 'WGZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmY'

  /** Why nothing can be checked here, or null: `no-webcrypto` or `no-ed25519`. */
  async function unable() {
    if (!subtle) return 'no-webcrypto'
    try {
      await subtle.importKey('raw', raw(BASE_POINT), 'Ed25519', false, ['verify'])
      return null
    } catch {
      return 'no-ed25519'
    }
  }

  /** The report as JSON has it. */
  function told(report) {
    return { ...report, at: moment(report.at), on_record: moment(report.on_record) }
  }

  async function main(words) {
    const why = await unable()
    const fs = require('node:fs')
    const say = (line) => process.stdout.write(`${line}\n`)
    const fail = (code, line) => {
      process.stderr.write(`${line}\n`)
      return code
    }
    const asJson = words.includes('--json')
    const [proof, flag, charter, ...more] = words.filter((w) => w !== '--json')
    if (!proof || flag !== '--charter' || !charter || more.length) {
      return fail(2, 'usage: node quartet-verify.js PROOF --charter CHARTER [--json]')
    }
    if (why) return fail(2, `${why}: this Node is too old; version 20 or later is needed`)
    let files
    try {
      files = [proof, charter].map((path) => new Uint8Array(fs.readFileSync(path)))
    } catch (error) {
      return fail(2, `no-file: ${error.message}`)
    }
    try {
      const report = await verifyProof(...files)
      const logs = {
        [report.author]: {
          size: report.size,
          cosigners: report.cosigners.length,
          witnesses: report.witnesses,
        },
      }
      if (asJson) say(JSON.stringify({ ok: true, logs, problems: [], proof: told(report) }))
      else {
        report.steps.forEach(say)
        summary(report).forEach(say)
      }
      return 0
    } catch (refused) {
      if (!(refused instanceof Refused)) throw refused
      const problems = [{ reason: refused.reason, where: `${proof}: ${refused.detail}` }]
      if (asJson) say(JSON.stringify({ ok: false, logs: {}, problems }))
      return fail(4, `${refused.reason}: ${proof} with ${charter} proves nothing: ${refused.detail}`)
    }
  }

  const shapes = { ANY, SEALED, SIGNED, SIGNED_BYTES }
  const api = {
    ...{ Refused, SLOW_WITNESS, WITNESS, shapes },
    ...{
      apply,
      checkCheckpoint,
      checkCosignature,
      checkManifest,
      checkOfficers,
      checkPath,
      checkStatement,
      decode,
    },
    ...{
      ed25519,
      found,
      keyId,
      preauth,
      readCheckpoint,
      readLine,
      record,
      reference,
      summary,
      tagged,
      told,
      unable,
      utc,
      verifyProof,
    },
  }
  root.QuartetVerify = api
  if (typeof module !== 'undefined' && module.exports) {
    module.exports = api
    if (require.main === module) main(process.argv.slice(2)).then((code) => (process.exitCode = code))
  }
})(globalThis)
