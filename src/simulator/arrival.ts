// Somebody on the way to a site, before the site knows them.

import type { Device } from './device.ts'
import type { Spot } from './network.ts'
import type { Site } from './vocabulary.ts'

/** Somebody with a device, on the way to a site. */
export interface Arrival {
  readonly person: number
  readonly device: Device
  /** 0 the usual browser, 1 the second one or the app. */
  readonly jar: number
  readonly app: boolean
  readonly site: Site
  readonly atHome: boolean
  readonly spot: Spot
  readonly ip: string
  /** Whose signature is shown, where it is not one's own; null for all but impostors. */
  readonly guise: Pick<Arrival, 'person' | 'device'> | null
}
