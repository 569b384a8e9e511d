/** What SQS replaces by U+FFFD in a body, or refuses: everything outside the characters of XML 1.0. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const UNSENDABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

/**
 * Escapes characters that SQS does not carry as `\uXXXX`. Inside a JSON string this means the same; outside strings the
 * text was not valid JSON anyway.
 */
export function sqsText(text: string): string {
  return text.replace(UNSENDABLE, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
