// The path of the data, in order: the table of contents of the core.
// A later station may import an earlier one, never the reverse (test/tidy.test.ts).

/** The stations of the core, in the order in which data passes them. */
export const stations = [
  'policy',
  'event',
  'identifier',
  'edge',
  'evidence',
  'profile',
  'golden',
  'review',
] as const
