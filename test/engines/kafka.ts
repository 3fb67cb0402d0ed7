// A Kafka broker, alone and its own controller, with the jars of Maven Central.
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { cached, execute } from './cache.ts'
import { javaOf } from './java.ts'
import { freePorts, isListening, startEngine, type Engine } from './server-process.ts'

const VERSION = '4.2.1'
const JAVA_MIN = 17

export interface Kafka extends Engine {
  /** As the configuration takes it. */
  readonly url: string
}

export interface KafkaOptions {
  /** Settings of the broker beside or instead of those here; `port` is that of its clients, the next the controller's. */
  readonly properties?: (port: number) => Readonly<Record<string, string>>
  readonly heapMb?: number
}

/** Starts a broker. The first time its jars are fetched (43 MB). */
export async function startKafka({
  properties = () => ({}),
  heapMb = 512,
}: KafkaOptions = {}): Promise<Kafka> {
  const jars = await cached(`kafka-${VERSION}`, fetchJars)
  const java = await javaOf(JAVA_MIN)
  const port = await freePorts()
  const engine = await startEngine({
    name: 'kafka',
    port,
    isReady: () => isListening(port),
    command: async (directory) => {
      const settings = join(directory, 'server.properties')
      const quiet = ['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-cp', join(jars, '*')]
      if (!existsSync(join(directory, 'data', 'meta.properties'))) {
        const all = { ...brokerProperties(port, directory), ...properties(port) }
        const lines = Object.entries(all).map(([name, value]) => `${name}=${value}\n`)
        await writeFile(settings, lines.join(''))
        const format = ['format', '-t', CLUSTER_ID, '-c', settings]
        await execute(java, [...quiet, 'kafka.tools.StorageTool', ...format], directory)
      }
      const memory = ['-Xms256m', `-Xmx${heapMb}m`, '-XX:+UseSerialGC']
      return [java, ...quiet, ...memory, 'kafka.Kafka', settings]
    },
  })
  return Object.assign(engine, { url: `kafka://127.0.0.1:${port}` })
}

const CLUSTER_ID = 'AAAAAAAAQACAAAAAAAAAAA'

function brokerProperties(port: number, directory: string): Readonly<Record<string, string>> {
  return {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${port + 1}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${port + 1}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': join(directory, 'data'),
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '4',
    'group.initial.rebalance.delay.ms': '0',
    'auto.create.topics.enable': 'false',
    // Short, so that a broker that was killed is soon back.
    'broker.session.timeout.ms': '3000',
    'broker.heartbeat.interval.ms': '500',
  }
}

/** The client tools are named by the broker's own description, are not on Maven Central, and are not needed. */
const DESCRIPTION = `<project><modelVersion>4.0.0</modelVersion>
<groupId>engines</groupId><artifactId>kafka</artifactId><version>1</version><dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${VERSION}</version>
<exclusions><exclusion><groupId>org.apache.kafka</groupId><artifactId>kafka-tools-api</artifactId></exclusion></exclusions>
</dependency>
<dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
</dependencies></project>
`

async function fetchJars(directory: string): Promise<void> {
  await writeFile(join(directory, 'pom.xml'), DESCRIPTION)
  const wanted = ['-DincludeScope=runtime', `-DoutputDirectory=${directory}`]
  await execute('mvn', ['-q', '-B', 'dependency:copy-dependencies', ...wanted], directory)
}
