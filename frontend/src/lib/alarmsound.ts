/** The sound of an alarm: two tones, again and again until it is stopped. Made here, so that no file is loaded. */

const EVERY_MS = 2500
const TONES = [880, 660] as const
const TONE_S = 0.35
const LOUD = 0.25

let context: AudioContext | null = null

/** Sound until the result is called. `silent` hears whether this browser lets the page sound at all. */
export function sound(silent: (is: boolean) => void): () => void {
  context ??= new AudioContext()
  const own = context
  const beat = (): void => {
    void own.resume().catch(() => undefined)
    silent(own.state !== 'running')
    if (own.state === 'running') tones(own)
  }
  beat()
  const timer = setInterval(beat, EVERY_MS)
  return () => clearInterval(timer)
}

function tones(own: AudioContext): void {
  for (const [at, hertz] of TONES.entries()) {
    const tone = own.createOscillator()
    const loud = own.createGain()
    const begins = own.currentTime + at * TONE_S
    tone.frequency.value = hertz
    loud.gain.setValueAtTime(0, begins)
    loud.gain.linearRampToValueAtTime(LOUD, begins + 0.02)
    loud.gain.setValueAtTime(LOUD, begins + TONE_S - 0.05)
    loud.gain.linearRampToValueAtTime(0, begins + TONE_S)
    tone.connect(loud).connect(own.destination)
    tone.start(begins)
    tone.stop(begins + TONE_S)
  }
}
