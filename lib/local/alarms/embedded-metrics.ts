/** One value of one metric, extracted from a log line. */
export interface MetricDatum {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly timestampMs: number;
  readonly value: number;
}

interface EmbeddedMetrics {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      /** Sets of dimension names; a metric is recorded once for each set. */
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string }[];
    }[];
  };
  /** Values of metrics and dimensions, by name. */
  readonly [name: string]: unknown;
}

/**
 * Extracts the metrics from a line of a function's log; none from other lines. Source: CloudWatch User Guide,
 * "Specification: Embedded metric format".
 */
export function readEmbeddedMetrics(line: string): MetricDatum[] {
  const entry = parseEntry(line);
  if (entry === undefined) return [];
  const { Timestamp: timestampMs, CloudWatchMetrics: directives } = entry._aws;
  return directives.flatMap(({ Namespace: namespace, Dimensions: sets, Metrics: metrics }) =>
    sets.flatMap((names) => {
      const dimensions = Object.fromEntries(names.map((name) => [name, String(entry[name])]));
      return metrics.flatMap(({ Name: name }) =>
        valuesOf(entry[name]).map((value) => ({ namespace, name, dimensions, timestampMs, value })),
      );
    }),
  );
}

function parseEntry(line: string): EmbeddedMetrics | undefined {
  if (!line.startsWith('{') || !line.includes('"_aws"')) return undefined;
  try {
    return JSON.parse(line) as EmbeddedMetrics;
  } catch {
    return undefined;
  }
}

function valuesOf(value: unknown): number[] {
  return [value].flat().filter((each) => typeof each === 'number');
}
