// What the memory store holds of a graph.

import type { Key } from '../../core/identifier/identifier.ts'
import type {
  EdgeRecord,
  NodeRecord,
  ProfileRecord,
  QuestionRecord,
  VerdictRecord,
} from '../../core/profile/view/records.ts'

/** Everything stored, as plain maps. */
export interface Graph {
  readonly nodes: Map<Key, NodeRecord>
  /** Node -> what starts there, by `edgeName`. */
  readonly edgesFrom: Map<Key, Map<string, EdgeRecord>>
  readonly edgesInto: Map<Key, Map<string, EdgeRecord>>
  /** Identifier -> day -> other end -> hours. */
  readonly sightings: Map<Key, Map<number, Map<Key, number>>>
  readonly profiles: Map<string, ProfileRecord>
  readonly verdicts: Map<string, VerdictRecord>
  readonly questions: Map<string, QuestionRecord>
}
