import { describe, expect, it } from 'vitest';
import {
  type Announcement,
  commandFor,
  findingUid,
  readAnnouncement,
  writeAnnouncement,
} from '../../../lib/announcement/announcement.ts';
import { announcementSettings } from '../../../lib/announcement/announcement-settings.ts';
import { digest, findingAnnouncement } from '../../factories/announcements.ts';

describe('an announcement', () => {
  it.each<Announcement>([findingAnnouncement(), digest()])('is read as it was written: $kind', (given) => {
    expect(readAnnouncement(writeAnnouncement(given))).toEqual(given);
  });

  it.each(['', '[]', 'null', '"worse"', '{"kind":"better","uid":"u"}', '{"kind":"worse"}'])(
    'is not read from %s',
    (text) => {
      expect(readAnnouncement(text)).toBeUndefined();
    },
  );

  it('names the command that shows more', () => {
    expect(commandFor(findingAnnouncement({ address: '203.0.113.7' }))).toBe(
      'threat-consensus assessments 203.0.113.7',
    );
    expect(commandFor(digest({ fromMs: Date.UTC(2026, 10, 27, 14) }))).toBe(
      'threat-consensus attention --since 2026-11-27T14:00:00.000Z',
    );
  });

  it('is about the finding of an address, a day and a direction', () => {
    expect(findingUid({ address: '2001:db8::1', day: '2026-11-27', direction: 'inbound' })).toBe(
      '2001:db8::1/2026-11-27/inbound',
    );
  });
});

describe('settings', () => {
  it('announce by default what is outbound, or inbound and answered, at most daily', () => {
    expect(announcementSettings.parse({})).toEqual({
      kinds: ['new-malicious', 'worse', 'cleared', 'digest'],
      directions: ['outbound', 'inbound-answered', 'external'],
      minimumScore: 0,
      quietHours: 24,
      mostPerHour: 60,
      withLegacy: false,
    });
  });

  it.each([
    [{ quiet: 24 }, 'quiet'],
    [{ kinds: ['better'] }, 'kinds.0'],
    [{ kinds: ['worse', 'worse'] }, 'kinds'],
    [{ directions: ['inbound'] }, 'directions.0'],
    [{ minimumScore: 1.1 }, 'minimumScore'],
    [{ quietHours: 0 }, 'quietHours'],
    [{ mostPerHour: 0.5 }, 'mostPerHour'],
  ])('refuse %j', (given, where) => {
    const { error } = announcementSettings.safeParse(given);

    const places = error?.issues.map((issue) =>
      issue.code === 'unrecognized_keys' ? issue.keys.join() : issue.path.join('.'),
    );
    expect(places).toEqual([where]);
  });
});
