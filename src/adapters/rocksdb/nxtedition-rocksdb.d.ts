// The binding brings no types; what is used of it is described in binding.ts.

declare module '@nxtedition/rocksdb'
