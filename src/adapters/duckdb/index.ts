// DuckDB: computes batch runs on one machine.

export { openDuckdbEngine } from './batch-engine.ts'
