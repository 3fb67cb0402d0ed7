// How the address of a page is taken apart, as patterns without a backslash, so that every engine reads them alike.

/** Scheme and host; the first group is the host without port. */
export const HOST_PATTERN = '^[^:/?#]+://([^/?#:]+)'

/** What is asked of a page, from the first `?`, `&` or `#` to the end. */
export const QUERY_PATTERN = '(?s)[?&#].*'

/** The host without port and the path of an address that names both, as groups; what is asked of it is left out. */
export const ADDRESS_PARTS = /^[^:/?#]+:\/\/([^/?#:]*)[^/?#]*([^?#]*)/
