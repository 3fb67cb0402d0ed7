// `context` as the browser and the mobile libraries fill it, and where a visitor came from.

import type { Arrival } from './arrival.ts'
import { gpuSeen, userAgentOf } from './catalogue.ts'
import type { Browser, Model } from './catalogue.ts'
import { browserIn } from './device.ts'
import type { Fields } from './message.ts'
import { DEVICES, PEOPLE, PLACES } from './parameters.ts'
import type { World } from './population.ts'
import { placeOf } from './population.ts'
import { at, hash, TAG, unit, uuidOf } from './random.ts'
import type { Run } from './run.ts'

const DAY_MS = 86_400_000
const WEB_LIBRARY = { name: 'analytics.js', version: 'npm:next-1.81.0' }
const APP = {
  name: 'Northfold',
  version: '5.12.0',
  build: '5120',
  namespace: 'com.example.northfold',
}

/** What a browser in one of the jars of a device tells a page. */
export function webContext(run: Run, arrival: Arrival): Fields {
  const { world } = run
  const { person, device, jar, ip } = arrival
  const { model } = device
  const browser = browserIn(world, device, jar)
  const release = Math.floor((run.now - world.startAt) / (DEVICES.browserReleaseDays * DAY_MS))
  const hidden = unit(world.root, TAG.gpu, device.index, jar) < DEVICES.gpuHidden[browser]
  const brands = brandsOf(model, browser, release)
  return {
    ip,
    userAgent: userAgentOf(model, browser, release),
    ...(brands === null ? {} : { userAgentData: brands }),
    locale: localeOf(world, person),
    timezone: placeOf(world, person).timezone,
    screen: model.screen,
    device: { type: model.form },
    os: model.os,
    ...(hidden ? {} : { gpu: gpuSeen(model, browser) }),
    library: WEB_LIBRARY,
  }
}

/** What the shop's app tells: an install, a model, no page. */
export function appContext(run: Run, arrival: Arrival): Fields {
  const { world } = run
  const { person, device, ip } = arrival
  const cellular = arrival.spot === 'carrier'
  const { model } = device
  const ios = model.system === 'iOS'
  return {
    ip,
    app: APP,
    device: {
      id: uuidOf(world.root, TAG.install, device.index, 1),
      manufacturer: model.manufacturer,
      model: model.name,
      type: ios ? 'ios' : 'android',
    },
    os: model.os,
    screen: model.screen,
    locale: localeOf(world, person),
    timezone: placeOf(world, person).timezone,
    network: { cellular, wifi: !cellular, bluetooth: false },
    userAgent: ios ? 'Northfold/5.12 CFNetwork/1568 Darwin/24.3.0' : 'okhttp/4.12.0 Northfold/5.12',
    library: { name: ios ? 'analytics-swift' : 'analytics-kotlin', version: '1.9.1' },
  }
}

/** The language of a person's devices: mostly that of the place. */
function localeOf(world: World, person: number): string {
  const foreign = unit(world.root, TAG.locale, person) < PEOPLE.foreignLocaleShare
  if (!foreign) return placeOf(world, person).locale
  return at(PLACES, hash(world.root, TAG.locale, person, 1) % PLACES.length).locale
}

/** Client hints: Chromium's only. */
function brandsOf(model: Model, browser: Browser, release: number): Fields | null {
  if (browser === 'Safari' || browser === 'Firefox' || model.system === 'iOS') return null
  const version = String(144 + release)
  const brand = { Chrome: 'Google Chrome', Edge: 'Microsoft Edge', Samsung: 'Samsung Internet' }
  return {
    brands: [
      { brand: 'Chromium', version },
      { brand: brand[browser], version },
    ],
    mobile: model.form === 'mobile',
    platform: model.system,
  }
}
