import { SCORER_NAMES } from '../../../consensus/vote.ts';
import { grouped } from '../../../statistics/count-text.ts';
import type { DivergentAddress } from '../../../statistics/divergent-address.ts';
import { countFlips } from '../../../statistics/flips.ts';
import type { Judgement } from '../../../statistics/judged-labels.ts';
import type { ReadinessReport, ReportStep } from '../../../statistics/readiness-report.ts';
import { bar, printable, styled } from '../terminal.ts';
import { gateText } from './gate-text.ts';
import {
  difference,
  endpointText,
  flipText,
  percent,
  score,
  stepNames,
  tenth,
  verdictText,
} from './wording.ts';

const BAR_WIDTH = 24;

/** The report for a terminal: the conclusion and its gates first, then the figures behind them. */
export function reportLines(report: ReadinessReport): string[] {
  const { ready, environment, since, until, remarks, messages } = report;
  const where = environment === null ? '' : `${printable(environment)}, `;
  return [
    styled(['bold', ready ? 'green' : 'red'], verdictText(report)),
    styled('dim', `${where}${since} to ${until}`),
    '',
    ...gateLines(report),
    ...remarks.map((remark) => styled('yellow', `! ${printable(remark)}`)),
    ...(messages.compared === 0 ? [] : evidenceLines(report)),
  ];
}

function gateLines({ gates }: ReadinessReport): string[] {
  return gates.map((gate) => {
    const { title, value, threshold } = gateText(gate);
    const outcome = gate.isPassed ? styled('green', 'pass') : styled('red', 'FAIL');
    return `  ${outcome}  ${title.padEnd(22)}${value.padStart(12)}   ${styled('dim', threshold)}`;
  });
}

function evidenceLines(report: ReadinessReport): string[] {
  return [
    ...section('Both scores of the same inputs', overviewLines(report)),
    ...section('Flips at the malicious threshold', flipLines(report)),
    ...section('Scores', distributionLines(report)),
    ...section('How far the scores are apart', divergenceLines(report)),
    ...section('Agreement over time (UTC)', timeLines(report.over_time)),
    ...section('Scorers', scorerLines(report)),
    ...section('Against labels', labelLines(report)),
    ...section('Unexplained flips', addressLines(report.unexplained)),
    ...section('Where the scores differ most', addressLines(report.divergent)),
  ];
}

/** Nothing if there is nothing to say. */
function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', styled('bold', title), ...lines];
}

function row(name: string, value: string, note = ''): string {
  return `  ${name.padEnd(22)}${value.padStart(12)}${note === '' ? '' : `   ${styled('dim', note)}`}`;
}

function overviewLines({
  comparison,
  agreement_rate,
  average_difference,
  latency_ms,
}: ReadinessReport): string[] {
  const { compared, agreements } = comparison;
  return [
    row('compared', grouped(compared)),
    row('agree', grouped(agreements), percent(agreement_rate)),
    row('average difference', difference(average_difference), 'consensus minus legacy'),
    row('latency', `${latency_ms.p50 ?? '-'} ms`, `median; p99 ${latency_ms.p99 ?? '-'} ms`),
  ];
}

function flipLines({ comparison, flips, malicious_threshold }: ReadinessReport): string[] {
  const { neither, newlyMalicious, noLongerMalicious, both } = countFlips(comparison.flips);
  const cells = (name: string, counts: readonly number[]) =>
    `  ${name.padEnd(22)}${counts.map((count) => grouped(count).padStart(14)).join('')}`;
  return [
    styled('dim', `  ${''.padEnd(22)}${'consensus below'.padStart(14)}  malicious (${malicious_threshold})`),
    cells('legacy below', [neither, newlyMalicious]),
    cells('legacy malicious', [noLongerMalicious, both]),
    row('without evidence', grouped(flips.unexplained_by_evidence), 'flips without an explanation'),
    row(
      '  confirmed by labels',
      grouped(flips.confirmed_by_labels),
      `of ${grouped(flips.looked_at)} looked at`,
    ),
    row('refuted by labels', grouped(flips.refuted_by_labels), 'flips that evidence seemed to explain'),
  ];
}

function distributionLines({ comparison }: ReadinessReport): string[] {
  const { legacy_histogram, consensus_histogram } = comparison;
  const most = Math.max(1, ...legacy_histogram, ...consensus_histogram);
  const drawn = (count: number) => bar(count / most, BAR_WIDTH).padEnd(BAR_WIDTH);
  return [
    styled(
      'dim',
      `  ${''.padEnd(8)}${'legacy'.padStart(10)} ${''.padEnd(BAR_WIDTH)}${'consensus'.padStart(11)}`,
    ),
    ...legacy_histogram.map((legacy, bucket) => {
      const consensus = consensus_histogram[bucket] ?? 0;
      const left = `${grouped(legacy).padStart(10)} ${styled('blue', drawn(legacy))}`;
      return `  ${tenth(bucket).padEnd(8)}${left}${grouped(consensus).padStart(11)} ${styled('yellow', drawn(consensus))}`.trimEnd();
    }),
  ];
}

function divergenceLines({ comparison }: ReadinessReport): string[] {
  const most = Math.max(1, ...comparison.divergence_histogram);
  return comparison.divergence_histogram.map((count, bucket) =>
    `  ${tenth(bucket).padEnd(8)}${grouped(count).padStart(10)} ${bar(count / most, BAR_WIDTH)}`.trimEnd(),
  );
}

function timeLines(steps: readonly ReportStep[]): string[] {
  const names = stepNames(steps);
  return steps.flatMap(({ compared, agreement_rate, newly_malicious, no_longer_malicious }, index) => {
    if (agreement_rate === null) return [];
    const drawn = bar(agreement_rate, BAR_WIDTH).padEnd(BAR_WIDTH);
    const flips = styled('dim', `+${grouped(newly_malicious)} -${grouped(no_longer_malicious)} malicious`);
    return [
      `  ${(names[index] ?? '').padEnd(8)}${percent(agreement_rate).padStart(10)} ${drawn} of ${grouped(compared)}  ${flips}`,
    ];
  });
}

function scorerLines({ scorers }: ReadinessReport): string[] {
  const heading = `  ${'scorer'.padEnd(14)}${'votes'.padStart(10)}${'failures'.padStart(10)}${'score'.padStart(8)}${'confidence'.padStart(12)}${'accuracy'.padStart(10)}`;
  return [
    styled('dim', heading),
    ...SCORER_NAMES.map((name) => {
      const { votes, failures, average_score, average_confidence, labels } = scorers[name];
      return [
        `  ${name.padEnd(14)}`,
        grouped(votes).padStart(10),
        grouped(failures).padStart(10),
        score(average_score).padStart(8),
        score(average_confidence).padStart(12),
        percent(labels.accuracy).padStart(10),
      ].join('');
    }),
  ];
}

function labelLines({ labels }: ReadinessReport): string[] {
  const { malicious, benign, legacy, consensus } = labels;
  if (malicious + benign === 0) return ['  nothing was labelled in this period'];
  const line = (name: string, { labels: judged, accuracy, missed, false_alarms }: Judgement) =>
    row(name, percent(accuracy), `right of ${judged}; missed ${missed}, false alarms ${false_alarms}`);
  return [
    row('labels', grouped(malicious + benign), `${malicious} malicious, ${benign} benign`),
    line('legacy score', legacy),
    line('consensus score', consensus),
  ];
}

function addressLines(addresses: readonly DivergentAddress[]): string[] {
  return addresses.flatMap((each) => {
    const flip = flipText(each);
    return [
      `  ${styled('bold', each.address)}  ${printable(endpointText(each))}  legacy ${score(each.legacy_score)}, consensus ${score(each.consensus_score)}`,
      ...(flip === undefined ? [] : [`        ${styled('yellow', flip)}`]),
      `        ${'legacy'.padEnd(12)} ${printable(each.legacy_reasoning)}`,
      ...each.votes.map(
        ({ scorer, score: vote, reasoning }) =>
          `        ${scorer.padEnd(12)} ${score(vote)}  ${printable(reasoning)}`,
      ),
      styled('dim', `        id ${each.assessment}`),
    ];
  });
}
