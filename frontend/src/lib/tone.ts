/** An alarm that is heard: two tones, again and again, until it is told to end. Made here; no file is fetched.
 *
 * A browser lets no page sound before somebody has touched it: `heard` tells whether this one may.
 */

const EVERY_MS = 2400
const TONE_S = 0.18
const LOUD = 0.22

let context: AudioContext | null = null

/** Whether the browser lets the page be heard. */
export function heard(): boolean {
  return context?.state === 'running'
}

/** Sound until the result is called; the urgent is higher, and has three tones. */
export function sound(urgent: boolean, told: () => void): () => void {
  context ??= new AudioContext()
  const wake = (): void => void context?.resume().then(told)
  for (const kind of ['keydown', 'pointerdown'] as const) addEventListener(kind, wake)
  wake()
  const play = (): void => {
    if (heard()) tones(urgent)
    told()
  }
  play()
  const timer = setInterval(play, EVERY_MS)
  return () => {
    clearInterval(timer)
    for (const kind of ['keydown', 'pointerdown'] as const) removeEventListener(kind, wake)
  }
}

function tones(urgent: boolean): void {
  if (context === null) return
  const pitches = urgent ? [988, 784, 988] : [659, 523]
  for (const [n, pitch] of pitches.entries()) {
    const begins = context.currentTime + n * TONE_S * 1.3
    const [tone, loud] = [context.createOscillator(), context.createGain()]
    tone.frequency.value = pitch
    tone.type = 'triangle'
    loud.gain.setValueAtTime(0, begins)
    loud.gain.linearRampToValueAtTime(LOUD, begins + 0.02)
    loud.gain.linearRampToValueAtTime(0, begins + TONE_S)
    tone.connect(loud).connect(context.destination)
    tone.start(begins)
    tone.stop(begins + TONE_S)
  }
}
