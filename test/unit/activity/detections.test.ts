import { describe, expect, it } from 'vitest';
import { findDetections } from '../../../lib/activity/detections.ts';
import { Alerts } from '../../../lib/records/alerts.ts';
import { remoteEndpoint } from '../../../lib/records/endpoint.ts';
import { createLocality } from '../../../lib/records/locality.ts';
import { connectionRecord } from '../../factories/records.ts';

const isLocal = createLocality([]);
const RULE = { signature: 'a rule', signature_id: 7, severity: 1 };

function placed(changes: Readonly<Record<string, unknown>>) {
  const record = connectionRecord({ dst_port: 443, protocol: 'tcp', ...changes });
  return { record, endpoint: remoteEndpoint(record, isLocal) };
}

const INBOUND = { src_ip: '45.9.9.7', dst_ip: '172.16.1.11', dst_port: 22 };

describe('what was detected', () => {
  it('is evidence of the endpoint, for all of its connections and no others', () => {
    const alerted = placed({
      dst_ip: '45.9.9.7',
      detections: [{ ...RULE, category: 'x', action: 'blocked' }],
    });
    const silent = placed({ dst_ip: '45.9.9.7', id: 'another' });
    const others = [
      placed({ dst_ip: '45.9.9.7', dst_port: 80 }),
      placed({ dst_ip: '45.9.9.8' }),
      placed({ src_ip: '45.9.9.7', dst_ip: '172.16.1.11' }),
    ];

    const detectionsOf = findDetections([silent, alerted, ...others]);
    expect(detectionsOf(silent.endpoint)).toEqual([RULE]);
    for (const { endpoint } of others) expect(detectionsOf(endpoint)).toBeUndefined();
  });

  it.each<[string, Readonly<Record<string, unknown>>, boolean]>([
    ['an unanswered connection from outside', { ...INBOUND, state: 'unanswered' }, true],
    ['one of which nobody knows whether it was answered', INBOUND, true],
    ['a datagram, answered or not', { ...INBOUND, protocol: 'udp', state: 'answered' }, true],
    ['an answered TCP connection from outside', { ...INBOUND, state: 'answered' }, false],
    ['a connection from inside', { dst_ip: '45.9.9.7', state: 'unanswered' }, false],
  ])('on %s is marked as what anybody can forge, or not', (_, changes, isForgeable) => {
    const connection = placed({ ...changes, detections: [RULE] });

    expect(findDetections([connection])(connection.endpoint)).toEqual([
      { ...RULE, ...(isForgeable && { forgeable: true }) },
    ]);
  });

  it('is firm where one of the connections is, whatever their order', () => {
    const forged = placed({ ...INBOUND, state: 'unanswered', detections: [RULE] });
    const firm = placed({ ...INBOUND, state: 'answered', detections: [{ ...RULE, severity: 2 }] });

    for (const connections of [
      [forged, firm],
      [firm, forged],
    ])
      expect(findDetections(connections)(firm.endpoint)).toEqual([{ ...RULE, severity: 2 }]);
  });

  it('comes with the record or apart from it, once', () => {
    const alerts = new Alerts();
    alerts.add({ flowId: 'C1', addresses: ['45.9.9.7', '172.16.1.11'], detection: { ...RULE, severity: 2 } });
    alerts.add({
      flowId: 'C1',
      addresses: ['45.9.9.8', '172.16.1.11'],
      detection: { ...RULE, signature_id: 8 },
    });
    const apart = placed({ dst_ip: '45.9.9.7', id: 'C1' });
    const both = placed({ dst_ip: '45.9.9.7', id: 'C1', detections: [RULE] });

    expect(findDetections([apart], alerts)(apart.endpoint)).toEqual([{ ...RULE, severity: 2 }]);
    for (const connections of [
      [apart, both],
      [both, apart],
    ])
      expect(findDetections(connections, alerts)(apart.endpoint)).toEqual([RULE]);
  });

  it('leaves room for what is firm, however many others are forged', () => {
    const rules = (from: number, severity: number) =>
      Array.from({ length: 8 }, (_, n) => ({ signature: `${from + n}`, severity }));
    const forged = [100, 200].map((from) => placed({ ...INBOUND, detections: rules(from, 1) }));
    const firm = placed({ ...INBOUND, state: 'answered', detections: rules(300, 3) });

    const found = findDetections([...forged, firm])(firm.endpoint) ?? [];
    expect(found.filter(({ forgeable }) => forgeable !== true)).toHaveLength(8);
    expect(found).toHaveLength(16);
  });
});
