import type { AnnouncementKind } from './announcement.ts';

/** The source of the service's events. */
export const EVENT_SOURCE = 'threat-consensus';

/** The detail type of an event, by kind of announcement; rules select by it. */
export const DETAIL_TYPES = {
  'new-malicious': 'Address Became Malicious',
  worse: 'Address Got Worse',
  cleared: 'Address Cleared',
  digest: 'Hourly Digest',
} as const satisfies Record<AnnouncementKind, string>;
