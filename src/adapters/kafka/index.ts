// Kafka: the log that many processes share, and the topics that tell others of changes; Avro, with a schema registry.

export { openChangeTopics, type ChangeTopicsOptions } from './change-topics.ts'

export { openKafkaLog, type KafkaLogOptions } from './shared-log.ts'

export { parseKafkaUrl } from './connection.ts'
