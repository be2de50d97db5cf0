/** Hand a file over to the node, part by part: what is there already is not sent again, and a lost way is waited out. */

import { ask, carry, urlOf } from '../api'
import { patiently } from '../patience'
import { PART } from './tree'

const PATIENT = new Set(['no-answer', 'too-many-requests', 'cannot-write', 'disk-low'])

export type Told = { sent: (bytes: number) => void; waiting: (reason: string | null) => void }

/** Send what the node lacks of a file; throws `Refused` for what no patience mends. */
export async function upload(id: string, file: Blob, told: Told, stop: AbortSignal): Promise<void> {
  const parts = Math.ceil(file.size / PART)
  const patience = { reasons: PATIENT, waiting: told.waiting }
  const here = new Set(await patiently(() => partsOf(id, stop), patience, stop))
  let sent = 0
  for (let n = 0; n < parts; n++) {
    const part = file.slice(n * PART, (n + 1) * PART)
    const url = urlOf('/api/attachments/{id}/parts/{n}', { id, n })
    if (!here.has(n)) await patiently(() => carry(url, part, stop), patience, stop)
    sent += part.size
    told.sent(sent)
  }
}

/** Which parts of a file the node has of her already. */
export async function partsOf(id: string, signal?: AbortSignal): Promise<readonly number[]> {
  const path = { attachment: id }
  const asked = signal === undefined ? { path } : { path, signal }
  return ask('get', '/api/attachments/{attachment}/parts', asked)
}
