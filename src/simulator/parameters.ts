// Every number of the simulated world, each with its unit and why it has this value.
// Fixed before the resolver is tuned and never tuned to: a change here changes what accuracy means.
// "Published" leans to a public figure (docs/simulator.md says how well it is known); all else is judged.

/** Where people live; the first country is the sites' home and writes its numbers nationally. */
export const PLACES = [
  // share: of households (judged: a shop at home in the US that ships to western Europe);
  // offsetHours: of local time from UTC in the north's winter, kept all year (no world needs DST)
  { country: 'US', timezone: 'America/New_York', offsetHours: -5, locale: 'en-US', share: 0.33 },
  { country: 'US', timezone: 'America/Chicago', offsetHours: -6, locale: 'en-US', share: 0.2 },
  { country: 'US', timezone: 'America/Denver', offsetHours: -7, locale: 'en-US', share: 0.05 },
  { country: 'US', timezone: 'America/Los_Angeles', offsetHours: -8, locale: 'en-US', share: 0.14 },
  { country: 'GB', timezone: 'Europe/London', offsetHours: 0, locale: 'en-GB', share: 0.11 },
  { country: 'DE', timezone: 'Europe/Berlin', offsetHours: 1, locale: 'de-DE', share: 0.09 },
  { country: 'FR', timezone: 'Europe/Paris', offsetHours: 1, locale: 'fr-FR', share: 0.05 },
  { country: 'NL', timezone: 'Europe/Amsterdam', offsetHours: 1, locale: 'nl-NL', share: 0.03 },
] as const

/** Who lives with whom, and where they spend the working day. */
export const PEOPLE = {
  // households with 1..5 visitors; US census sizes (28, 35, 15, 13, 9 %) thinned by 70 % reach
  householdSizeWeights: [0.45, 0.32, 0.13, 0.08, 0.02],
  employedShare: 0.56, // share of people with a job; published employment is near 60 % of adults
  studentShare: 0.06, // share of people who study on a campus; about 6 % of the US population
  peoplePerOffice: 30, // visitors an office on average: tens to hundreds behind one address
  officeSkew: 1.6, // exponent of office choice: 1 is even, higher makes few large offices
  studentsPerCampus: 4_000, // students a campus: a middling one
  foreignLocaleShare: 0.05, // share of people who browse in another language than their place's
}

/** How often people come. */
export const ACTIVITY = {
  visitsMinPer60Days: 2.6, // visits a person in 60 days at the least active end of the power law
  paretoExponent: 1.35, // exponent of the power law; published web activity lies between 1 and 2
  visitsMaxPer60Days: 180, // visits a person in 60 days at most: three a day is a heavy user
  // relative weight of each local hour, 0..23; published daily curves: quiet nights, evening peak
  hourWeights: [
    1.2, 0.7, 0.4, 0.3, 0.3, 0.5, 1.2, 2.4, 3.6, 4.6, 5.0, 5.1, 5.4, 5.2, 4.9, 4.8, 4.9, 5.2, 5.8,
    6.8, 7.6, 7.4, 5.6, 3.0,
  ],
  // local hours from/until which the employed are at work and students on campus, Monday to Friday
  workFromHour: 9,
  workUntilHour: 17,
}

/** What people own. */
export const DEVICES = {
  // people with 1..8 devices; mean 3.6, the published figure the product is built on
  countWeights: [0.06, 0.17, 0.28, 0.24, 0.14, 0.07, 0.03, 0.01],
  // the kinds a first, second … device can be, relative weights; a third is the employed's work laptop
  kindsByRank: [
    { phone: 1, laptop: 0, tablet: 0, desktop: 0 },
    { phone: 0, laptop: 0.8, tablet: 0, desktop: 0.2 },
    { phone: 0, laptop: 0, tablet: 0.65, desktop: 0.35 },
    { phone: 0.2, laptop: 0, tablet: 0.55, desktop: 0.25 },
    { phone: 0.35, laptop: 0.25, tablet: 0.3, desktop: 0.1 },
  ],
  // factor between the least and most liked device of the same kind of two people: u * 1.6 + 0.2
  useSpread: 1.6,
  useFloor: 0.2,
  // relative use at these sites of the first device of each kind; published: mobile has half or more
  useByKind: { phone: 0.56, laptop: 0.22, workLaptop: 0.16, tablet: 0.1, desktop: 0.2 },
  useOfSpare: 0.25, // factor for every further device of a kind: the old phone in the drawer
  useOfWorkLaptopAtLeisure: 0.12, // factor for a work laptop outside working hours: it mostly rests
  onlyDeviceIsPhoneShare: 0.88, // share of people with one device for whom it is a phone; judged
  // share of phones that are iPhones, of tablets that are iPads; published US and west European mix
  iphoneShare: 0.5,
  ipadShare: 0.6,
  macShare: 0.25, // share of own laptops that are Macs
  corporateMacShare: 0.2, // share of employers that hand out Macs
  corporateModels: 2, // distinct laptop models an employer hands out: bought in lots, hence alike
  // Zipf exponent of model popularity: few iPhones share everything, Windows and Android have a tail
  iphoneZipf: 0.7,
  tailZipf: 0.9,
  // share of browsers that hide the GPU renderer, by family (protections, no WebGL); judged
  gpuHidden: { Safari: 0.04, Chrome: 0.04, Edge: 0.03, Firefox: 0.7, Samsung: 0.05 },
  // share of devices whose clock is wrong by minutes, and by hours or days; judged: a few %
  clockMinutesWrongShare: 0.05,
  clockDaysWrongShare: 0.008,
  // ms: spread of a small and of a large clock error
  clockMinutesWrongMs: 6 * 60_000,
  clockDaysWrongMs: 36 * 3_600_000,
  browserReleaseDays: 28, // days between two browser versions; Chrome ships every four weeks
}

/** Which browser, by operating system: relative weights; published usage shares, rounded. */
export const BROWSERS = {
  iOS: { Safari: 0.91, Chrome: 0.09 },
  Android: { Chrome: 0.82, Samsung: 0.14, Firefox: 0.04 },
  Windows: { Chrome: 0.68, Edge: 0.22, Firefox: 0.1 },
  macOS: { Safari: 0.52, Chrome: 0.42, Firefox: 0.06 },
} as const

/** How long a cookie lives. */
export const COOKIES = {
  // share of browsers whose owner clears cookies about monthly; comScore 2007: 31 % a month, of which …
  clearersShare: 0.24,
  clearersPerDay: 1 / 30, // clearings a day of those
  resettersShare: 0.07, // … 7 % are "serial resetters", four times a month or more
  resettersPerDay: 1 / 5,
  othersPerDay: 1 / 400, // clearings a day of everybody else: new device, reinstalled browser
  itpDays: 7, // days unvisited after which Safari drops a cookie set by script (published)
  privateUsersShare: 0.2, // share of people who browse privately at times; published: 20 %
  privateVisitShare: 0.18, // share of their visits that are private
  secondBrowserShare: 0.1, // share of visits in the second or an in-app browser; judged
  // share of phone owners with the shop's app, and of their phone visits that happen in it
  appOwnersShare: 0.16,
  appVisitShare: 0.55,
}

/** Addresses. */
export const NETWORKS = {
  // days a home keeps its IPv4 address: share of homes, and days; published (RIPE Atlas 2015 and
  // CDN studies): a fixed period of days at some ISPs, weeks to months at cable and fibre ISPs
  homeLeases: [
    { share: 0.18, days: 1 },
    { share: 0.17, days: 7 },
    { share: 0.35, days: 24 },
    { share: 0.3, days: 120 },
  ],
  // a home's IPv6 prefix outlives its IPv4 address by this factor (published: months)
  ipv6LeaseFactor: 3,
  // share of homes with IPv6 (published: near half), and of their visits that use it (happy eyeballs)
  homeIpv6Share: 0.48,
  ipv6UseShare: 0.85,
  // addresses an ISP has for each home that visits: other customers lie between two visitors
  addressesPerHome: 40,
  carrierWeights: [0.38, 0.33, 0.29], // carriers a country, and their relative size
  // visitors behind one carrier address; published: hundreds to thousands of subscribers an address
  peoplePerCarrierAddress: 400,
  carrierLeaseHours: 5, // hours a phone keeps its carrier address: a new attachment brings a new one
  // share of carrier visits over IPv6, one /64 a phone and attachment (published: most US carriers)
  carrierIpv6Share: 0.5,
  // visitors a café address, a VPN exit, a campus gateway
  peoplePerCafe: 250,
  peoplePerVpnExit: 1_000,
  studentsPerGateway: 800,
  cafesPerPerson: 3, // cafés a person goes to
  // where a visit happens, by kind of device and hour: relative weights (judged from the above)
  phoneAtWork: { home: 0.14, carrier: 0.5, work: 0.32, cafe: 0.03, vpn: 0.01 },
  phoneAtLeisure: { home: 0.63, carrier: 0.32, work: 0, cafe: 0.04, vpn: 0.01 },
  computerAtWork: { home: 0.34, carrier: 0.01, work: 0.6, cafe: 0.03, vpn: 0.02 },
  computerAtLeisure: { home: 0.92, carrier: 0.01, work: 0.01, cafe: 0.03, vpn: 0.03 },
}

/** The sites of the one account, most visited first. */
export const SITES = {
  // share of visits at each site for a person at home on it: most people know one site best
  homeSiteShare: 0.84,
  homeWeights: [0.62, 0.24, 0.14], // share of people whose home is each site
}

/** What a visit holds. */
export const VISITS = {
  // further pages after the first, mean of a geometric law: shops report three to five pages a
  // visit, bounces (the law's zeros) included
  furtherPagesMean: 2.4,
  furtherPagesMax: 40,
  productShare: 0.42, // share of further pages that show a product and send "Product Viewed"
  addToCartShare: 0.14, // share of product views put into the basket
  betweenActsMs: 38_000, // ms between two acts, mean
  landOnHomeShare: 0.5, // share of visits that begin on the home page, rather than any
  orderPiecesMax: 2, // pieces of what is ordered, at most
  // share of visits from each source: relative weights
  sourceWeights: { direct: 0.36, search: 0.27, paid: 0.15, social: 0.1, mail: 0.12 },
  // share of visits with an order, signed in and not; published conversion 2 to 3 %
  orderShareKnown: 0.06,
  orderShareGuest: 0.014,
  formShare: 0.035, // share of visits in which a form is submitted (webinar, newsletter, contact)
  inviteShare: 0.012, // share of signed-in visits in which a friend is invited
  // share of signed-in visits that end with signing out, and of sites' sign-outs that reset the cookie
  signOutShare: 0.06,
  signOutResets: 0.4,
  identifyAgainShare: 0.5, // share of signed-in visits whose first page repeats `identify`
  groupShare: 0.25, // share of signed-in employees whose company is told by `group`
}

/** Who says who they are, and how. */
export const IDENTITY = {
  // share of accounts that exist when the world begins, rather than being opened in it
  accountBeforeShare: 0.6,
  // people who never sign in, who do on one or two devices, who do on all; judged: half of shoppers
  // check out as guests where they may
  neverShare: 0.32,
  someDevicesShare: 0.36,
  // share of people with an account at their home site, and at each other site
  memberHomeShare: 0.85,
  memberElsewhereShare: 0.35,
  signsInOnDevice: 0.5, // share of devices on which the second kind signs in
  // chance a visit that somebody who would sign in does: logins are spread over days
  signInPerVisit: 0.4,
  // share of accounts opened with the private, the work and the second address
  accountMailWeights: [0.8, 0.14, 0.06],
  // share of forms filled with each by the employed: the webinar gets the work address
  formMailWeights: [0.5, 0.42, 0.08],
  checkoutMailWeights: [0.88, 0.06, 0.06], // share of guest checkouts with each
  // share of people with a second private address
  secondMailShare: 0.3,
  gmailShare: 0.45, // share of private addresses at gmail.com; near half in the US
  // share of typed addresses with capitals, and of Gmail ones with other dots or a +tag
  mailCapitalsShare: 0.09,
  gmailVariantShare: 0.06,
  // share of accounts, of guest checkouts and of forms with a phone number
  accountPhoneShare: 0.4,
  checkoutPhoneShare: 0.6,
  formPhoneShare: 0.2,
  // share of phone numbers typed in national format by people of the home country
  phoneNationalShare: 0.55,
  // of those, share with brackets; of the others, share with spaces; judged
  phoneBracketShare: 0.5,
  phoneSpacedShare: 0.4,
  // of addresses with capitals, share all in capitals; of Gmail variants, share with a +tag
  mailUpperShare: 0.3,
  gmailTagShare: 0.5,
  // share of new accounts that the CRM names back by a server's `identify` with its id
  crmSyncShare: 0.6,
  // share of visits from a mail whose link carries the CRM's id: mail programs tag their links
  crmLinkShare: 0.7,
}

/** How messages travel. */
export const DELIVERY = {
  holdMs: 30, // ms a browser holds a message before it sends it, at most
  // ms from sender to collector: base and mean of the rest
  latencyMs: 40,
  latencyTailMs: 160,
  // share of visits that are queued on the device and sent later: phones, others, apps
  offlineShare: { phone: 0.015, other: 0.004, app: 0.05 },
  // ms, mean of that delay (a flight, a tunnel, a closed lid); at most ten means
  offlineMs: 3 * 3_600_000,
  // share of messages that arrive twice with one id: the answer was lost, the client tried again
  duplicateShare: 0.008,
  // share of duplicates that come hours later, from a queue that was kept
  duplicateLateShare: 0.3,
  duplicateSoonMs: 4_000,
  duplicateLateMs: 3 * 3_600_000,
  // ms after an account or order that the server speaks; ms until an order ships
  serverMs: 1_500,
  shippingMs: 30 * 3_600_000,
  crmSyncMs: 12 * 3_600_000,
}

/** The ugly half: only in a hard world. */
export const HARD = {
  // people a kiosk (shop floor, library), its users, visits a day
  peoplePerKiosk: 4_000,
  kioskUsers: 200,
  kioskVisitsPerDay: 12,
  // people a call-centre terminal, and callers a day: the agent signs each of them in
  peoplePerTerminal: 10_000,
  terminalUsers: 1_000,
  terminalCallsPerDay: 20,
  kioskNamedShare: 0.6, // share of visitors at a kiosk who sign in or check out, rather than browse
  // of the signed-in at a kiosk, share who order; all others who are named order as guests
  kioskOrderShare: 0.5,
  // share of households of two or more with a tablet that lies about
  sharedTabletShare: 0.3,
  sharedTabletUse: 0.4, // relative use of it by either of the two, on the scale of useByKind
  tabletStaysSignedIn: 0.4, // share of visits on it under the account of whoever signed in last
  // share of households of two or more where two share one address and account at these sites;
  // published: 27 % of couples have a shared mailbox (Pew 2014), judged: few use it here for both
  sharedMailShare: 0.012,
  // share of households with a landline that they type into forms, and of typed numbers that are it
  landlineShare: 0.12,
  landlineTypedShare: 0.25,
  // share of people who give up their number in the first part of the world; US reassigns about
  // 10 % of numbers a year, and not before 45 days (published: FCC)
  phoneAbandonedShare: 0.015,
  phoneAbandonedPart: 0.2,
  phoneAgeingDays: 45,
  // share of visits from a page whose error sends a junk anonymousId; of visits with a junk userId
  junkAnonymousShare: 0.004,
  junkUserShare: 0.006,
  // share of typed addresses and numbers that are junk ("test@test.com")
  junkMailShare: 0.012,
  junkPhoneShare: 0.02,
  typoShare: 0.012, // share of typed addresses with a typo
  typoHitsShare: 0.04, // share of typos that are somebody else's address: rare
  roleMailShare: 0.25, // share of forms filled at work with the company's info@ address
  // people a till, sales a day with a customer's name, share of them with the store's address
  peoplePerTill: 4_000,
  tillSalesPerDay: 10,
  storeMailShare: 0.2,
  // the outlet's landing page with a hard-coded anonymousId: part of the world in which it is live,
  // and share of that site's visits it gets
  hardCodedFromPart: 0.4,
  hardCodedUntilPart: 0.5,
  hardCodedShare: 0.15,
  openFromHour: 9, // local hours in which kiosks, terminals and tills are open
  openUntilHour: 19,
  // people a bot, and its hits a day, each with a new cookie
  peoplePerBot: 5_000,
  botHitsPerDay: 100,
  // share of sign-ups at which `alias` is called with a stranger's id as previousId
  aliasMisuseShare: 0.02,
  identicalPhonesShare: 0.25, // share of households of two or more with identical phones
  // offices are this many times larger, campuses as well: more people alike behind one address
  crowdFactor: 3,
}
