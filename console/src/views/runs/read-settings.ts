// A configuration as somebody types it: the settings, or what is wrong with the text.

import { jsonFault } from './json-fault.ts'

export type ReadSettings =
  | { readonly ok: true; readonly settings: Record<string, unknown> }
  | { readonly ok: false; readonly fault: string }

export function readSettings(text: string): ReadSettings {
  const fault = jsonFault(text)
  if (fault !== null) return { ok: false, fault }
  const settings: unknown = JSON.parse(text)
  return isObject(settings)
    ? { ok: true, settings }
    : { ok: false, fault: 'The settings are an object, in curly brackets.' }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
