import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FanOut } from '../../../lib/activity/fan-out.ts';
import { siteHosts } from '../../../lib/announcement/site-hosts.ts';
import { updateFinding } from '../../../lib/announcement/update-finding.ts';
import type { Finding } from '../../../lib/store/finding.ts';
import { knock, sighting } from '../../factories/sightings.ts';

type Seen = ReturnType<typeof sighting>;

function found(seen: Seen, changes: Partial<Finding> = {}): Finding {
  const finding = updateFinding(undefined, [seen]);
  if (finding === undefined) throw new Error('nothing that needs a human');
  return { ...finding, ...changes };
}

function trying(host: string, unanswered = 39): FanOut {
  return {
    host,
    pattern: 'sweep',
    connections: 40,
    unanswered,
    addresses: 40,
    ports: 1,
    port: 445,
    protocol: 'tcp',
  };
}

const CALLING = found(sighting({ hosts: ['10.0.0.7', '10.0.0.8'] }));
const CALLED_TOO = found(sighting({ address: '203.0.113.10', hosts: ['10.0.0.8'], score: 0.75 }));
const GUESSING = found(
  sighting({ address: '203.0.113.11', direction: 'inbound', hosts: ['10.0.0.5'], score: 0.9 }),
  { pattern: 'guessing' },
);
const ANSWERED = found(
  sighting({ address: '203.0.113.12', direction: 'inbound', hosts: ['10.0.0.2'], score: 0.99 }),
);
const DOUBTFUL = found(sighting({ address: '203.0.113.13', hosts: ['10.0.0.1'] }), {
  reasons: ['uncertain'],
});
const ALL = [DOUBTFUL, ANSWERED, GUESSING, CALLED_TOO, CALLING];
const TRYING = [trying('10.0.0.3'), trying('10.0.0.4', 40)];
const ORDER = ['10.0.0.8', '10.0.0.7', '10.0.0.4', '10.0.0.3', '10.0.0.5', '10.0.0.2', '10.0.0.1'];

const namesOf = (findings: readonly Finding[], fanOuts: readonly FanOut[] = []) =>
  siteHosts(findings, fanOuts).map(({ host }) => host);

describe('the hosts of a site', () => {
  it('come by who has to act first, whatever the order of what was found', () => {
    const anyOrder = fc.tuple(
      fc.shuffledSubarray(ALL, { minLength: ALL.length }),
      fc.shuffledSubarray(TRYING, { minLength: TRYING.length }),
    );
    fc.assert(
      fc.property(anyOrder, ([findings, fanOuts]) => {
        expect(namesOf(findings, fanOuts)).toEqual(ORDER);
      }),
    );
  });

  it('have their contacts in order of urgency, and what they try', () => {
    const [first] = siteHosts(ALL, [trying('10.0.0.8')]);

    expect(first).toEqual({
      host: '10.0.0.8',
      contacts: [CALLING, CALLED_TOO],
      fanOut: trying('10.0.0.8'),
    });
  });

  it('that try many targets come before those that a scanner reached, though they answered one too', () => {
    expect(namesOf([ANSWERED, GUESSING], [trying('10.0.0.2')])).toEqual(['10.0.0.2', '10.0.0.5']);
  });

  it('are not named by what only knocked, nor where nobody knows which side is theirs', () => {
    expect(namesOf([found(knock()), found(sighting({ direction: 'external' }))])).toEqual([]);
  });
});
