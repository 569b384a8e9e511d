const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Writes a message id in the short form that summaries hold, some of which hold thousands: SQS's ids are UUIDs, whose
 * 128 bits are 22 characters of base64url. Any other text is kept as it is, after a colon.
 */
export function shortMessageId(messageId: string): string {
  if (!UUID.test(messageId)) return `:${messageId}`;
  return Buffer.from(messageId.replaceAll('-', ''), 'hex').toString('base64url');
}
