import { readEvidence } from '../consensus/evidence.ts';
import { BASE_RATE, logOdds, roundToFourDecimals } from '../consensus/probability.ts';
import { FEED_FEATURES, type FeedFeatureName, readFeedFeatures } from '../consensus/scorers/feed-features.ts';
import { createReportWeight, type MlModel } from '../consensus/scorers/ml-based.ts';
import {
  passReportSteps,
  REPORT_PAIRS,
  REPORT_STEPS,
  type ReportAxis,
  type ReportPairName,
} from '../consensus/scorers/report-steps.ts';
import { boostSteps, type SteppedPoint } from './boost-steps.ts';
import { EvaluationError } from './evaluation-error.ts';
import { fitLogistic } from './fit-logistic.ts';
import type { LabelledInput } from './labelled-set.ts';
import { halfWayToBaseRate, weighTrainingRows } from './training-rows.ts';

/** Enough to keep the weights of perfectly separating features finite, too little to affect the others. */
const RIDGE = 2e-5;

/** Assumed share of reported addresses that are malicious: 5 to 9 % in the known populations. */
const REPORTED_PREVALENCE = 0.07;

/**
 * Weight of rows as they would have looked weeks earlier, relative to rows as they are. A higher weight loses less when
 * a feed has a gap, and gains less from freshness when it has none.
 */
const LOOK_BACK_WEIGHT = 0.6;

/** Fewest reported addresses of each class for a set to influence the weight of reports. */
const LEAST_PER_CLASS = 20;

const BOOSTING = { rounds: 1_500, learningRate: 0.2, ridge: 1e-4 };

const AXES = Object.keys(REPORT_STEPS) as ReportAxis[];

/**
 * Fits the additive model: first the tables of abuse reports, then, with these fixed, the weights of vendors, lists and
 * silence. Its intercept is the base rate, so that an address without evidence scores exactly that.
 *
 * @throws {EvaluationError} if no set has reported addresses of both classes
 */
export function fitMlModel(sets: ReadonlyArray<readonly LabelledInput[]>): MlModel {
  const intercept = logOdds(BASE_RATE);
  const reports = fitReports(sets, intercept);
  const weighReports = createReportWeight(reports);
  const points = weighTrainingRows(sets, { prevalenceOf: halfWayToBaseRate, lookBackWeight: 0 }).map(
    ({ input, ...weights }) => {
      const evidence = readEvidence(input);
      return { values: readFeedFeatures(evidence), offset: weighReports(evidence), ...weights };
    },
  );
  const { weights } = fitLogistic(points, {
    intercept,
    ranges: FEED_FEATURES.map(({ sign }) => ({
      lowest: sign > 0 ? 0 : -Infinity,
      highest: sign > 0 ? Infinity : 0,
    })),
    ridge: RIDGE,
  });
  const named = FEED_FEATURES.map(({ name }, i) => [name, roundToFourDecimals(weights[i] ?? 0)] as const);
  return {
    intercept: roundToFourDecimals(intercept),
    feeds: Object.fromEntries(named) as Record<FeedFeatureName, number>,
    reports,
  };
}

function fitReports(sets: ReadonlyArray<readonly LabelledInput[]>, intercept: number): MlModel['reports'] {
  const reported = sets.map((rows) => rows.filter(({ input }) => isReported(input))).filter(isTelling);
  if (reported.length === 0) {
    throw new EvaluationError(
      `no set to fit on has ${LEAST_PER_CLASS} malicious and ${LEAST_PER_CLASS} benign addresses with abuse reports`,
    );
  }
  const rows = weighTrainingRows(reported, {
    prevalenceOf: () => REPORTED_PREVALENCE,
    lookBackWeight: LOOK_BACK_WEIGHT,
  });
  const cells = new Map<string, { -readonly [Key in keyof SteppedPoint]: SteppedPoint[Key] }>();
  for (const { input, maliciousWeight, benignWeight } of rows) {
    const passed = passReportSteps(readEvidence(input));
    const steps = AXES.map((axis) => passed[axis]);
    const key = steps.join();
    const cell = cells.get(key) ?? { steps, maliciousWeight: 0, benignWeight: 0 };
    cell.maliciousWeight += maliciousWeight;
    cell.benignWeight += benignWeight;
    cells.set(key, cell);
  }
  const { constant, tables } = boostSteps([...cells.values()], {
    intercept,
    lengths: AXES.map((axis) => REPORT_STEPS[axis].length),
    pairs: REPORT_PAIRS.map(({ first, second }) => [AXES.indexOf(first), AXES.indexOf(second)] as const),
    ...BOOSTING,
  });
  const rounded = REPORT_PAIRS.map(
    ({ name }, i) => [name, (tables[i] ?? []).map((row) => row.map(roundToThreeDecimals))] as const,
  );
  return {
    constant: roundToThreeDecimals(constant),
    tables: Object.fromEntries(rounded) as Record<ReportPairName, number[][]>,
  };
}

/** If hardly any address of one class was reported, reports cannot show how they separate the classes. */
function isTelling(rows: readonly LabelledInput[]): boolean {
  const malicious = rows.filter(({ isMalicious }) => isMalicious).length;
  return Math.min(malicious, rows.length - malicious) >= LEAST_PER_CLASS;
}

function isReported(input: LabelledInput['input']): boolean {
  return (input.threat_intel?.abuseipdb?.total_reports ?? 0) > 0;
}

/** 0.001 of log-odds moves no probability by more than 0.000 25. */
function roundToThreeDecimals(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
