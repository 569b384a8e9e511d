import { describe, expect, it } from 'vitest';
import type { FanOut } from '../../../../lib/activity/fan-out.ts';
import type { SurveyResult } from '../../../../lib/activity/site-survey.ts';
import { hostsLine } from '../../../../lib/cli/output/assessments/hosts-line.ts';
import { fanOutLines } from '../../../../lib/cli/output/fan-out-lines.ts';
import { knockLines } from '../../../../lib/cli/output/knock-lines.ts';
import { lackingLines } from '../../../../lib/cli/output/lacking-lines.ts';
import { surveyLines } from '../../../../lib/cli/output/survey-lines.ts';
import { sumStatistics, type Totals } from '../../../../lib/statistics/unit-tally.ts';
import type { ReadAssessment } from '../../../../lib/store/read-address-items.ts';
import { plainAssessment } from '../../../factories/assessments.ts';
import { connectionRecord } from '../../../factories/records.ts';

const FAN_OUT: FanOut = {
  host: '10.0.0.5',
  pattern: 'sweep',
  connections: 1_300,
  unanswered: 1_150,
  addresses: 1_200,
  ports: 1,
  port: 445,
  protocol: 'tcp',
};

const SURVEY: SurveyResult = {
  connections: 1_000,
  withoutLocalSide: 0,
  homeCandidates: [],
  tcpConnections: 900,
  answeredTcp: 400,
  isOneSided: false,
};

function read(overrides: Partial<ReadAssessment> = {}): ReadAssessment {
  return {
    id: 'id',
    address: '203.0.113.9',
    unit: 'unit',
    endpoints: ['22/tcp/inbound'],
    ingestedAtMs: 0,
    latestMs: 0,
    assessment: plainAssessment(),
    connections: [],
    ...overrides,
  };
}

describe('hosts that try many targets', () => {
  it.each([
    [
      [FAN_OUT],
      '  10.0.0.5 tried 1,200 addresses at port 445/tcp; 1,150 of 1,300 connections were not answered',
    ],
    [
      [{ ...FAN_OUT, addresses: 1, ports: 90, port: 22 }],
      '  10.0.0.5 tried 90 ports of 1 address, most often 22/tcp; 1,150 of 1,300 connections were not answered',
    ],
  ])('are a line each', (fanOuts, line) => {
    expect(fanOutLines(fanOuts)).toEqual([
      'Your own hosts that try many targets: infected, or your own scanners',
      line,
    ]);
  });

  it('are nothing where there are none, and a number where there are many', () => {
    expect(fanOutLines([])).toEqual([]);
    expect(fanOutLines(Array.from({ length: 8 }, () => FAN_OUT)).slice(6)).toEqual(['  and 3 more']);
  });
});

describe('what a log lacks', () => {
  it('is nothing where all is well', () => {
    expect(surveyLines(SURVEY)).toEqual([]);
    expect(surveyLines({ ...SURVEY, withoutLocalSide: 49 })).toEqual([]);
  });

  it('is its networks, with a question and what to add', () => {
    const found: SurveyResult = {
      ...SURVEY,
      withoutLocalSide: 800,
      homeCandidates: [{ address: '147.32.81.167', share: 0.742, role: 'receives' }],
    };

    const lines = surveyLines(found, ['192.0.2.0/24']);

    expect(lines[0]).toMatch(/^Which side is yours\? In 800 of 1,000 connections/);
    expect(lines).toContain('  147.32.81.167 receives 74 % of all connections; is it yours?');
    expect(lines.at(-1)).toBe('  If so, add --home 192.0.2.0/24,147.32.81.167/32');
    expect(surveyLines({ ...found, homeCandidates: [] }).at(-1)).toMatch(/--home CIDR/);
  });

  it('is the other direction, with why scores say less', () => {
    const lines = surveyLines({ ...SURVEY, answeredTcp: 3, isOneSided: true });

    expect(lines[0]).toMatch(/^Only 3 of 900 TCP connections show an answer/);
    expect(lines).toHaveLength(2);
  });
});

describe('what nobody knows', () => {
  const totals = (overrides: Partial<Totals>): Totals => ({ ...sumStatistics([]), ...overrides });

  it('is said in words, with what to do', () => {
    const lines = lackingLines(totals({ assessments: 78, consensus_assessments: 78, without_evidence: 78 }));

    expect(lines[0]).toBe('Nothing is known about any of the 78 endpoints');
    expect(lines.at(-1)).toContain('docs/intelligence.md');
  });

  it('is a share where something is known, and nothing where most is', () => {
    const of = (without_evidence: number) =>
      lackingLines(totals({ assessments: 1_000, consensus_assessments: 1_000, without_evidence }));

    expect(of(900)[0]).toBe('Nothing is known about 900 of the 1,000 endpoints');
    expect(of(499)).toEqual([]);
  });

  it('does not ask for what was asked already', () => {
    const looked = totals({
      assessments: 9,
      consensus_assessments: 9,
      without_evidence: 9,
      lookups: { virustotal: { unknown: 9 } },
    });

    expect(lackingLines(looked).join('\n')).not.toContain('docs/intelligence.md');
  });

  it('is nothing where the scorers were not asked', () => {
    expect(lackingLines(totals({ assessments: 9, without_evidence: 9 }))).toEqual([]);
  });
});

describe('knocks', () => {
  const connections = [connectionRecord({ src_ip: '203.0.113.9', dst_ip: '10.0.0.7' })];
  const knocks = {
    addresses: 30,
    connections: 1_000,
    maliciousAddresses: 12,
    worst: [read({ connections })],
  };

  it('are one line', () => {
    expect(knockLines(knocks, false)).toEqual([
      'Unanswered from outside: 1,000 connections from 30 addresses, 12 of them malicious by what they ' +
        'tried (--knocks lists the worst)',
    ]);
    expect(knockLines({ ...knocks, addresses: 0 }, true)).toEqual([]);
  });

  it('are listed on request', () => {
    expect(knockLines(knocks, true).slice(1)).toEqual([
      '  0.400  203.0.113.9      1 connection, at 10.0.0.7',
      '  and 29 more addresses',
    ]);
  });
});

describe('whom an assessment is about', () => {
  const to = (dst_ip: string) => connectionRecord({ src_ip: '203.0.113.9', dst_ip });

  it.each([
    ['scan', ['10.0.0.7'], 'scan of 10.0.0.7'],
    ['guessing', ['10.0.0.7', '10.0.0.7', '10.0.0.8'], 'guessing at 10.0.0.7, 10.0.0.8'],
    [
      'sweep',
      ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5'],
      'sweep of 10.0.0.1, 10.0.0.2, 10.0.0.3 and 2 more',
    ],
    [undefined, ['10.0.0.7'], 'at 10.0.0.7'],
  ] as const)('names the hosts of the site: %s', (pattern, hosts, expected) => {
    const assessment = plainAssessment(pattern === undefined ? {} : { pattern });

    expect(hostsLine(read({ assessment, connections: hosts.map(to) }))).toBe(expected);
  });

  it('names those that began', () => {
    const connections = [connectionRecord({ src_ip: '10.0.0.5', dst_ip: '203.0.113.9' })];
    const assessment = plainAssessment({
      pattern: 'beacon',
      input: { activity: { connections: 200, hosts: 1, services: 1 } },
    });

    expect(hostsLine(read({ assessment, connections, endpoints: ['443/tcp/outbound'] }))).toBe(
      'beacon from 10.0.0.5, 200+ connections in all',
    );
  });
});
