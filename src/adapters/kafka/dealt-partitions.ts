// Which partition is whose, as the leader of a group of readers deals them.
// Invariant: a partition of a topic that anybody reads goes to one who does: while a configuration changes not all read the same.

import type { GroupPartitionsAssigner, GroupPartitionsAssignments } from '@platformatic/kafka'

/** In turn, each topic among those who read it. */
export const dealtPartitions: GroupPartitionsAssigner = (_leader, members, _topics, metadata) => {
  const dealt = new Map<string, GroupPartitionsAssignments>(
    [...members.keys()].map((memberId) => [memberId, { memberId, assignments: new Map() }]),
  )
  let turn = 0
  for (const [topic, { partitionsCount }] of metadata.topics) {
    const readers = [...members.values()].filter(({ topics = [] }) => topics.includes(topic))
    for (let partition = 0; partition < partitionsCount && readers.length > 0; partition++) {
      const { memberId = '' } = readers[turn++ % readers.length] ?? {}
      const its = dealt.get(memberId)?.assignments
      const partitions = its?.get(topic)?.partitions ?? []
      its?.set(topic, { topic, partitions: [...partitions, partition] })
    }
  }
  return [...dealt.values()]
}
