// Words of the world: sites, names, products, pages, campaigns. Invented, or on reserved domains.
// No rates stand here: those are in parameters.ts.

/** A site of the account, with the habits of its tracking code. */
export interface Site {
  readonly index: number
  readonly name: string
  readonly origin: string
  /** First letter of its user ids, or null where people are known by their address only. */
  readonly userPrefix: string | null
  /** Cookies set by the server live long in Safari, those set by script seven days. */
  readonly cookieByScript: boolean
  /** Calls `alias` at sign-up, as older tracking code does. */
  readonly aliases: boolean
  readonly currency: string
}

export const SITE_LIST: readonly Site[] = [
  {
    index: 0,
    name: 'shop',
    origin: 'https://www.shop.example.com',
    userPrefix: 'u',
    cookieByScript: false,
    aliases: false,
    currency: 'USD',
  },
  {
    index: 1,
    name: 'magazine',
    origin: 'https://magazine.example.org',
    userPrefix: null,
    cookieByScript: true,
    aliases: false,
    currency: 'USD',
  },
  {
    index: 2,
    name: 'outlet',
    origin: 'https://outlet.example.net',
    userPrefix: 'o',
    cookieByScript: true,
    aliases: true,
    currency: 'USD',
  },
]

export const FIRST_NAMES: readonly string[] = (
  'ana ben cara dan eva finn gina hugo ida jan kai lea max nora olga paul quinn rosa sam tara uma ' +
  'vera will xenia yara zoe adam bea cleo dora emil fay greta hans inga jule karl lina mona nils'
).split(' ')

export const LAST_NAMES: readonly string[] = (
  'archer baker carter dyer eaton fisher glover hunter ivory joiner keeper lark mason naylor ogden ' +
  'potter quarry rider sawyer turner usher vale walker yarrow abbot binder cooper draper ember ' +
  'farrow garland hollis irons jessop kestrel linden marlow nettle oakley pike'
).split(' ')

const COLOURS = 'Amber Birch Coral Dune Ebony Fern Granite Harbour Indigo Juniper'.split(' ')
const THINGS =
  'Backpack Blanket Desk Fleece Jacket Kettle Lamp Mug Notebook Parka Rug Scarf Shelf Stool Tent'.split(
    ' ',
  )
const CATEGORIES = ['Outdoor', 'Home', 'Office'] as const

/** Something for sale; shared by all messages that show it. */
export interface Product {
  readonly product_id: string
  readonly sku: string
  readonly name: string
  readonly category: string
  readonly brand: string
  readonly price: number
  readonly path: string
}

export const PRODUCTS: readonly Product[] = COLOURS.flatMap((colour, i) =>
  THINGS.map((thing, j) => {
    const number = 1000 + i * THINGS.length + j
    return {
      product_id: `P${number}`,
      sku: `${colour.slice(0, 2).toUpperCase()}-${thing.slice(0, 3).toUpperCase()}-${number}`,
      name: `${colour} ${thing}`,
      category: CATEGORIES[j % 3] ?? 'Home',
      brand: i % 2 === 0 ? 'Northfold' : 'Pale & Oak',
      price: 9 + ((number * 37) % 240) + 0.95,
      path: `/products/${colour.toLowerCase()}-${thing.toLowerCase()}-${number}`,
    }
  }),
)

/** A page that is not a product's: path, title, category. */
export const PAGES: readonly (readonly [string, string, string])[] = [
  ['/', 'Home', 'Landing'],
  ['/collections/outdoor', 'Outdoor collection', 'Collection'],
  ['/collections/home', 'Everything for the home', 'Collection'],
  ['/collections/office', 'The working day', 'Collection'],
  ['/search', 'Search results', 'Search'],
  ['/sale', 'Last pieces', 'Collection'],
  ['/pricing', 'Prices and plans', 'Information'],
  ['/stories/how-a-tent-is-made', 'How a tent is made', 'Story'],
  ['/stories/a-desk-that-lasts', 'A desk that lasts', 'Story'],
  ['/webinar/quiet-offices', 'Webinar: quiet offices', 'Event'],
  ['/help/delivery', 'Delivery and returns', 'Help'],
  ['/account', 'Your account', 'Account'],
]

export const CAMPAIGNS: readonly string[] = [
  'spring-outdoor',
  'brand-2026',
  'desk-week',
  'last-pieces',
  'retargeting-basket',
]
export const FORMS: readonly string[] = ['webinar', 'newsletter', 'contact', 'catalogue']
export const STREETS = 'Mill Lane,Harbour Road,Station Street,Orchard Way,Bridge Close'.split(',')

/** What systems send when they mean "nobody"; none of them may ever become an identifier. */
export const JUNK_IDS: readonly string[] = [
  'null',
  'undefined',
  'anonymous',
  '0',
  '-1',
  '00000000-0000-0000-0000-000000000000',
  '[object Object]',
  'unknown',
  'guest',
  'None',
  'NaN',
  '',
]
export const JUNK_MAILS: readonly string[] = [
  'test@test.com',
  'null',
  'noreply@example.com',
  'a@a.com',
  'none@none.com',
  'test@example.com',
  'asdf@asdf.com',
]
export const JUNK_PHONES: readonly string[] = [
  '0000000000',
  '+10000000000',
  '1234567890',
  '1111111111',
  '9999999999',
]

/** Geographic area codes of the US; with exchange 555, which no subscriber has, they make numbers. */
export const AREA_CODES: readonly string[] = (
  '201 202 203 205 206 207 208 209 210 212 213 214 215 216 217 218 219 220 223 224 225 228 229 231 ' +
  '234 239 240 248 251 252 253 254 256 260 262 267 269 270 272 274 276 279 281 301 302 303 304 305 ' +
  '307 308 309 310 312 313 314 315 316 317 318 319 320 321 323 325 327 330 331 332 334 336 337 339 ' +
  '341 346 347 351 352 360 361 364 380 385 386 401 402 404 405 406 407 408 409 410 412 413 414 415 ' +
  '417 419 423 424 425 430 432 434 435 440 442 443 445 458 463 464 469 470 475 478 479 480 484 501 ' +
  '502 503 504 505 507 508 509 510 512 513 515 516 517 518 520 530 531 534 539 540 541 551 559 561 ' +
  '562 563 564 567 570 571 572 573 574 575 580 582 585 586 601 602 603 605 606 607 608 609 610 612 ' +
  '614 615 616 617 618 619 620 623 626 628 629 630 631 636 640 641 646 650 651 656 657 659 660 661 ' +
  '662 667 669 678 680 681 682 689 701 702 703 704 706 707 708 712 713 714 715 716 717 718 719 720 ' +
  '724 725 726 727 731 732 734 737 740 743 747 754 757 760 762 763 765 769 770 771 772 773 774 775 ' +
  '779 781 785 786 801 802 803 804 805 806 808 810 812 813 814 815 816 817 818 820 826 828 830 831 ' +
  '832 835 838 839 840 843 845 847 848 850 854 856 857 858 859 860 862 863 864 865 870 872 878 901 ' +
  '903 904 906 907 908 909 910 912 913 914 915 916 917 918 919 920 925 928 929 930 931 934 936 937'
).split(' ')
