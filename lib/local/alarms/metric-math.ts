import { TokenReader } from './token-reader.ts';

/** A value at one time; undefined is a missing data point. */
type Point = number | undefined;

/** Returns the value of an id at the time in question. */
export type Lookup = (id: string) => Point;

/** An expression, evaluated for each time. */
export type Expression = (lookup: Lookup) => Point;

/** Metric math that is invalid or not supported here. */
export class MetricMathError extends Error {
  override readonly name = 'MetricMathError';
  readonly code = 'metric_math';
}

/**
 * Parses the part of CloudWatch's metric math in which a data point depends only on those of the same time: arithmetic,
 * comparisons, AND and OR, `IF`, `FILL` with a number, and `MAX`, `MIN`, `SUM`, `AVG` of a list.
 *
 * If an operand is missing, so is the result, except that `IF` only looks at the branch it takes, `FILL` replaces
 * missing values, and functions of a list skip them. A division by 0 gives a missing value. Source: CloudWatch User
 * Guide, "Using math expressions with CloudWatch metrics".
 *
 * @throws {MetricMathError} one line with the position
 */
export function parseMetricMath(text: string): Expression {
  const parser = new Parser(text);
  const expression = parser.expression();
  parser.end();
  return expression;
}

/** A number, a name or an operator. */
const TOKEN = /\s*(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[A-Za-z]\w*|>=|<=|==|!=|&&|\|\||[-+*/()[\],<>])/;

const BINARY: readonly Readonly<Record<string, (left: number, right: number) => Point>>[] = [
  { OR: (a, b) => Number(a !== 0 || b !== 0), '||': (a, b) => Number(a !== 0 || b !== 0) },
  { AND: (a, b) => Number(a !== 0 && b !== 0), '&&': (a, b) => Number(a !== 0 && b !== 0) },
  {
    '>': (a, b) => Number(a > b),
    '>=': (a, b) => Number(a >= b),
    '<': (a, b) => Number(a < b),
    '<=': (a, b) => Number(a <= b),
    '==': (a, b) => Number(a === b),
    '!=': (a, b) => Number(a !== b),
  },
  { '+': (a, b) => a + b, '-': (a, b) => a - b },
  { '*': (a, b) => a * b, '/': (a, b) => (b === 0 ? undefined : a / b) },
];

const OF_A_LIST: Readonly<Record<string, (values: readonly number[]) => number>> = {
  MAX: (values) => Math.max(...values),
  MIN: (values) => Math.min(...values),
  SUM: (values) => values.reduce((sum, value) => sum + value, 0),
  AVG: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
};

class Parser {
  readonly #tokens: TokenReader;

  constructor(text: string) {
    this.#tokens = new TokenReader(
      text,
      TOKEN,
      (reason) => new MetricMathError(`metric math "${text}": ${reason}`),
    );
  }

  expression(level = 0): Expression {
    const operators = BINARY[level];
    if (operators === undefined) return this.#operand();
    let left = this.expression(level + 1);
    for (;;) {
      const apply = operators[this.#tokens.next ?? ''];
      if (apply === undefined) return left;
      this.#tokens.take();
      left = binary(apply, left, this.expression(level + 1));
    }
  }

  end(): void {
    this.#tokens.end();
  }

  #operand(): Expression {
    const token = this.#tokens.take();
    if (token === '(') return this.#closed(this.expression(), ')');
    if (token === '-')
      return binary(
        (a, b) => a - b,
        () => 0,
        this.#operand(),
      );
    if (/^\d/.test(token)) return () => Number(token);
    if (/^[a-z]/.test(token)) return (lookup) => lookup(token);
    if (this.#tokens.next === '(') return this.#call(token);
    throw this.#tokens.wrong(`unexpected ${token}`);
  }

  #call(name: string): Expression {
    this.#tokens.expect('(');
    if (name === 'IF') return conditional(this.#arguments(3));
    if (name === 'FILL') return filled(this.#arguments(2));
    const combine = OF_A_LIST[name];
    if (combine === undefined) throw this.#tokens.wrong(`the function ${name} is not known here`);
    this.#tokens.expect('[');
    const elements = this.#list(']');
    this.#tokens.expect(')');
    return (lookup) => {
      const values = elements.map((element) => element(lookup)).filter((value) => value !== undefined);
      return values.length === 0 ? undefined : combine(values);
    };
  }

  #arguments(count: number): Expression[] {
    const given = this.#list(')');
    if (given.length !== count) throw this.#tokens.wrong(`expected ${count} arguments, got ${given.length}`);
    return given;
  }

  #list(closing: string): Expression[] {
    const elements = [this.expression()];
    while (this.#tokens.takes(',')) elements.push(this.expression());
    this.#tokens.expect(closing);
    return elements;
  }

  #closed(expression: Expression, closing: string): Expression {
    this.#tokens.expect(closing);
    return expression;
  }
}

function binary(
  apply: (left: number, right: number) => Point,
  left: Expression,
  right: Expression,
): Expression {
  return (lookup) => {
    const a = left(lookup);
    const b = right(lookup);
    return a === undefined || b === undefined ? undefined : apply(a, b);
  };
}

function conditional([condition, whenTrue, whenFalse]: readonly Expression[]): Expression {
  return (lookup) => {
    const met = condition?.(lookup);
    if (met === undefined) return undefined;
    return met === 0 ? whenFalse?.(lookup) : whenTrue?.(lookup);
  };
}

function filled([series, filling]: readonly Expression[]): Expression {
  return (lookup) => series?.(lookup) ?? filling?.(lookup);
}
