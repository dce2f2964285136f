/**
 * Escapes control characters, which could manipulate a terminal. With `lines`, newlines and tabs stay.
 */
export const printable = (text: string, lines = false): string =>
  text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, character =>
    lines && (character === '\n' || character === '\t')
      ? character
      : `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  )

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Bytes as text if they are UTF-8, otherwise as base64 with a note. */
export const printableBytes = (bytes: Buffer | null): string => {
  if (bytes === null) return 'null'
  try {
    return printable(utf8.decode(bytes), true)
  } catch {
    return `(not UTF-8, in base64) ${bytes.toString('base64')}`
  }
}
