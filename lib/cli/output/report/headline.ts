import { counted, grouped } from '../../../statistics/count-text.ts';
import type { SiteReport } from '../../results/site-report.ts';

/**
 * The conclusion of a report, at a glance.
 *
 * - `alarming`: something malicious was in contact with the site
 * - `unsure`: nothing malicious, but something that a human has to judge; or nothing arrived, which is not good news
 * - `quiet`: nothing needs a human
 */
export interface Headline {
  readonly state: 'alarming' | 'unsure' | 'quiet';
  readonly text: string;
}

export function headlineOf({ counts, hosts, traffic }: SiteReport): Headline {
  if (traffic.messages === 0)
    return {
      state: 'unsure',
      text: 'No records arrived in this period: check that the sensors are still sending',
    };
  const { malicious, new_malicious, attention, labelled_malicious } = counts;
  const calling = hosts.filter(({ calls }) => calls.length > 0).length;
  if (malicious > 0) {
    const called =
      calling === 0
        ? ''
        : `; ${counted(calling, 'host')} of your own ${calling === 1 ? 'calls' : 'call'} such an address`;
    const text = `${counted(malicious, 'malicious address')}, ${newsText(malicious, new_malicious)}${labelText(malicious, labelled_malicious)}${called}`;
    return { state: 'alarming', text };
  }
  if (attention > 0)
    return {
      state: 'unsure',
      text: `Nothing malicious; ${counted(attention, 'address')} ${attention === 1 ? 'needs' : 'need'} a human's judgement`,
    };
  const isBlind = traffic.assessments > 0 && traffic.without_evidence === traffic.assessments;
  if (isBlind)
    return {
      state: 'unsure',
      text: 'Nothing needs attention, but nothing is known about any address either',
    };
  return { state: 'quiet', text: 'Nothing needs attention' };
}

function newsText(all: number, news: number): string {
  if (news === 0) return all === 1 ? 'known before' : 'all known before';
  if (news === all) return all === 1 ? 'new' : 'all new';
  return `${grouped(news)} of them new`;
}

function labelText(all: number, labelled: number): string {
  if (labelled === 0) return '';
  return labelled >= all ? ', labelled already' : `, ${grouped(labelled)} labelled already`;
}
