/** The input that a target receives for an event. */
export type TargetInput = (event: object) => string;

/** How a rule transforms an event for a target, as in templates. */
export interface InputProperties {
  /** A constant. */
  readonly Input?: string | undefined;
  readonly InputTransformer?:
    | { readonly InputPathsMap?: Readonly<Record<string, string>>; readonly InputTemplate: string }
    | undefined;
}

/** An input transformer with features that are not supported here. */
export class InputTransformerError extends Error {
  override readonly name = 'InputTransformerError';
  readonly code = 'input_transformer';
}

/**
 * Parses a target's input: the event itself, a constant, or a template with values from the event. Outside quotes a
 * value is inserted as JSON, so a string brings its own quotes; within quotes it is inserted as the content of a JSON
 * string. Quotes around a line of text are part of the input. Source: EventBridge User Guide, "Amazon EventBridge input
 * transformation".
 *
 * @throws {InputTransformerError} for paths other than names and indices after `$`, and for undefined variables
 */
export function readInput({ Input, InputTransformer }: InputProperties): TargetInput {
  if (Input !== undefined) return () => Input;
  if (InputTransformer === undefined) return (event) => JSON.stringify(event);
  const { InputPathsMap = {}, InputTemplate } = InputTransformer;
  const paths = new Map(Object.entries(InputPathsMap).map(([name, path]) => [name, readPath(path)]));
  const parts = splitTemplate(InputTemplate, paths);
  return (event) => parts.map((part) => (typeof part === 'string' ? part : part(event))).join('');
}

type Path = (event: unknown) => unknown;

const PATH = /^\$(?:\.[\w/-]+(?:\[\d+\])*)*$/;
const STEP = /\.([\w/-]+)|\[(\d+)\]/g;

function readPath(path: string): Path {
  if (!PATH.test(path)) throw new InputTransformerError(`input path ${path} is not known here`);
  const steps = [...path.matchAll(STEP)].map(([, name, index]) => name ?? Number(index));
  return (event) =>
    steps.reduce<unknown>(
      (value, step) =>
        typeof value === 'object' && value !== null
          ? (value as Record<string | number, unknown>)[step]
          : undefined,
      event,
    );
}

/** Literal texts and the placeholders between them. */
function splitTemplate(template: string, paths: ReadonlyMap<string, Path>): (string | TargetInput)[] {
  let isQuoted = false;
  return template.split(/(<[\w.-]+>)/).map((part, index) => {
    if (index % 2 === 0) {
      const quotes = part.replaceAll(/\\./g, '').match(/"/g)?.length ?? 0;
      if (quotes % 2 === 1) isQuoted = !isQuoted;
      return part;
    }
    const path = paths.get(part.slice(1, -1));
    if (path === undefined) throw new InputTransformerError(`input template: ${part} is not defined`);
    return isQuoted ? (event: object) => quoted(path(event)) : (event: object) => asJson(path(event));
  });
}

/** A missing value becomes empty. */
function asJson(value: unknown): string {
  return value === undefined ? '""' : JSON.stringify(value);
}

function quoted(value: unknown): string {
  if (value === undefined) return '';
  return JSON.stringify(typeof value === 'string' ? value : JSON.stringify(value)).slice(1, -1);
}
