// A schema registry that speaks Confluent's protocol: Apicurio, from Maven Central.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'

import { cached, execute } from './cache.ts'
import { javaOf } from './java.ts'
import { freePorts, startEngine, type Engine } from './server-process.ts'

const VERSION = '3.3.3'
const JAVA_MIN = 21

export interface Registry extends Engine {
  /** Of its Confluent-compatible side; paths such as `/subjects` stand below it. */
  readonly url: string
}

/** Starts a registry that keeps its schemas over restarts. The first time it is fetched (152 MB). */
export async function startRegistry(): Promise<Registry> {
  const application = await cached(`apicurio-${VERSION}`, fetchApplication)
  const java = await javaOf(JAVA_MIN)
  const port = await freePorts()
  const url = `http://127.0.0.1:${port}/apis/ccompat/v7`
  const engine = await startEngine({
    name: 'registry',
    port,
    isReady: () => answers(`${url}/subjects`),
    command: (directory) =>
      Promise.resolve([
        java,
        '-Xms64m',
        '-Xmx256m',
        '-XX:+UseSerialGC',
        '-XX:TieredStopAtLevel=1',
        '-Dquarkus.http.host=127.0.0.1',
        `-Dquarkus.http.port=${port}`,
        // Without these two it would listen on every network.
        '-Dquarkus.management.host=127.0.0.1',
        `-Dquarkus.management.port=${port + 1}`,
        `-Dapicurio.datasource.url=jdbc:h2:file:${join(directory, 'data', 'registry')}`,
        '-Dquarkus.log.level=WARN',
        '-Dquarkus.http.access-log.enabled=false',
        '-jar',
        join(application, 'quarkus-run.jar'),
      ]),
  })
  return Object.assign(engine, { url })
}

async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url)
    await answer.body?.cancel()
    return answer.ok
  } catch {
    return false
  }
}

async function fetchApplication(directory: string): Promise<void> {
  const artifact = `io.apicurio:apicurio-registry-app:${VERSION}:tar.gz:all`
  const copy = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy'
  const wanted = [`-Dartifact=${artifact}`, `-DoutputDirectory=${directory}`]
  await execute('mvn', ['-q', '-B', copy, ...wanted], directory)
  const archive = join(directory, `apicurio-registry-app-${VERSION}-all.tar.gz`)
  await execute('tar', ['xzf', archive, '-C', directory], directory)
  await rm(archive)
}
