/** The hash of a file, reckoned in this browser: the file goes nowhere. */

export type Hashed = { sha256: string; size: number; media_type: string }

export async function hashed(file: File): Promise<Hashed> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()))
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return { sha256, size: file.size, media_type: file.type }
}
