import type { AlarmState } from './alarm-state.ts';
import { TokenReader } from './token-reader.ts';

/** A composite alarm's rule, ready to be evaluated. */
export interface AlarmRule {
  readonly text: string;
  /** Names of the alarms in the rule. */
  readonly alarms: readonly string[];
  /** Whether the rule is met. @param stateOf returns an alarm's state by its name */
  readonly isMet: (stateOf: (alarm: string) => AlarmState) => boolean;
}

/** An invalid rule. */
export class AlarmRuleError extends Error {
  override readonly name = 'AlarmRuleError';
  readonly code = 'alarm_rule';
}

type Condition = AlarmRule['isMet'];

/**
 * Parses the rule of a composite alarm: states of alarms, `TRUE` and `FALSE`, joined by `AND`, `OR`, `NOT` and
 * parentheses. Alarms are named by name or ARN, quoted or not. Source: CloudWatch API Reference, PutCompositeAlarm,
 * "AlarmRule".
 *
 * @throws {AlarmRuleError} one line with the position
 */
export function parseAlarmRule(text: string): AlarmRule {
  const parser = new Parser(text);
  const isMet = parser.disjunction();
  parser.end();
  return { text, alarms: [...parser.alarms], isMet };
}

/** A quoted name, a bracket, or a word: an operator, a state, or a name without blanks and brackets. */
const TOKEN = /\s*("(?:[^"\\]|\\.)*"|[()]|[^\s()"]+)/;

const STATES: readonly string[] = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] satisfies AlarmState[];

class Parser {
  readonly alarms = new Set<string>();
  readonly #tokens: TokenReader;

  constructor(text: string) {
    this.#tokens = new TokenReader(
      text,
      TOKEN,
      (reason) => new AlarmRuleError(`alarm rule "${text}": ${reason}`),
    );
  }

  /** `AND` binds tighter than `OR`, and `NOT` tighter than both. */
  disjunction(): Condition {
    return this.#joined('OR', () => this.#joined('AND', () => this.#condition(), every), some);
  }

  end(): void {
    this.#tokens.end();
  }

  #joined(
    operator: string,
    operand: () => Condition,
    join: (conditions: readonly Condition[]) => Condition,
  ): Condition {
    const conditions = [operand()];
    while (this.#tokens.takes(operator)) conditions.push(operand());
    return join(conditions);
  }

  #condition(): Condition {
    const token = this.#tokens.take();
    const word = token.toUpperCase();
    if (word === 'NOT') {
      const negated = this.#condition();
      return (stateOf) => !negated(stateOf);
    }
    if (word === 'TRUE' || word === 'FALSE') return () => word === 'TRUE';
    if (token === '(') {
      const inner = this.disjunction();
      this.#tokens.expect(')');
      return inner;
    }
    if (!STATES.includes(word)) throw this.#tokens.wrong(`unexpected ${token}`);
    this.#tokens.expect('(');
    const alarm = this.#alarm();
    this.#tokens.expect(')');
    return (stateOf) => stateOf(alarm) === word;
  }

  #alarm(): string {
    const token = this.#tokens.take();
    if (token === '(' || token === ')') throw this.#tokens.wrong('expected an alarm');
    const unquoted = token.startsWith('"') ? token.slice(1, -1).replaceAll(/\\(.)/g, '$1') : token;
    const name = unquoted.replace(/^arn:.*?:alarm:/, '');
    this.alarms.add(name);
    return name;
  }
}

function every(conditions: readonly Condition[]): Condition {
  return (stateOf) => conditions.every((isMet) => isMet(stateOf));
}

function some(conditions: readonly Condition[]): Condition {
  return (stateOf) => conditions.some((isMet) => isMet(stateOf));
}
