// The weakest link of a graph: the edge that its profile would be lost by first.

import type { GraphAnswer } from 'selfsame/client'

type Edge = GraphAnswer['edges'][number]

/** Null where no edge holds anything. */
export function weakestOf(edges: readonly Edge[]): Edge | null {
  let weakest: Edge | null = null
  for (const edge of edges) {
    if (!edge.holds) continue
    if (weakest === null || edge.effective_confidence < weakest.effective_confidence) weakest = edge
  }
  return weakest
}
