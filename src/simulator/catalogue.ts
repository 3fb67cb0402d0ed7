// Device models and browsers as a page sees them: screen, GPU, operating system, user agent.
// Order is popularity; how steep it falls is in parameters.ts. iPhones alike, desktops rarely.

import { BROWSERS, DEVICES } from './parameters.ts'
import { at, choose, cumulate, cumulateZipf, mix } from './random.ts'

export type System = 'iOS' | 'Android' | 'Windows' | 'macOS'
export type Browser = (typeof BROWSER_NAMES)[number]

/** What is the same for every device of a model. */
export interface Model {
  readonly form: 'mobile' | 'tablet' | 'desktop'
  readonly system: System
  readonly os: { readonly name: string; readonly version: string }
  readonly manufacturer: string
  readonly name: string
  readonly screen: { readonly width: number; readonly height: number; readonly density: number }
  readonly gpu: string
}

/** Models of one kind of device, with the running shares of their popularity. */
export interface Shelf {
  readonly models: readonly Model[]
  readonly shares: readonly number[]
}

/** Reads "390x844@3 …": CSS pixels, device pixels each. */
function screens(text: string): readonly Model['screen'][] {
  return text.split(' ').map((item) => {
    const [width = 0, height = 0, density = 1] = item.split(/[x@]/).map(Number)
    return { width, height, density }
  })
}

function models(
  base: Omit<Model, 'name' | 'screen' | 'gpu'>,
  screenList: readonly Model['screen'][],
  gpus: readonly string[],
  exponent: number,
): Shelf {
  const list = screenList.flatMap((screen, i) =>
    gpus.map((gpu, j) => ({
      model: { ...base, name: `${base.manufacturer} ${i + 1}${j + 1}`, screen, gpu },
      // a popular screen with a popular GPU is popular; the hash only breaks the regular pattern
      rank: (i + 1) * (j + 1) + (mix(i, j) >>> 0) * 2 ** -32,
    })),
  )
  list.sort((a, b) => a.rank - b.rank)
  return { models: list.map((entry) => entry.model), shares: cumulateZipf(list.length, exponent) }
}

const angle = (vendor: string, card: string) =>
  `ANGLE (${vendor}, ${card} Direct3D11 vs_5_0 ps_5_0, D3D11)`
const metal = (chip: string) =>
  `ANGLE (Apple, ANGLE Metal Renderer: Apple ${chip}, Unspecified Version)`

const IPHONE = screens(
  '390x844@3 393x852@3 430x932@3 428x926@3 414x896@2 375x667@2 402x874@3 375x812@3 ' +
    '440x956@3 414x896@3',
)
const IPAD = screens('820x1180@2 810x1080@2 834x1194@2 1024x1366@2 744x1133@2 768x1024@2')
const ANDROID = screens(
  '360x800@3 412x915@2.625 384x854@2.8125 360x780@3 393x873@2.75 412x892@2.625 ' +
    '393x851@2.75 384x832@2.8125 360x760@3 432x960@2.5 411x914@2.625 360x820@2',
)
const ANDROID_TABLET = screens('800x1280@1.5 753x1205@1.7 962x601@1.33 834x1334@1.5 1024x640@1')
const WINDOWS_LAPTOP = screens(
  '1536x864@1.25 1920x1080@1 1366x768@1 1707x960@1.5 1280x720@1.5 1440x900@1 ' +
    '1504x1003@1.5 1600x900@1',
)
const MAC_LAPTOP = screens('1440x900@2 1512x982@2 1470x956@2 1728x1117@2 1680x1050@2 1792x1120@2')
const DESKTOP = screens(
  '1920x1080@1 2560x1440@1 3840x2160@1 1680x1050@1 3440x1440@1 1536x864@1.25 ' +
    '2048x1152@1.25 1920x1200@1 1280x1024@1 2560x1080@1',
)

const MOBILE_GPUS = [
  'Adreno (TM) 740',
  'Mali-G57 MC2',
  'Adreno (TM) 610',
  'Mali-G68 MC4',
  'Adreno (TM) 619',
  'Mali-G710',
  'Adreno (TM) 730',
  'Xclipse 920',
  'Mali-G52 MC2',
  'Adreno (TM) 660',
  'PowerVR Rogue GE8320',
  'Adreno (TM) 750',
  'Mali-G78',
  'Adreno (TM) 642L',
]
const LAPTOP_GPUS = [
  'Intel(R) Iris(R) Xe Graphics (0x000046A6)',
  'Intel(R) UHD Graphics (0x00009B41)',
  'Intel(R) UHD Graphics 620 (0x00005917)',
  'AMD Radeon(TM) Graphics (0x00001638)',
  'Intel(R) HD Graphics 620 (0x00005916)',
  'Intel(R) Iris(R) Plus Graphics (0x00008A52)',
  'NVIDIA GeForce RTX 3050 Laptop GPU (0x000025A2)',
  'AMD Radeon(TM) Vega 8 Graphics (0x000015D8)',
  'NVIDIA GeForce RTX 4060 Laptop GPU (0x000028E0)',
  'Intel(R) Arc(TM) Graphics (0x00007D55)',
  'NVIDIA GeForce GTX 1650 (0x00001F99)',
  'AMD Radeon(TM) 780M (0x000015BF)',
  'Intel(R) HD Graphics 520 (0x00001916)',
  'NVIDIA GeForce MX450 (0x00001F97)',
].map((card) => angle(card.split('(')[0]?.split(' ')[0] ?? 'Intel', card))
const DESKTOP_GPUS = [
  'RTX 3060 (0x00002504)',
  'RTX 4060 (0x00002882)',
  'GTX 1660 SUPER (0x000021C4)',
  'RTX 3070 (0x00002484)',
  'GTX 1060 6GB (0x00001C03)',
  'RTX 4070 (0x00002786)',
  'RTX 2060 (0x00001F08)',
  'GTX 1050 Ti (0x00001C82)',
  'RTX 3080 (0x00002206)',
  'RTX 4090 (0x00002684)',
  'GT 1030 (0x00001D01)',
  'RTX 4080 (0x00002704)',
]
  .map((card) => angle('NVIDIA', `NVIDIA GeForce ${card}`))
  .concat(
    [
      'AMD Radeon RX 6600 (0x000073FF)',
      'AMD Radeon RX 580 Series (0x000067DF)',
      'AMD Radeon RX 7800 XT (0x0000747E)',
    ].map((card) => angle('AMD', card)),
    [
      'Intel(R) UHD Graphics 630 (0x00003E92)',
      'Intel(R) UHD Graphics 770 (0x00004680)',
      'Intel(R) HD Graphics 530 (0x00001912)',
    ].map((card) => angle('Intel', card)),
  )
const MAC_GPUS = ['M1', 'M2', 'M3', 'M1 Pro', 'M4', 'M2 Pro', 'M3 Pro'].map(metal)

const apple = {
  manufacturer: 'Apple',
  os: { name: 'iOS', version: '18.3' },
  system: 'iOS',
} as const
const google = {
  manufacturer: 'Samsung',
  os: { name: 'Android', version: '15' },
  system: 'Android',
} as const
const windows = {
  manufacturer: 'PC',
  os: { name: 'Windows', version: '10' },
  system: 'Windows',
} as const
const mac = {
  manufacturer: 'Mac',
  os: { name: 'Mac OS', version: '10.15.7' },
  system: 'macOS',
} as const

/** Everything there is to buy, by kind. */
export const SHELVES = {
  iphone: models({ ...apple, form: 'mobile' }, IPHONE, ['Apple GPU'], DEVICES.iphoneZipf),
  ipad: models({ ...apple, form: 'tablet' }, IPAD, ['Apple GPU'], DEVICES.iphoneZipf),
  android: models({ ...google, form: 'mobile' }, ANDROID, MOBILE_GPUS, DEVICES.tailZipf),
  androidTablet: models(
    { ...google, form: 'tablet' },
    ANDROID_TABLET,
    MOBILE_GPUS.slice(0, 6),
    DEVICES.tailZipf,
  ),
  windowsLaptop: models(
    { ...windows, form: 'desktop' },
    WINDOWS_LAPTOP,
    LAPTOP_GPUS,
    DEVICES.tailZipf,
  ),
  macLaptop: models({ ...mac, form: 'desktop' }, MAC_LAPTOP, MAC_GPUS, DEVICES.tailZipf),
  desktop: models({ ...windows, form: 'desktop' }, DESKTOP, DESKTOP_GPUS, DEVICES.tailZipf),
} satisfies Record<string, Shelf>

const BROWSER_NAMES = ['Safari', 'Chrome', 'Edge', 'Firefox', 'Samsung'] as const
const BROWSER_SHARES: Readonly<Record<System, readonly number[]>> = {
  iOS: browserShares(BROWSERS.iOS),
  Android: browserShares(BROWSERS.Android),
  Windows: browserShares(BROWSERS.Windows),
  macOS: browserShares(BROWSERS.macOS),
}

function browserShares(weights: Partial<Record<Browser, number>>): readonly number[] {
  return cumulate(BROWSER_NAMES.map((name) => weights[name] ?? 0))
}

/** The browser of a system that `u` in [0, 1) falls on, by usage share. */
export function browserOf(system: System, u: number): Browser {
  return at(BROWSER_NAMES, choose(BROWSER_SHARES[system], u))
}

/** The renderer a page is told: Safari says less than the system knows. */
export function gpuSeen(model: Model, browser: Browser): string {
  return model.system === 'macOS' && browser === 'Safari' ? 'Apple GPU' : model.gpu
}

/** The user agent string; `release` counts browser releases since the world began. */
export function userAgentOf(model: Model, browser: Browser, release: number): string {
  const chrome = 144 + release
  const kit = '(KHTML, like Gecko)'
  if (model.system === 'iOS') {
    const device = model.form === 'tablet' ? 'iPad; CPU OS' : 'iPhone; CPU iPhone OS'
    const head = `Mozilla/5.0 (${device} 18_3 like Mac OS X) AppleWebKit/605.1.15 ${kit}`
    return browser === 'Chrome'
      ? `${head} CriOS/${chrome}.0.0.0 Mobile/15E148 Safari/604.1`
      : `${head} Version/18.3 Mobile/15E148 Safari/604.1`
  }
  const machine = {
    Android: 'Linux; Android 10; K',
    Windows: 'Windows NT 10.0; Win64; x64',
    macOS: 'Macintosh; Intel Mac OS X 10_15_7',
  }[model.system]
  if (browser === 'Firefox') {
    const version = `${chrome + 3}.0`
    const gecko = model.system === 'Android' ? version : '20100101'
    const where = model.system === 'macOS' ? 'Macintosh; Intel Mac OS X 10.15' : machine
    return `Mozilla/5.0 (${where}; rv:${version}) Gecko/${gecko} Firefox/${version}`
  }
  if (browser === 'Safari') {
    return `Mozilla/5.0 (${machine}) AppleWebKit/605.1.15 ${kit} Version/18.3 Safari/605.1.15`
  }
  const mobile = model.form === 'mobile' ? ' Mobile' : ''
  const samsung = browser === 'Samsung' ? ' SamsungBrowser/28.0' : ''
  const edge = browser === 'Edge' ? ` Edg/${chrome}.0.0.0` : ''
  return `Mozilla/5.0 (${machine}) AppleWebKit/537.36 ${kit}${samsung} Chrome/${chrome}.0.0.0${mobile} Safari/537.36${edge}`
}
