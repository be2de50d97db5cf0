/** Alarms that are heard: a few tones, again and again, until they are told to end. Made here; no file is fetched.
 *
 * A browser lets no page sound before somebody has touched it: `heard` tells whether this one may.
 */

const EVERY_MS = 2400
const LOUD = 0.22

/** What is heard of what: pitches in hertz, and how long each lasts, in seconds. What is urgent is higher. */
const MELODIES = {
  soon: { pitches: [659, 523], each: 0.18 },
  urgent: { pitches: [988, 784, 988], each: 0.18 },
  warning: { pitches: [880, 660], each: 0.35 },
} as const
export type Melody = keyof typeof MELODIES

let context: AudioContext | null = null

/** Whether the browser lets the page be heard. */
export function heard(): boolean {
  return context?.state === 'running'
}

/** Sound until the result is called; whether it is heard may have changed each time that it is `told`. */
export function sound(melody: Melody, told: () => void): () => void {
  context ??= new AudioContext()
  const wake = (): void => void context?.resume().then(told)
  for (const kind of ['keydown', 'pointerdown'] as const) addEventListener(kind, wake)
  wake()
  const play = (): void => {
    if (heard()) tones(melody)
    told()
  }
  play()
  const timer = setInterval(play, EVERY_MS)
  return () => {
    clearInterval(timer)
    for (const kind of ['keydown', 'pointerdown'] as const) removeEventListener(kind, wake)
  }
}

function tones(melody: Melody): void {
  if (context === null) return
  const { pitches, each } = MELODIES[melody]
  for (const [n, pitch] of pitches.entries()) {
    const begins = context.currentTime + n * each * 1.3
    const [tone, loud] = [context.createOscillator(), context.createGain()]
    tone.frequency.value = pitch
    tone.type = 'triangle'
    loud.gain.setValueAtTime(0, begins)
    loud.gain.linearRampToValueAtTime(LOUD, begins + 0.02)
    loud.gain.linearRampToValueAtTime(0, begins + each)
    tone.connect(loud).connect(context.destination)
    tone.start(begins)
    tone.stop(begins + each)
  }
}
