// The path of the data, in order: the table of contents of the core.
// A later station may import an earlier one, never the reverse (test/tidy/imports.ts).

export {}
