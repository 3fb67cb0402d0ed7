// The digest the application gives to the core, which has no cryptography of its own.

/** Text -> lower-case hex SHA-256 of its UTF-8 bytes. */
export type Digest = (text: string) => string
