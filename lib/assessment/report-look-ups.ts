import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { LookUpFigures, ProviderFigures } from '../intelligence/look-up-figures.ts';
import { PROVIDER_NAMES, type ProviderName } from '../intelligence/providers/provider.ts';
import { LOOK_UP_METRICS } from '../telemetry/metric-names.ts';

/**
 * Adds the figures of an invocation's look-ups. Figures that alarms watch are present for each provider that has a key,
 * even when 0; the others only if there is something to report.
 *
 * @param isOutdated whether keys or lists could not be refreshed; omitted if unknown
 */
export function reportLookUps(
  metrics: Metrics,
  rounds: readonly LookUpFigures[],
  isOutdated?: boolean,
): void {
  const count = (name: string, value: number) => metrics.addMetric(name, MetricUnit.Count, value);
  const countSome = (name: string, value: number) => {
    if (value > 0) count(name, value);
  };
  if (isOutdated !== undefined) count(LOOK_UP_METRICS.outdated, isOutdated ? 1 : 0);
  countSome(
    LOOK_UP_METRICS.listed,
    sum(rounds, ({ listed }) => listed),
  );
  for (const name of PROVIDER_NAMES) {
    const figures = figuresOf(rounds, name);
    if (figures.length === 0) continue;
    const names = LOOK_UP_METRICS[name];
    count(
      names.calls,
      sum(figures, ({ calls }) => calls),
    );
    count(
      names.failures,
      sum(figures, ({ failures }) => failures),
    );
    count(names.badKey, figures.some(({ isKeyRefused }) => isKeyRefused) ? 1 : 0);
    count(names.circuitOpen, figures.at(-1)?.isCircuitOpen ? 1 : 0);
    countSome(
      names.cacheHits,
      sum(figures, ({ cacheHits }) => cacheHits),
    );
    countSome(
      names.quotaExhausted,
      sum(figures, ({ outcomes }) => outcomes.no_quota ?? 0),
    );
    for (const [outcome, metric] of Object.entries(names.outcomes)) {
      countSome(
        metric,
        sum(figures, ({ outcomes }) => outcomes[outcome as keyof typeof names.outcomes] ?? 0),
      );
    }
  }
}

function figuresOf(rounds: readonly LookUpFigures[], name: ProviderName): ProviderFigures[] {
  return rounds.flatMap(({ providers }) => providers[name] ?? []);
}

function sum<Element>(elements: readonly Element[], countOf: (element: Element) => number): number {
  return elements.reduce((total, element) => total + countOf(element), 0);
}
