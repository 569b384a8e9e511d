import { LONGEST_SIGNATURE, MOST_DETECTIONS } from '../consensus/detection.ts';

/** What an intrusion detection system reported of one connection: a rule that fired on it. */
export interface FlowDetection {
  /** The rule's own words; shown, and never interpreted. */
  readonly signature: string;
  readonly signature_id?: number;
  /** 1 is the gravest; 4 stands for all beyond. */
  readonly severity: number;
  readonly category?: string;
  /** What became of the packet. */
  readonly action?: DetectionAction;
}

export const DETECTION_ACTIONS = ['allowed', 'blocked'] as const;
export type DetectionAction = (typeof DETECTION_ACTIONS)[number];

export const LEAST_GRAVE = 4;
export const LONGEST_CATEGORY = 60;

/** Names a rule: by its number where it has one, since words change. */
export function ruleName({ signature_id, signature }: Pick<FlowDetection, 'signature' | 'signature_id'>) {
  return signature_id === undefined ? signature : `${signature_id}`;
}

type Rule = Omit<FlowDetection, 'action'>;

/** The gravest first, and otherwise in an order that depends on what they say alone. */
export function inOrderOfGravity(a: Rule, b: Rule): number {
  return (
    a.severity - b.severity ||
    compareTexts(ruleName(a), ruleName(b)) ||
    compareTexts(a.signature, b.signature) ||
    compareTexts(a.category, b.category)
  );
}

/** Each rule once, with the gravest that was said of it; at most {@link MOST_DETECTIONS}, whatever their order was. */
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

/** Cuts a text of a sensor's to what is stored of it, on one line. */
export function plainWords(value: unknown, longest = LONGEST_SIGNATURE): string | undefined {
  if (typeof value !== 'string') return undefined;
  const words = value.slice(0, 4 * longest).replaceAll(/[\p{C}\p{Z}]+/gu, ' ');
  return words.trim().slice(0, longest).toWellFormed() || undefined;
}

function compareTexts(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
