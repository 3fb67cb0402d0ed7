// What of a configuration differs from another one, setting by setting, as people name them.

export interface ChangedSetting {
  /** `thresholds.merge` */
  readonly name: string
  /** As JSON; null where it is not there. */
  readonly before: string | null
  readonly after: string | null
}

export function changedSettings(before: unknown, after: unknown): readonly ChangedSetting[] {
  return changesAt('', before, after)
}

function changesAt(name: string, before: unknown, after: unknown): readonly ChangedSetting[] {
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    return names.flatMap((one) =>
      changesAt(name === '' ? one : `${name}.${one}`, own(before, one), own(after, one)),
    )
  }
  const [was, is] = [written(before), written(after)]
  return was === is ? [] : [{ name, before: was, after: is }]
}

/** Names are whatever somebody wrote. */
function own(of: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(of, name) ? of[name] : undefined
}

function written(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
