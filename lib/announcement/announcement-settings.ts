import * as z from 'zod';
import { ANNOUNCEMENT_KINDS } from './announcement.ts';

/** Which connections make an address worth announcing. */
export const ANNOUNCED_DIRECTIONS = [
  'outbound',
  'inbound-answered',
  /** Anyone can forge the sender of connections that get no answer. */
  'inbound-unanswered',
  'internal',
  'external',
] as const;
export type AnnouncedDirection = (typeof ANNOUNCED_DIRECTIONS)[number];

const distinct = (values: readonly unknown[]) => new Set(values).size === values.length;

/** What an environment announces; unknown keys are errors. */
export const announcementSettings = z.strictObject({
  kinds: z
    .array(z.enum(ANNOUNCEMENT_KINDS))
    .refine(distinct, 'expected each kind once')
    .default([...ANNOUNCEMENT_KINDS]),
  directions: z
    .array(z.enum(ANNOUNCED_DIRECTIONS))
    .refine(distinct, 'expected each direction once')
    .default(['outbound', 'inbound-answered', 'external']),
  /** Threat score below which nothing is announced, malicious or not, 0-1. */
  minimumScore: z.number().min(0).max(1).default(0),
  /** At most one announcement of a kind per address within this many hours. */
  quietHours: z.number().min(1).max(720).default(24),
  /** At most this many announcements per hour; the digest counts the others. */
  mostPerHour: z.int().min(1).max(10_000).default(60),
  /** Whether addresses for which the legacy score is in use are announced too. */
  withLegacy: z.boolean().default(false),
});

export type AnnouncementSettings = z.output<typeof announcementSettings>;

/** The settings of an environment without any of its own. */
export const DEFAULT_ANNOUNCEMENT_SETTINGS: AnnouncementSettings = announcementSettings.parse({});
