// How long a text is in UTF-8, where only that matters which is about too long.

/** Whether the text has more than so many bytes in UTF-8. */
export function isLongerThan(text: string, bytesMax: number): boolean {
  // A code unit is at most three bytes: short texts need not be counted.
  if (text.length * 3 <= bytesMax) return false
  return text.length > bytesMax || bytesOf(text) > bytesMax
}

/** Half a pair of surrogates without the other one becomes U+FFFD. */
function bytesOf(text: string): number {
  let bytes = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x80) bytes += 1
    else if (code < 0x800) bytes += 2
    else if (code < 0xd800 || code > 0xdfff) bytes += 3
    else if (code < 0xdc00 && isLow(text.charCodeAt(i + 1))) {
      bytes += 4
      i++
    } else bytes += 3
  }
  return bytes
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff
}
