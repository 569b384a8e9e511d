import type { AnnouncementKind } from './announcement.ts';

/** What events call the service that they are from. */
export const EVENT_SOURCE = 'threat-consensus';

/** The type of an event, by what it announces; rules select by it. */
export const DETAIL_TYPES = {
  'new-malicious': 'Address Became Malicious',
  worse: 'Address Got Worse',
  cleared: 'Address Cleared',
  digest: 'Hourly Digest',
} as const satisfies Record<AnnouncementKind, string>;
