/** The map layer of the tracks: one instanced draw of all of them, from arrays that outlive a lost context. */

import type { CustomLayerInterface, Map } from 'maplibre-gl'
import { FRAGMENT, VERTEX } from './shaders'
import { EXTRAPOLATED_S, KINDS, mercatorX, mercatorY, STALE_S, type Tracks } from './tracks'

/** Symbols are small where the map shows much. */
export function sizeAt(zoom: number): number {
  return Math.max(4.5, Math.min(9, 4.5 + (zoom - 3) * 1.3))
}

const FLOATS = 6
const CORNERS = 12
/** What a kind is more by where it is of an exercise. */
const DRILL = 8
const TILE_PX = 512
/** How far the map may move from the point that places are relative to, in pixels, before they are told anew. */
const FAR_PX = 20_000

export type Colours = { kinds: Record<(typeof KINDS)[number], string>; edge: string; ring: string }
type Uniform =
  'u_shift' | 'u_scale' | 'u_pixel' | 'u_now' | 'u_size' | 'u_chosen' | 'u_ages' | 'u_edge' | 'u_ring'
type Parts = {
  program: WebGLProgram
  array: WebGLVertexArrayObject
  buffer: WebGLBuffer
  at: Record<Uniform | 'u_colours', WebGLUniformLocation | null>
}

export class TrackLayer implements CustomLayerInterface {
  readonly id = 'tracks'
  readonly type = 'custom'
  readonly renderingMode = '2d'
  private map: Map | null = null
  private parts: Parts | null = null
  private data = new Float32Array(0)
  private stale = true
  private origin = { x: 0.5, y: 0.5, epoch: 0 }

  constructor(
    private readonly tracks: Tracks,
    /** The node's time, milliseconds. */
    private readonly now: () => number,
    private readonly chosen: () => number | null,
    private colours: Colours,
  ) {}

  /** The tracks are others: tell them to the card when next drawn. */
  changed(): void {
    this.stale = true
  }

  paint(colours: Colours): void {
    this.colours = colours
  }

  onAdd(map: Map, gl: WebGL2RenderingContext): void {
    this.map = map
    this.parts = make(gl)
    this.stale = true
  }

  onRemove(_: Map, gl: WebGL2RenderingContext): void {
    if (this.parts) {
      gl.deleteProgram(this.parts.program)
      gl.deleteBuffer(this.parts.buffer)
      gl.deleteVertexArray(this.parts.array)
    }
    this.parts = null
  }

  render(gl: WebGL2RenderingContext): void {
    if (this.map === null || this.parts === null || this.tracks.count === 0) return
    const { lng, lat } = this.map.getCenter()
    const [x, y] = [mercatorX(lng), mercatorY(lat)]
    const world = TILE_PX * 2 ** this.map.getZoom()
    const far = Math.max(Math.abs(x - this.origin.x), Math.abs(y - this.origin.y)) * world > FAR_PX
    gl.bindVertexArray(this.parts.array)
    if (this.stale || far) this.tell(gl, this.parts, { x, y, epoch: this.now() })
    this.draw(gl, this.parts, { x, y, world })
    gl.bindVertexArray(null)
  }

  private tell(
    gl: WebGL2RenderingContext,
    parts: Parts,
    origin: { x: number; y: number; epoch: number },
  ): void {
    const { count, x, y, vx, vy, seen, kind, drill } = this.tracks
    if (this.data.length < count * FLOATS) this.data = new Float32Array(this.tracks.id.length * FLOATS)
    for (let n = 0, at = 0; n < count; n++, at += FLOATS) {
      this.data[at] = (x[n] as number) - origin.x
      this.data[at + 1] = (y[n] as number) - origin.y
      this.data[at + 2] = vx[n] as number
      this.data[at + 3] = vy[n] as number
      this.data[at + 4] = ((seen[n] as number) - origin.epoch) / 1000
      this.data[at + 5] = (kind[n] as number) + DRILL * (drill[n] as number)
    }
    gl.bindBuffer(gl.ARRAY_BUFFER, parts.buffer)
    gl.bufferData(gl.ARRAY_BUFFER, this.data.subarray(0, count * FLOATS), gl.DYNAMIC_DRAW)
    this.origin = origin
    this.stale = false
  }

  private draw(
    gl: WebGL2RenderingContext,
    parts: Parts,
    view: { x: number; y: number; world: number },
  ): void {
    const canvas = gl.canvas as HTMLCanvasElement
    const [width, height] = [canvas.clientWidth || 1, canvas.clientHeight || 1]
    const [at, { kinds, edge, ring }] = [parts.at, this.colours]
    gl.useProgram(parts.program)
    gl.enable(gl.BLEND)
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA)
    gl.disable(gl.DEPTH_TEST)
    gl.disable(gl.STENCIL_TEST)
    gl.uniform2f(at.u_scale, (2 * view.world) / width, (-2 * view.world) / height)
    gl.uniform2f(at.u_pixel, 1 / width, 1 / height)
    gl.uniform1f(at.u_now, (this.now() - this.origin.epoch) / 1000)
    gl.uniform1f(at.u_size, sizeAt(Math.log2(view.world / TILE_PX)))
    gl.uniform1f(at.u_chosen, this.chosen() ?? -1)
    gl.uniform2f(at.u_ages, EXTRAPOLATED_S, STALE_S)
    gl.uniform3fv(
      at.u_colours,
      KINDS.flatMap((one) => rgb(kinds[one])),
    )
    gl.uniform3fv(at.u_edge, rgb(edge))
    gl.uniform3fv(at.u_ring, rgb(ring))
    const half = width / 2 / view.world
    for (let turn = Math.floor(view.x - half); turn <= Math.floor(view.x + half); turn++) {
      gl.uniform2f(at.u_shift, this.origin.x - view.x + turn, this.origin.y - view.y)
      gl.drawArraysInstanced(gl.TRIANGLES, 0, CORNERS, this.tracks.count)
    }
  }
}

function make(gl: WebGL2RenderingContext): Parts {
  const program = gl.createProgram()
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, VERTEX] as const,
    [gl.FRAGMENT_SHADER, FRAGMENT] as const,
  ]) {
    const shader = gl.createShader(kind)
    if (shader === null) throw new Error('the context is lost')
    gl.shaderSource(shader, source)
    gl.compileShader(shader)
    gl.attachShader(program, shader)
  }
  gl.linkProgram(program)
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost())
    throw new Error(gl.getProgramInfoLog(program) ?? 'the tracks cannot be drawn')
  const [array, buffer] = [gl.createVertexArray(), gl.createBuffer()]
  gl.bindVertexArray(array)
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer)
  for (const [place, size, offset] of [
    [0, 2, 0] as const,
    [1, 2, 2] as const,
    [2, 1, 4] as const,
    [3, 1, 5] as const,
  ]) {
    gl.enableVertexAttribArray(place)
    gl.vertexAttribPointer(place, size, gl.FLOAT, false, FLOATS * 4, offset * 4)
    gl.vertexAttribDivisor(place, 1)
  }
  gl.bindVertexArray(null)
  const find = (name: string): WebGLUniformLocation | null => gl.getUniformLocation(program, name)
  const names = [
    'u_shift',
    'u_scale',
    'u_pixel',
    'u_now',
    'u_size',
    'u_chosen',
    'u_ages',
    'u_colours',
    'u_edge',
    'u_ring',
  ]
  return { program, array, buffer, at: Object.fromEntries(names.map((n) => [n, find(n)])) as Parts['at'] }
}

/** `#rrggbb`, or `#rgb` as a build may shorten it, as three parts of one. */
export function rgb(colour: string): [number, number, number] {
  const digits = colour.trim().slice(1)
  const value = Number.parseInt(digits.length === 3 ? digits.replace(/./g, '$&$&') : digits, 16)
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255]
}
