// The warehouse as directories of one machine, for every engine that reads Parquet.

export { openFileWarehouse, type FileWarehouseOptions } from './file-warehouse.ts'
