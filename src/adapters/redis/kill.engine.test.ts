// After kills, commits are there whole or not at all: kills of who writes, of Redis, and of a machine that loses a second.
import { expect, test } from 'vitest'

import { cutTo, mend, writtenBy } from '../../../test/engines/append-only-file.ts'
import { ownRedis } from '../../../test/engines/own-redis.ts'
import { account } from '../../../test/file-log/directory.ts'
import { expectKillsSurvived, kills, type Kills } from '../../../test/identity-store/kills.ts'
import { openRedisStore } from './index.ts'

const NO_REWRITE = ['--auto-aof-rewrite-percentage', '0', '--appendfsync']
const flushing = ownRedis([...NO_REWRITE, 'always'])
const losing = ownRedis([...NO_REWRITE, 'everysec', '--aof-load-truncated', 'no'])
const timeout = 30_000 + kills * 10_000

function on(server: typeof flushing): Pick<Kills, 'committing' | 'open'> {
  return {
    committing: () => ['redis', server().url],
    open: () => openRedisStore(server().url, { account, deadlineMs: 20_000 }),
  }
}

test(`${kills} kills of who commits leave whole commits only`, { timeout }, async () => {
  await expect(expectKillsSurvived(on(flushing))).resolves.toBeUndefined()
})

test(`${kills} kills of Redis lose nothing that was answered`, { timeout }, async () => {
  const { committing, open } = on(flushing)
  const survived = expectKillsSurvived({
    committing,
    first: () => flushing().kill(),
    open: async () => {
      await flushing().restart()
      return open()
    },
  })
  await expect(survived).resolves.toBeUndefined()
})

test(
  `${kills} times a Redis comes back without its latest commits, and is whole`,
  { timeout },
  async () => {
    const { committing, open } = on(losing)
    let before = 0
    const survived = expectKillsSurvived({
      committing,
      isLossy: true,
      first: async () => {
        await losing().kill()
        const written = await writtenBy(losing())
        await cutTo(losing(), Math.ceil(written - (written - before) * Math.random()))
        await mend(losing())
      },
      open: async () => {
        await losing().restart()
        before = await writtenBy(losing())
        return open()
      },
    })
    await expect(survived).resolves.toBeUndefined()
  },
)
