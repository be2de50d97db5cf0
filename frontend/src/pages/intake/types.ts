/** What the node says of an open source, by name. */

import type { components } from '../../api/schema'

type Schemas = components['schemas']
export type Clipping = Schemas['Clipping']
export type Suggestion = Schemas['ClippedEvent']
export type Place = Schemas['ClippedPlace']
export type Offer = Schemas['ClippedOffer']
