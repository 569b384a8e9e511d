import { describe, expect, it } from 'vitest';
import type { Sighting } from '../../../lib/announcement/sighting.ts';
import type { AllowedBy } from '../../../lib/assessment/score-address.ts';
import { sightingsOf } from '../../../lib/assessment/sightings.ts';
import { allowEntryId } from '../../../lib/intelligence/allowlist/allow-target.ts';
import { Allowlist, allowedBy } from '../../../lib/intelligence/allowlist/allowlist.ts';
import { readAddressItems } from '../../../lib/store/read-address-items.ts';
import { queuedMessage, SENT_AT_MS, scoreMessage, scoringOptions } from '../../factories/messages.ts';
import { jsonLines, sensorRecord } from '../../factories/records.ts';

const REMOTE = '8.8.4.4';
const ACCUSED = { virustotal: { malicious_vendors: 60, total_vendors: 94 } };
const answered = { state: 'answered', bytes_out: 500, bytes_in: 400 };
const silent = { state: 'unanswered', bytes_out: 0, bytes_in: 0 };

const call = (more: object = {}) =>
  sensorRecord({
    ...{ src_ip: '10.0.0.5', dst_ip: REMOTE, dst_port: 443, protocol: 'tcp', timestamp: 1_700_000_000 },
    ...{ local_orig: true, local_resp: false, threat_intel: ACCUSED, ...answered, ...more },
  });
const visit = (more: object = {}) =>
  call({ src_ip: REMOTE, dst_ip: '10.0.0.20', dst_port: 22, local_orig: false, local_resp: true, ...more });

function sightings(records: readonly object[], options = scoringOptions()): Sighting[] {
  const unit = scoreMessage(queuedMessage({ body: jsonLines(records) }), options);
  return unit.addresses.flatMap((address) => sightingsOf(unit, address, options));
}

describe('the sightings of a unit', () => {
  it('sum up each address and direction that needs a human', () => {
    const found = sightings([
      call(),
      call({ src_ip: '10.0.0.6', dst_port: 8443, timestamp: 1_700_000_050.5 }),
      call({ ...silent, timestamp: 1_700_000_020 }),
      visit(),
      sensorRecord(),
    ]);

    expect(found).toHaveLength(2);
    expect(found.find(({ direction }) => direction === 'outbound')).toMatchObject({
      address: REMOTE,
      day: '2023-11-14',
      ingestedAtMs: Math.floor(SENT_AT_MS / 60_000) * 60_000,
      reasons: ['malicious'],
      isMaliciousByConsensus: true,
      usesConsensus: true,
      connections: 3,
      answered: 2,
      tellsAnswers: true,
      localHosts: new Set(['10.0.0.5', '10.0.0.6']),
      firstSeenMs: 1_700_000_000_000,
      lastSeenMs: 1_700_000_050_500,
    });
    expect(found.find(({ direction }) => direction === 'inbound')).toMatchObject({
      localHosts: new Set(['10.0.0.20']),
      services: new Map([['22/tcp', { port: 22, protocol: 'tcp' }]]),
      connections: 1,
    });
  });

  it('name the assessment with the worst score by the id that readers know it by', () => {
    const records = [call(), call({ dst_port: 53, threat_intel: undefined })];
    const { items } = scoreMessage(queuedMessage({ body: jsonLines(records) }), scoringOptions());
    const stored = items.flatMap((item) => readAddressItems([item]));
    const worst = stored.toSorted((a, b) => b.assessment.threat_score - a.assessment.threat_score)[0];

    expect(sightings(records).map(({ assessmentId }) => assessmentId)).toEqual([worst?.id]);
  });

  it('do not say that nothing was answered where the sensor does not tell', () => {
    const untold = { state: undefined, bytes_out: undefined, bytes_in: undefined };

    expect(sightings([visit(untold)])).toMatchObject([{ answered: 0, tellsAnswers: false }]);
    expect(sightings([visit(silent)])).toMatchObject([{ answered: 0, tellsAnswers: true }]);
  });

  it('are none of what nobody has to look at', () => {
    expect(sightings([sensorRecord(), call({ threat_intel: undefined })])).toEqual([]);
  });

  it('keep apart what the allowlist covers of an address, which comes back without it', () => {
    const entry = { network: `${REMOTE}/32`, port: 443, reason: 'ours', owner: 'soc', addedAtMs: SENT_AT_MS };
    const allowing = allowedBy(
      new Allowlist([{ ...entry, id: allowEntryId(entry) }]),
      SENT_AT_MS,
    ) as AllowedBy;

    const found = sightings([call(), call({ dst_port: 8443 })], scoringOptions({ allowedBy: allowing }));

    expect(
      found.map(({ isAllowed, services, reasons }) => [isAllowed, [...services.keys()], reasons]),
    ).toEqual(
      expect.arrayContaining([
        [true, ['443/tcp'], ['malicious']],
        [undefined, ['8443/tcp'], ['malicious']],
      ]),
    );
  });
});
