import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Alerts } from '../../../lib/records/alerts.ts';
import { MAX_RECORD_BYTES, parseRecord } from '../../../lib/records/connection-record.ts';
import { withAlerts } from '../../../lib/records/with-alerts.ts';
import { canonicalText, rejectionReason, sensorRecord } from '../../factories/records.ts';
import { eveAlert, eveFlow } from '../../factories/sensor-logs.ts';

type Fields = Readonly<Record<string, unknown>>;

function alertIn(event: Fields) {
  const parsed = parseRecord(event);
  if (parsed.ok) throw new TypeError('unexpectedly a record');
  return parsed;
}

function alertsOf(events: readonly Fields[]): Alerts {
  const alerts = new Alerts();
  for (const event of events) {
    const { alert } = alertIn(event);
    if (alert !== undefined) alerts.add(alert);
  }
  return alerts;
}

function recordOf(event: Fields) {
  const parsed = parseRecord(event);
  if (!parsed.ok) throw new TypeError(parsed.reason);
  return parsed;
}

/** A flow's record fields besides the alerts. */
function detectionsBeside(events: readonly Fields[], flow: Fields = eveFlow()) {
  return withAlerts(recordOf(flow), alertsOf(events))?.record.detections;
}

const RULE = {
  signature: 'ET MALWARE Checkin',
  signature_id: 2_025_000,
  severity: 1,
  category: 'A Network Trojan was detected',
  action: 'allowed',
} as const;

describe('an alert', () => {
  it('is skipped, and says what fired on which flow', () => {
    expect(alertIn(eveAlert())).toEqual({
      ok: false,
      skipped: 'alert',
      reason: expect.any(String),
      alert: {
        flowId: String(eveFlow().flow_id),
        addresses: ['10.20.4.9', '203.0.113.7'],
        detection: RULE,
      },
    });
  });

  it.each<[string, Fields]>([
    ['without a body, as some exports have it', { alert: undefined }],
    ['of a rule without name and number', { alert: { severity: 1 } }],
    ['without a flow', { flow_id: undefined }],
    ['whose flow is no id', { flow_id: { $ne: 1 } }],
    ['without an address', { src_ip: undefined }],
    ['with something else for an address', { dest_ip: 'x' }],
  ])('%s is skipped and says nothing', (_, changes) => {
    expect(alertIn(eveAlert(changes))).toMatchObject({ ok: false, skipped: 'alert' });
    expect(alertIn(eveAlert(changes))).not.toHaveProperty('alert');
  });

  it.each<[string, Fields, Fields]>([
    ['a name over several lines', { signature: ' a\u0000\r\n\u2028b\u001b[31m ' }, { signature: 'a b [31m' }],
    ['a long name', { signature: 'x'.repeat(1_000) }, { signature: 'x'.repeat(120) }],
    ['a broken name', { signature: '\ud83d' }, { signature: 'rule 2025000' }],
    ['no name', { signature: undefined }, { signature: 'rule 2025000' }],
    ['a number that is none', { signature_id: '7' }, { signature_id: undefined }],
    ['a low severity', { severity: 255 }, { severity: 4 }],
    ['no severity', { severity: undefined }, { severity: 4 }],
    ['a severity that is none', { severity: -1 }, { severity: 4 }],
    ['another action', { action: 'nuked' }, { action: undefined }],
    ['a long category', { category: 'y'.repeat(99) }, { category: 'y'.repeat(60) }],
  ])('with %s is read as far as it can be', (_, changes, expected) => {
    const { alert } = alertIn(eveAlert({ alert: { ...RULE, ...changes } }));

    expect({ ...RULE, ...alert?.detection, ...expected }).toEqual({ ...RULE, ...expected });
    expect(alert?.detection).toMatchObject(JSON.parse(JSON.stringify(expected)));
  });
});

describe('alerts', () => {
  it('become part of the record of their flow, whichever side sent the packet', () => {
    const answer = eveAlert({
      src_ip: '203.0.113.7',
      dest_ip: '10.20.4.9',
      alert: { ...RULE, signature_id: 7 },
    });

    expect(detectionsBeside([eveAlert(), answer])).toEqual([RULE, { ...RULE, signature_id: 7 }]);
  });

  it.each<[string, Fields]>([
    ['another flow', { flow_id: 1 }],
    ['a flow of the same id between others', { dest_ip: '203.0.113.8' }],
    ['a flow of the same id from a host to itself', { src_ip: '203.0.113.7' }],
  ])('of %s leave a record alone', (_, changes) => {
    expect(detectionsBeside([eveAlert(changes)])).toBeUndefined();
  });

  it('name each rule once, with the gravest that was said of it', () => {
    const low = eveAlert({ alert: { ...RULE, severity: 3, signature: 'renamed' } });

    expect(detectionsBeside([low, eveAlert(), eveAlert(), low])).toEqual([RULE]);
  });

  it('keep the eight gravest', () => {
    const many = Array.from({ length: 30 }, (_, n) =>
      eveAlert({ alert: { ...RULE, signature_id: n, severity: n < 25 ? 3 : 1 } }),
    );

    const found = detectionsBeside(many) ?? [];
    expect(found).toHaveLength(8);
    expect(found.filter(({ severity }) => severity === 1)).toHaveLength(5);
  });

  it('say the same in any order, however often they come, and beside themselves', () => {
    const event = fc
      .record({
        id: fc.nat(12),
        severity: fc.integer({ min: 1, max: 4 }),
        action: fc.constantFrom('allowed', 'blocked'),
      })
      .map(({ id, severity, action }) =>
        eveAlert({ alert: { signature: `rule ${id}`, signature_id: id, severity, action } }),
      );
    fc.assert(
      fc.property(
        fc
          .array(event, { minLength: 1, maxLength: 20 })
          .chain((events) =>
            fc.tuple(
              fc.constant(events),
              fc.shuffledSubarray([...events, ...events], { minLength: 2 * events.length }),
            ),
          ),
        ([events, shuffled]) => {
          const once = withAlerts(recordOf(eveFlow()), alertsOf(events));

          expect(withAlerts(recordOf(eveFlow()), alertsOf(shuffled))).toEqual(once);
          expect(once && withAlerts(once, alertsOf(shuffled))).toBeUndefined();
          expect(once && canonicalText(JSON.parse(once.canonical))).toBe(once?.canonical);
        },
      ),
    );
  });

  it('never make a record too large', () => {
    const flow = eveFlow({ note: 'x'.repeat(MAX_RECORD_BYTES - 600) });
    const many = Array.from({ length: 8 }, (_, n) =>
      eveAlert({
        alert: { ...RULE, signature: 'x'.repeat(120), signature_id: n, severity: n === 0 ? 1 : 2 },
      }),
    );

    const added = withAlerts(recordOf(flow), alertsOf(many));
    expect(added?.record.detections?.[0]).toMatchObject({ signature_id: 0, severity: 1 });
    expect(added?.record.detections?.length).toBeLessThan(3);
    expect(Buffer.byteLength(added?.canonical ?? '')).toBeLessThanOrEqual(MAX_RECORD_BYTES);
  });

  it('keep a record as it is where there is no room at all', () => {
    const flow = eveFlow({ note: 'x'.repeat(MAX_RECORD_BYTES - 300) });

    expect(withAlerts(recordOf(flow), alertsOf([eveAlert()]))).toBeUndefined();
  });
});

describe('a record with detections of its own', () => {
  it('keeps them', () => {
    expect(recordOf(sensorRecord({ detections: [RULE] })).record.detections).toEqual([RULE]);
  });

  it.each<[string, unknown, string]>([
    ['no list', 7, 'detections: expected an array, got 7'],
    ['no name', [{ severity: 1 }], 'detections.0.signature: missing'],
    [
      'a severity that is none',
      [{ ...RULE, severity: 0 }],
      'detections.0.severity: expected at least 1, got 0',
    ],
    ['too many', Array.from({ length: 9 }, () => RULE), 'detections: expected at most 8, got an array'],
    [
      'a name that is too long',
      [{ ...RULE, signature: 'x'.repeat(121) }],
      expect.stringContaining('at most 120'),
    ],
  ])('is refused where it has %s', (_, value, reason) => {
    expect(rejectionReason(sensorRecord({ detections: value }))).toEqual(reason);
  });

  it("is not what a sensor's own field of that name makes", () => {
    expect(recordOf(eveFlow({ detections: 'x' })).record).not.toHaveProperty('detections');
  });
});
