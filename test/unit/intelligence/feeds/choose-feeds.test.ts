import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../../lib/intelligence/feeds/catalogue.ts';
import { chooseFeeds, feedChoice } from '../../../../lib/intelligence/feeds/choose-feeds.ts';
import { feedSchema } from '../../../../lib/intelligence/feeds/feed.ts';

const OWN = {
  name: 'own',
  url: 'https://lists.example.com/own.txt',
  format: 'lines',
  kind: 'suspicious',
  family: 'own',
  weight: 10,
  everyHours: 1,
  halfLifeDays: 7,
  expiresDays: 7,
  licence: { name: 'own', attribution: 'us' },
} as const;

const namesOf = (choice: object) => chooseFeeds(feedChoice.parse(choice)).map(({ name }) => name);

describe('the catalogue', () => {
  it.each(CATALOGUE)('describes $name in full', (feed) => {
    expect(feedSchema.safeParse(feed).error?.issues).toBeUndefined();
  });

  it('has each name once', () => {
    const names = CATALOGUE.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('has three to five lists on that count against an address, without a key', () => {
    const incriminating = CATALOGUE.filter(
      ({ kind, offBecause, keyOf }) =>
        (kind === 'malicious' || kind === 'suspicious') && offBecause === undefined && keyOf === undefined,
    );
    expect(incriminating.length).toBeGreaterThanOrEqual(3);
    expect(incriminating.length).toBeLessThanOrEqual(5);
  });

  it('has no list on whose terms are not stated or forbid some use', () => {
    const doubtful = CATALOGUE.filter(
      ({ licence, offBecause }) => /not stated|-NC/.test(licence.name) && offBecause === undefined,
    );
    expect(doubtful).toEqual([]);
  });
});

describe('what a site chooses', () => {
  it('is by default what the catalogue has on', () => {
    expect(namesOf({})).toEqual(
      CATALOGUE.filter(({ offBecause }) => offBecause === undefined).map(({ name }) => name),
    );
  });

  it.each([
    ['a list of its own', { own: [OWN] }, 'own', true],
    ['a list in a bucket', { own: [{ ...OWN, url: 's3://site-lists/daily/own list.txt' }] }, 'own', true],
    ['a list that is off', { on: ['DShield block'] }, 'DShield block', true],
    ['no list that it switches off', { off: ['Spamhaus DROP'] }, 'Spamhaus DROP', false],
    ['nothing of the catalogue', { catalogue: false, own: [OWN] }, 'Spamhaus DROP', false],
  ])('can be %s', (_, choice, name, isChosen) => {
    expect(namesOf(choice).includes(name)).toBe(isChosen);
  });

  it.each([
    ['an unknown name', { on: ['spamhouse'] }, 'the catalogue has no list "spamhouse"'],
    ['an unknown key', { extra: 1 }, 'Unrecognized key'],
    ['a name of the catalogue', { own: [{ ...OWN, name: 'IPsum' }] }, 'the name of another list'],
    ['a name twice', { own: [OWN, OWN] }, 'the name of another list'],
    ['plain http', { own: [{ ...OWN, url: 'http://lists.example.com/own.txt' }] }, 'expected https'],
    [
      'plain http of another machine',
      { own: [{ ...OWN, url: 'http://10.0.0.1/own.txt', plainHttp: true }] },
      'expected https',
    ],
    [
      'a bucket that cannot be',
      { own: [{ ...OWN, url: 's3://No_Bucket/own.txt' }] },
      'expected s3://BUCKET/KEY',
    ],
    ['a bucket without a key', { own: [{ ...OWN, url: 's3://site-lists/' }] }, 'expected s3://BUCKET/KEY'],
    ['more than one object', { own: [{ ...OWN, url: 's3://site-lists/*.txt' }] }, 'expected s3://BUCKET/KEY'],
    [
      "a provider's key for a bucket",
      { own: [{ ...OWN, url: 's3://site-lists/own.txt', keyOf: 'abuseipdb' }] },
      'expected an https url',
    ],
    [
      'a KMS key without a bucket',
      { own: [{ ...OWN, keyArn: 'arn:aws:kms:eu-central-1:111122223333:key/1111-2222' }] },
      'expected a url such as s3://bucket/key',
    ],
    [
      'no KMS key',
      { own: [{ ...OWN, url: 's3://site-lists/own.txt', keyArn: 'alias/site' }] },
      'expected the ARN of a KMS key',
    ],
    ['neither URL nor entries', { own: [{ ...OWN, url: undefined }] }, 'either a url or entries'],
    ['both', { own: [{ ...OWN, entries: ['192.0.2.1'] }] }, 'either a url or entries'],
    ['no weight', { own: [{ ...OWN, weight: 1 }] }, 'more than 1'],
    [
      'a weight of what has none',
      { own: [{ ...OWN, kind: 'known-good' }] },
      'a known-good list has no weight',
    ],
    ['a misspelt key of a list', { own: [{ ...OWN, wieght: 3 }] }, 'Unrecognized key'],
  ])('is refused with %s', (_, choice, reason) => {
    const { error } = feedChoice.safeParse(choice);
    expect(error?.issues.map(({ message }) => message).join('; ')).toContain(reason);
  });
});
