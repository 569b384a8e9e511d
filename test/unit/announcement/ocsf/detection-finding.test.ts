import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ANNOUNCEMENT_KINDS, FINDING_KINDS } from '../../../../lib/announcement/announcement.ts';
import { detectionFinding } from '../../../../lib/announcement/ocsf/detection-finding.ts';
import { PATTERNS } from '../../../../lib/consensus/activity-evidence.ts';
import { DIRECTIONS } from '../../../../lib/consensus/scoring-input.ts';
import { digest, findingAnnouncement } from '../../../factories/announcements.ts';
import { findingProblems } from '../../../fixtures/ocsf/validate-finding.ts';

describe('an announcement as a Detection Finding of OCSF', () => {
  it.each(FINDING_KINDS)('is valid for %s', (kind) => {
    expect(findingProblems(detectionFinding(findingAnnouncement({ kind }), 'prod'))).toEqual([]);
  });

  it('is valid for a digest', () => {
    expect(findingProblems(detectionFinding(digest(), 'prod'))).toEqual([]);
  });

  it('knows an event that is not valid', () => {
    const { finding_info: _, ...event } = detectionFinding(digest(), 'prod');

    expect(findingProblems(event)).toEqual([" must have required property 'finding_info'"]);
    expect(findingProblems({ ...detectionFinding(digest(), 'prod'), score: 1 })).toHaveLength(1);
  });

  it('keeps its uids, and those of two environments apart', () => {
    const { metadata, finding_info } = detectionFinding(findingAnnouncement(), 'prod');

    expect(metadata.uid).toBe(`prod/${findingAnnouncement().uid}`);
    expect(finding_info.uid).toBe('prod/203.0.113.9/2026-11-27/outbound');
    expect(detectionFinding(findingAnnouncement(), 'dev').metadata.uid).not.toBe(metadata.uid);
  });

  it('says what OCSF has a place for there, and the rest as unmapped', () => {
    const event = detectionFinding(findingAnnouncement(), 'prod');

    expect(event).toMatchObject({
      activity_id: 1,
      type_uid: 200_401,
      severity_id: 4,
      status: 'New',
      risk_score: 82,
      confidence_score: 80,
      count: 57,
      is_alert: true,
      verdict: 'Suspicious',
      evidences: [
        {
          src_endpoint: { ip: '10.0.0.7' },
          dst_endpoint: { ip: '203.0.113.9', port: 8443 },
          connection_info: { direction: 'Outbound', protocol_name: 'tcp' },
        },
      ],
      resources: [{ ip: '10.0.0.7' }],
      unmapped: {
        score: 0.82,
        pattern: 'beacon',
        votes: { rule_based: { score: 0.85, confidence: 0.9 } },
        command: 'threat-consensus assessments 203.0.113.9',
      },
    });
    expect(event.finding_info.related_analytics?.map(({ name, type }) => [name, type])).toEqual([
      ['statistical', 'Statistical'],
      ['rule_based', 'Rule'],
      ['ml_based', 'Learning (ML/DL)'],
    ]);
  });

  it('has a message that people read', () => {
    expect(detectionFinding(findingAnnouncement(), 'prod').message.split('\n')).toEqual([
      '[prod] 10.0.0.7 calls a malicious address, 203.0.113.9 (score 0.82)',
      '57 outbound connections, 57 answered, to 8443/tcp, of 10.0.0.7; it is contacted at regular intervals. First ' +
        'seen 2026-11-27 13:30:00Z, last seen 2026-11-27 14:29:00Z.',
      'Scored by consensus, malicious from 0.70. statistical 0.82: regular calls every 60 s. rule_based 0.85: beacon: brief calls at regular intervals. ml_based 0.78: calls like those of known beacons.',
      'Details: threat-consensus assessments 203.0.113.9',
    ]);
    expect(detectionFinding(digest({ heldBack: 4 }), 'prod').message.split('\n')).toEqual([
      '[prod] 2026-11-27 14:30 to 15:30 UTC: 3 malicious addresses knocked, none were answered',
      'Of them 2 probed closed services on a host, 1 probed a service on many hosts. 4 more announcements were held ' +
        'back by the hourly limit.',
      'Worst: 198.51.100.7 (0.81).',
      'Details: threat-consensus attention --since 2026-11-27T14:30:00.000Z',
    ]);
  });

  it.each([
    [
      { localHostCount: 3, localHosts: ['10.0.0.7', '10.0.0.8', '10.0.0.9'] },
      '3 local hosts (10.0.0.7 and others) call a malicious address, 203.0.113.9 (score 0.82)',
    ],
    [{ kind: 'worse', previousScore: 0.71 }, '203.0.113.9 got worse: score 0.82, was 0.71'],
    [{ kind: 'cleared' }, '203.0.113.9 was cleared by a label'],
    [
      { direction: 'inbound', answered: 4, pattern: 'visitor' },
      '10.0.0.7 answered a malicious address, 203.0.113.9 (score 0.82)',
    ],
    [
      { direction: 'inbound', answered: 40, pattern: 'guessing' },
      '203.0.113.9 guesses passwords at 10.0.0.7 (score 0.82)',
    ],
    [{ direction: 'inbound', answered: 0 }, '203.0.113.9 is malicious (score 0.82) and was not answered'],
    [{ direction: 'external' }, '203.0.113.9 is malicious (score 0.82)'],
  ] as const)('is titled for %j: %s', (changes, title) => {
    expect(detectionFinding(findingAnnouncement(changes), 'prod').finding_info.title).toBe(`[prod] ${title}`);
  });

  it.each([
    [{}, 'High'],
    [{ score: 0.5 }, 'Low'],
    [{ kind: 'cleared' }, 'Informational'],
    [{ direction: 'inbound', answered: 0 }, 'Low'],
    [{ direction: 'inbound', answered: 3, pattern: 'guessing' }, 'High'],
    [{ direction: 'inbound', answered: 3, pattern: 'sweep' }, 'Medium'],
    [{ direction: 'external' }, 'Medium'],
  ] as const)('of %j is %s', (changes, severity) => {
    expect(detectionFinding(findingAnnouncement(changes), 'prod').severity).toBe(severity);
  });

  it('pairs hosts and services only where it knows who used what', () => {
    const localHosts = ['10.0.0.1', '10.0.0.2'];
    const services = [
      { port: 22, protocol: 'tcp' },
      { port: 53, protocol: 'udp' },
    ];
    const evidences = (changes: Parameters<typeof findingAnnouncement>[0]) =>
      detectionFinding(findingAnnouncement({ direction: 'inbound', localHosts, ...changes }), 'prod')
        .evidences;

    const source = { ip: '203.0.113.9' };
    expect(evidences({ services: services.slice(0, 1) })).toMatchObject([
      { src_endpoint: source, dst_endpoint: { ip: '10.0.0.1', port: 22 } },
      { src_endpoint: source, dst_endpoint: { ip: '10.0.0.2', port: 22 } },
    ]);
    expect(evidences({ services })).toEqual([
      ...localHosts.map((ip) => ({
        src_endpoint: source,
        dst_endpoint: { ip },
        connection_info: { direction_id: 1, direction: 'Inbound' },
      })),
      ...services.map(({ port, protocol }) => ({
        src_endpoint: source,
        connection_info: { direction_id: 1, direction: 'Inbound', protocol_name: protocol },
        data: { port },
      })),
    ]);
  });
});

const text = fc.string({ unit: 'binary', maxLength: 1_500 });
const votes = fc.record({
  statistical: fc.record({ score: share(), confidence: share(), reasoning: text }),
  ml_based: fc.record({ score: share(), confidence: share(), reasoning: text }),
});
const findings = fc
  .record({
    kind: fc.constantFrom(...FINDING_KINDS),
    direction: fc.constantFrom(...DIRECTIONS),
    score: share(),
    pattern: fc.constantFrom(...PATTERNS),
    votes,
    answered: fc.nat(5),
    localHosts: fc.uniqueArray(fc.ipV4(), { maxLength: 20 }),
    services: fc.array(fc.record({ port: fc.nat(65_535), protocol: text }), { maxLength: 10 }),
  })
  .map((changes) => findingAnnouncement({ ...changes, localHostCount: changes.localHosts.length }));

function share() {
  return fc.double({ min: 0, max: 1, noNaN: true });
}

describe('whatever records and lists contain', () => {
  it('the event is valid, small, the same each time, and its texts are plain lines', () => {
    fc.assert(
      fc.property(findings, (announcement) => {
        const event = detectionFinding(announcement, 'prod');

        expect(findingProblems(event)).toEqual([]);
        expect(JSON.stringify(event)).toBe(JSON.stringify(detectionFinding(announcement, 'prod')));
        // Ten of them are sent in one request, whose limit is 256 KiB.
        expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThan(25_600);
        expect(event.message.split('\n')).toHaveLength(4);
        expect(event.message).not.toMatch(/[<>&"\\`@]|[^\P{C}\n]/u);
      }),
      { numRuns: 200 },
    );
  });
});

it('has a title for each kind', () => {
  const titles = ANNOUNCEMENT_KINDS.map((kind) =>
    detectionFinding(kind === 'digest' ? digest() : findingAnnouncement({ kind }), 'prod'),
  ).map(({ finding_info }) => finding_info.title);

  expect(new Set(titles).size).toBe(ANNOUNCEMENT_KINDS.length);
});
