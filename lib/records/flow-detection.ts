import { LONGEST_SIGNATURE, MOST_DETECTIONS } from '../consensus/detection.ts';

/** An intrusion detection rule that fired on a connection. */
export interface FlowDetection {
  /** The rule's message; shown, never interpreted. */
  readonly signature: string;
  readonly signature_id?: number;
  /** 1 is the most severe; 4 stands for anything beyond. */
  readonly severity: number;
  readonly category?: string;
  /** What the sensor did with the packet. */
  readonly action?: DetectionAction;
}

export const DETECTION_ACTIONS = ['allowed', 'blocked'] as const;
export type DetectionAction = (typeof DETECTION_ACTIONS)[number];

export const LEAST_GRAVE = 4;
export const LONGEST_CATEGORY = 60;

/** Identifies a rule: by number if it has one, since messages change. */
export function ruleName({ signature_id, signature }: Pick<FlowDetection, 'signature' | 'signature_id'>) {
  return signature_id === undefined ? signature : `${signature_id}`;
}

type Rule = Omit<FlowDetection, 'action'>;

/** Orders by severity, most severe first, then by content, so the order is stable. */
export function inOrderOfGravity(a: Rule, b: Rule): number {
  return (
    a.severity - b.severity ||
    compareTexts(ruleName(a), ruleName(b)) ||
    compareTexts(a.signature, b.signature) ||
    compareTexts(a.category, b.category)
  );
}

/** Each rule once, with its highest severity; at most {@link MOST_DETECTIONS}, independent of input order. */
export function joinDetections(detections: readonly FlowDetection[]): readonly FlowDetection[] {
  const byRule = new Map<string, FlowDetection>();
  for (const detection of [...detections].sort(
    (a, b) => inOrderOfGravity(a, b) || compareTexts(a.action, b.action),
  )) {
    const rule = ruleName(detection);
    if (!byRule.has(rule)) byRule.set(rule, detection);
  }
  return [...byRule.values()].slice(0, MOST_DETECTIONS);
}

/** Shortens a sensor's text to the stored length, on one line. */
export function plainWords(value: unknown, longest = LONGEST_SIGNATURE): string | undefined {
  if (typeof value !== 'string') return undefined;
  const words = value.slice(0, 4 * longest).replaceAll(/[\p{C}\p{Z}]+/gu, ' ');
  return words.trim().slice(0, longest).toWellFormed() || undefined;
}

function compareTexts(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
