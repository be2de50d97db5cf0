/** The way to the node's tracks: opens, asks for what the map shows, opens again when it breaks. */

import { tellDone } from '../../../lib/api'
import { readFrame, type Frame } from './frame'
import type { Kind } from './tracks'

export type Filter = {
  sources: string[]
  kinds: Kind[]
  floor_m: number | null
  ceiling_m: number | null
}
export type Look = {
  bbox: [number, number, number, number]
  zoom: number
  max_hz: number
  filter: Filter
  /** From which moment on what was is shown, microseconds, and how fast; null for what is. */
  past: { at: number; speed: number } | null
}
/** `refused` is by the node's own word. */
export type Way = 'opening' | 'open' | 'broken' | 'refused'

const AGAIN_MS = 1000
const LONGEST_MS = 15_000
/** The node breathes every five seconds: a way that is silent for longer is broken, whatever it says. */
const SILENT_MS = 13_000
const REFUSED = 4400

export class TrackSocket {
  private socket: WebSocket | null = null
  private look: Look | null = null
  private wait = AGAIN_MS
  private timer = 0
  private silence = 0
  private closed = false

  constructor(
    /** Says whether the frame could be taken. */
    private readonly took: (frame: Frame) => boolean,
    private readonly stands: (way: Way, reason: string) => void,
    /** Says what to ask for when the way opens anew. */
    private readonly again: (look: Look) => Look,
  ) {}

  /** Ask for this from now on. */
  ask(look: Look): void {
    this.look = look
    if (this.socket === null && this.timer === 0) this.open()
    else if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(look))
  }

  close(): void {
    this.closed = true
    clearTimeout(this.timer)
    clearTimeout(this.silence)
    this.socket?.close()
  }

  private open(): void {
    this.timer = 0
    const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/api/tracks`)
    socket.binaryType = 'arraybuffer'
    socket.onopen = () => {
      if (this.look !== null) socket.send(JSON.stringify((this.look = this.again(this.look))))
      tellDone({ method: 'get', path: '/api/tracks', body: undefined })
    }
    socket.onmessage = (event: MessageEvent<ArrayBuffer>) => this.heard(socket, event.data)
    socket.onclose = (event) => this.ended(event.code, event.reason)
    this.socket = socket
    this.stands('opening', '')
    this.listen(socket)
  }

  private heard(socket: WebSocket, data: ArrayBuffer): void {
    this.wait = AGAIN_MS
    this.listen(socket)
    if (this.took(readFrame(data))) this.stands('open', '')
    else this.leave(socket)
  }

  private listen(socket: WebSocket): void {
    clearTimeout(this.silence)
    this.silence = window.setTimeout(() => this.leave(socket), SILENT_MS)
  }

  /** Leave a way that says nothing, without waiting for its good-bye. */
  private leave(socket: WebSocket): void {
    socket.onclose = socket.onmessage = null
    socket.close()
    this.ended(0, '')
  }

  private ended(code: number, reason: string): void {
    clearTimeout(this.silence)
    this.socket = null
    if (this.closed) return
    this.stands(code >= REFUSED ? 'refused' : 'broken', reason)
    this.timer = window.setTimeout(() => this.open(), this.wait)
    this.wait = Math.min(LONGEST_MS, this.wait * 2)
  }
}
