/** The node's own words, by name. */

import type { components } from '../api/schema'

type Schemas = components['schemas']
export type Row = Schemas['Row']
export type Draft = Schemas['Draft']
export type Attachment = Schemas['Attachment']
export type Preview = Schemas['Preview']
export type VerifyReport = Schemas['VerifyReport']
export type Shown = Schemas['Shown']
export type Status = Schemas['Status']
export type LinkState = Schemas['LinkState']
export type Thread = Schemas['Thread']
export type Receipts = Schemas['Receipts']
export type Why = Schemas['Why']
export type SessionView = Schemas['SessionView']
export type OfficerView = Schemas['OfficerView']
export type OfficerKey = Schemas['OfficerKey']
export type Prepared = Schemas['Prepared']
export type FactDraft = Schemas['FactDraft']
export type Assertion = Schemas['Assertion']
