import { printable } from './terminal.ts';

/**
 * The part of a function's log line that an operator should see: warnings and errors in one line with their cause, no metrics and no
 * information. A line that is not a structured log is shown as it is.
 */
export function warningOf(line: string): string | undefined {
  const entry = parse(line);
  if (entry === undefined) return printable(line);
  const { level, message, timestamp: _, ...details } = entry;
  if (level !== 'WARN' && level !== 'ERROR' && level !== 'CRITICAL') return undefined;
  const cause = details.reasons ?? details.reason ?? details.problem ?? details.error;
  if (cause === undefined) return printable(String(message));
  return printable(`${String(message)}: ${typeof cause === 'string' ? cause : JSON.stringify(cause)}`);
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(line) as unknown;
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
