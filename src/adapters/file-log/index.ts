// The embedded event log: a directory of text segments and Parquet, with no server and nothing to install.

export { openFileLog, type FileLog } from './file-log.ts'
export { openFileLogReader, type FileLogReader } from './file-log-reader.ts'
export type { FileLogOptions } from './limits.ts'
