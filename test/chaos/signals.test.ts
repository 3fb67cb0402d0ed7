// Ctrl-C and SIGTERM in the middle of a load and of a server's work: what was under way is finished, what it says is
// loaded is what the log has, nothing answered is lost, and the same again goes on to the end.
import { setTimeout } from 'node:timers/promises'

import { expect, test, vi } from 'vitest'

import { folder, type Running } from '../cli/run.ts'
import { Client } from './client.ts'
import { command, ingestPiped, serving } from './command.ts'
import { graphPosition, messagesIn } from './holding.ts'
import { recordsIn, recordsReach } from './instant.ts'
import { diceOf, SEED, type Dice } from './random.ts'
import { expectUndisturbed, undisturbedLoad } from './series.ts'
import { layOut, WORLD_FILE } from './world.ts'

vi.setConfig({ testTimeout: 180_000 })

const SIZE = { people: 30, days: 5 }
const SIGNALS = ['SIGINT', 'SIGTERM'] as const
const STOPS = 2
const SECOND_AFTER_MS = 600

/** Resolves when the log has some more records than now. */
async function underLoad(cwd: string, { child }: Running, dice: Dice): Promise<void> {
  await recordsReach((await recordsIn(cwd)) + dice.whole(1, 200), child, cwd)
}

test.for(SIGNALS)(`%s in a load (seed ${SEED})`, async (signal) => {
  const undisturbed = await undisturbedLoad(SEED, SIZE)
  const dice = diceOf(SEED)
  const cwd = await folder()
  await layOut(cwd, undisturbed.world)
  let accepted = 0
  for (let stop = 0; stop < STOPS; stop++) {
    const loading = ingestPiped(cwd, WORLD_FILE, '--json')
    await underLoad(cwd, loading, dice)
    loading.child.kill(signal)
    const { code, stdout, stderr } = await loading.ended
    expect(stderr).toBe('')
    const said = JSON.parse(stdout) as { accepted: number; stopped_at: { line: number } | null }
    expect(code).toBe(said.stopped_at === null ? 0 : 130)
    accepted += said.accepted
    const messages = await messagesIn(cwd)
    expect(messages).toEqual(undisturbed.messages.slice(0, accepted))
    expect(await graphPosition(cwd)).toBe(accepted + 1)
  }
  expect(await command(cwd, 'ingest', WORLD_FILE).ended).toMatchObject({ code: 0, stderr: '' })
  await expectUndisturbed(cwd, undisturbed, false)
})

test(`a second Ctrl-C does not wait for what is under way, and loses nothing (seed ${SEED})`, async () => {
  const undisturbed = await undisturbedLoad(SEED, SIZE)
  const dice = diceOf(SEED)
  const cwd = await folder()
  await layOut(cwd, undisturbed.world)
  for (let stop = 0; stop < STOPS; stop++) {
    const loading = ingestPiped(cwd, WORLD_FILE)
    await underLoad(cwd, loading, dice)
    loading.child.kill('SIGINT')
    // At once they would be one.
    await setTimeout(SECOND_AFTER_MS)
    loading.child.kill('SIGINT')
    const { code } = await loading.ended
    // The signal itself: by then it was done and about to end, with nobody to hear a signal any more.
    expect([0, 130, 'SIGINT']).toContain(code ?? loading.child.signalCode)
    const messages = await messagesIn(cwd)
    expect(messages).toEqual(undisturbed.messages.slice(0, messages.length))
  }
  expect(await command(cwd, 'ingest', WORLD_FILE).ended).toMatchObject({ code: 0, stderr: '' })
  await expectUndisturbed(cwd, undisturbed, false)
})

test.for(SIGNALS)(`%s to a server under load (seed ${SEED})`, async (signal) => {
  const undisturbed = await undisturbedLoad(SEED, SIZE)
  const dice = diceOf(SEED)
  const cwd = await folder()
  await layOut(cwd, undisturbed.world)
  const client = new Client(undisturbed.world.sent, dice)
  for (let stop = 0; stop < STOPS; stop++) {
    const { running, url } = serving(cwd)
    const sending = client.send((await url) ?? '')
    await Promise.race([underLoad(cwd, running, dice), sending])
    running.child.kill(signal)
    await sending
    const { code, stderr } = await running.ended
    expect(stderr).toMatch(/^.*"started".*\n.*"stopping".*\n.*"stopped".*\n$/)
    expect(code).toBe(0)
    // Whoever was heard was answered, too.
    const ids = new Set((await messagesIn(cwd)).map(({ fact }) => fact.id))
    expect(ids).toEqual(client.acknowledged)
    expect(await graphPosition(cwd)).toBe(ids.size + 1)
  }
  expect(client.refusals).toEqual([])
  expect(await command(cwd, 'ingest', WORLD_FILE).ended).toMatchObject({ code: 0, stderr: '' })
  await expectUndisturbed(cwd, undisturbed, true)
})
