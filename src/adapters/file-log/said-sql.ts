// What a message says beside identifiers that a run reads: where its sender was and came from, what they paid, and how
// they describe themselves. Taken out of the text once, when a segment is sealed. Nothing is decided by it.

/** Column -> where it stands in a message; the first that is there counts. */
const SAID: Readonly<Record<string, readonly string[]>> = {
  page_url: ['$.context.page.url', '$.properties.url'],
  page_referrer: ['$.context.page.referrer', '$.properties.referrer'],
  campaign_source: ['$.context.campaign.source'],
  campaign_medium: ['$.context.campaign.medium'],
  campaign_name: ['$.context.campaign.name'],
  campaign_term: ['$.context.campaign.term'],
  campaign_content: ['$.context.campaign.content'],
  revenue: ['$.properties.revenue', '$.properties.total', '$.properties.value'],
  currency: ['$.properties.currency'],
  traits: ['$.traits'],
  context_traits: ['$.context.traits'],
}

const PATHS = Object.values(SAID).flat()

/** All of it as one list of texts; null for a text that DuckDB takes for no JSON, such as half a surrogate pair. */
export function saidSql(body: string): string {
  const paths = PATHS.map((path) => `'${path}'`).join(', ')
  return `try(json_extract_string(${body}, [${paths}]))`
}

/** The columns, from the list called `said`. */
export const SAID_COLUMNS = Object.entries(SAID)
  .map(([column, paths]) => {
    const places = paths.map((path) => `said[${PATHS.indexOf(path) + 1}]`)
    const text = places.length === 1 ? places[0] : `coalesce(${places.join(', ')})`
    return `${column === 'revenue' ? `try_cast(${text} AS DOUBLE)` : text} AS ${column}`
  })
  .join(',\n    ')
