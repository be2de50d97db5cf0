/** What the forms of an incident's file are made with. */

import type { IncidentView } from '../../lib/types'

export type Subject = { ref: string; evidence: IncidentView['evidence']; done: () => void }
