// The worlds that mislead a learner, and their numbers: each with its unit and why it has this value.
// Like those in parameters.ts they are fixed before anything is tuned, and never tuned to.

/**
 * What a world may suffer from, so that what is learned from those who sign in misleads about the
 * others: nobody signs in; all traffic comes from offices; a farm of scripted browsers; only people
 * who live alone sign in; some pass for somebody else by signature, address and hour.
 */
export const TROUBLES = [
  'none',
  'no-logins',
  'office-only',
  'bot-farm',
  'lone-logins',
  'impostors',
] as const
export type Trouble = (typeof TROUBLES)[number]

/** What goes wrong in a world with a trouble: none of it in one without. */
export const TROUBLE = {
  // office-only: factor of visits, of which only those in working hours happen: 1 / their share (0.29)
  officeVisitsFactor: 3.4,
  // relative use of the own phone in the office's Wi-Fi, beside useByKind.workLaptop; judged: most
  // of what phones do at work goes through their carrier
  officePhoneUse: 0.06,
  officeDevices: 2, // devices a person brings to work at most: the employer's laptop, the own phone
  // bot-farm: people a scripted browser and its visits a day, a new cookie each; with 4.1 cookies a
  // person in 60 days the farm has a third of all cookies
  peoplePerFarmBrowser: 350,
  farmVisitsPerDay: 12,
  farmBrowsersPerAddress: 3, // scripted browsers behind one hired address: addresses cost, browsers do not
  // share of visits through homes whose routers were taken over, and people a such home; judged: so
  // spread, an address sees a visit a day, as if one device cleared its cookies
  farmProxyShare: 0.25,
  peoplePerFarmProxy: 100,
  farmVisitsPerAccount: 3, // visits of one made-up account before the next is made up; judged
  farmAccountShare: 0.3, // share of those that sign up: enough to be learned from; judged
  farmPages: 3, // pages of a scripted visit
  // impostors: share of people living alone who pass for somebody else; as 23 % of people live
  // alone, 3 % of people are impostors and about as many are victims
  impostorShare: 0.13,
  impostorFollowsShare: 0.5, // share of the victim's visits in whose hour the impostor comes; judged
}
