// Channels: by which medium, click id, source or host a visit is put into which. Data only; everything in lower case.
// Invariant: no word stands in two lists of one kind. docs/journeys.md has these lists in words.

/** Every channel a touchpoint can have. */
export const CHANNELS = [
  'paid_search',
  'paid_social',
  'paid_other',
  'display',
  'affiliate',
  'email',
  'sms',
  'push',
  'organic_search',
  'organic_social',
  'ai_assistant',
  'referral',
  'direct',
  'other',
] as const

export type Channel = (typeof CHANNELS)[number]

const words = (text: string): readonly string[] => text.trim().split(/\s*\|\s*/)

/** Mediums of a campaign that say the channel whatever the source. Compared as event names are: `e_mail` is `e-mail`. */
export const PLAIN_MEDIUMS: Readonly<Partial<Record<Channel, readonly string[]>>> = {
  paid_social: words(
    'paidsocial | paid social | social paid | socialpaid | social ads | cpc social',
  ),
  display: words(
    'display | banner | cpm | gdn | programmatic | interstitial | expandable | rich media | display ads',
  ),
  affiliate: words(
    'affiliate | affiliates | affiliation | affiliate marketing | affiliatemarketing',
  ),
  email: words('email | e mail | mail | emailing | mailing | newsletter | edm'),
  sms: words('sms | mms | text message'),
  push: words('push | web push | webpush | mobile push | push notification | notification'),
  organic_social: words(
    'social | social network | social networks | socialnetwork | social media | socialmedia | sm | social organic | organic social | social post',
  ),
  referral: words('referral | link | web link'),
  direct: words('(none)'),
}

/** Mediums of which the source decides. */
export const MEDIUMS_BY_SOURCE: readonly {
  readonly mediums: readonly string[]
  /** Of a source that is neither a search engine nor a social network. */
  readonly otherwise: Channel
  readonly search: Channel
  readonly social: Channel
}[] = [
  {
    mediums: words(
      'cpc | ppc | sem | paid search | paidsearch | search paid | search ads | adwords | google ads',
    ),
    otherwise: 'paid_search',
    search: 'paid_search',
    social: 'paid_social',
  },
  {
    mediums: words(
      'paid | paid media | paidmedia | ads | ad | cpa | cpp | cpv | cpl | retargeting | remarketing | sponsored | native | paid content | paid video',
    ),
    otherwise: 'paid_other',
    search: 'paid_search',
    social: 'paid_social',
  },
  {
    mediums: words('organic | organic search | seo'),
    otherwise: 'organic_search',
    search: 'organic_search',
    social: 'organic_social',
  },
]

/**
 * Parameters of a URL that an ad network or a mail system adds. Those of advertisements only, except `fbclid` and
 * `igshid`, which are added to everything that is clicked there: without a campaign that says so nobody paid for it.
 */
export const CLICK_IDS: Readonly<Partial<Record<Channel, readonly string[]>>> = {
  paid_search: words('gclid | gbraid | wbraid | msclkid | yclid'),
  paid_social: words('ttclid | twclid | li_fat_id | rdt_cid | sccid | epik'),
  organic_social: words('fbclid | igshid'),
  display: words('dclid'),
  affiliate: words('irclickid | cjevent | awc'),
  email: words('mc_cid | _kx | _hsenc'),
}

/** Names of which a host may have any ending and sub-domain (`www.google.de`), and that a campaign's source may have. */
export const BRANDS: Readonly<Partial<Record<Channel, readonly string[]>>> = {
  organic_search: words(
    'google | bing | yahoo | duckduckgo | ecosia | baidu | yandex | qwant | startpage | naver | daum | seznam | sogou | dogpile | lycos | aol | ask | kagi | mojeek | swisscows | metager',
  ),
  organic_social: words(
    'facebook | instagram | linkedin | twitter | pinterest | reddit | tiktok | youtube | snapchat | tumblr | weibo | xing | vkontakte | quora | threads | whatsapp | nextdoor | mastodon',
  ),
  ai_assistant: words('chatgpt | openai | perplexity'),
}

/** Hosts with their sub-domains; the longest counts, before a brand. Hosts of `android-app://` are names of packages. */
export const DOMAINS: Readonly<Partial<Record<Channel, readonly string[]>>> = {
  organic_search: words(
    'search.brave.com | so.com | coccoc.com | presearch.com | com.google.android.googlequicksearchbox',
  ),
  organic_social: words(
    'fb.com | fb.me | t.co | x.com | lnkd.in | pin.it | redd.it | youtu.be | vk.com | ok.ru | t.me | telegram.org | wa.me | bsky.app | discord.com | news.ycombinator.com | line.me | com.linkedin.android | com.twitter.android | com.facebook.katana | com.instagram.android | org.telegram.messenger | com.reddit.frontpage',
  ),
  email: words(
    'mail.google.com | com.google.android.gm | mail.yahoo.com | mail.yahoo.co.jp | outlook.live.com | outlook.office.com | outlook.office365.com | mail.aol.com | mail.yandex.ru | mail.yandex.com | mail.ru | mail.proton.me | deref-gmx.net | deref-web.de | deref-mail.com | email.t-online.de | mail.naver.com',
  ),
  ai_assistant: words('claude.ai | gemini.google.com | copilot.microsoft.com | chat.mistral.ai'),
  // Parts of a search engine's or a network's house that are no search and no network.
  referral: words(
    'docs.google.com | drive.google.com | sites.google.com | classroom.google.com | calendar.google.com | meet.google.com | accounts.google.com | translate.google.com | groups.google.com | business.facebook.com',
  ),
}

/** What a campaign's source may be besides a brand or a host. Compared as mediums are. */
export const SOURCES: Readonly<Partial<Record<Channel, readonly string[]>>> = {
  organic_search: words('adwords | google ads | googleads | bing ads | bingads | microsoft ads'),
  organic_social: words(
    'fb | ig | insta | meta | x | facebook ads | instagram ads | meta ads | linkedin ads | social | tik tok',
  ),
  email: words(
    'newsletter | email | e mail | mail | mailing | mailchimp | klaviyo | sendgrid | mailjet | brevo | hs email | hs automation | customer.io | braze | iterable | gmail | outlook',
  ),
  sms: words('sms'),
  push: words('push'),
  affiliate: words('awin | tradedoubler | cj | impact | rakuten | affiliate'),
}
