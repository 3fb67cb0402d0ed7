// The numbers of an event log with small segments, in the place of `file-log/limits.ts` (see small-segments.ts).
import {
  settingsOf as ordinarySettingsOf,
  type FileLogOptions,
  type FileLogSettings,
} from '../../src/adapters/file-log/limits.ts'

export { duckdbLimitsOf } from '../../src/adapters/file-log/limits.ts'

export const SEGMENT_RECORDS_MAX = 300

export function settingsOf(options: FileLogOptions): FileLogSettings {
  return ordinarySettingsOf({
    segmentRecordsMax: SEGMENT_RECORDS_MAX,
    runsMergedAtOnce: 2,
    ...options,
  })
}
