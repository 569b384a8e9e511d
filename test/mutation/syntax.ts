import { parseSync } from 'oxc-parser';

/** A node of the syntax tree (ESTree with TypeScript); offsets are UTF-16 code units. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** A node with what surrounds it. */
export interface Place {
  readonly node: Node;
  readonly parent: Node | undefined;
  /** Field of the parent that holds the node. */
  readonly field: string;
  /** The function that a `return` here would leave. */
  readonly enclosing: Node | undefined;
}

export class SyntaxFault extends Error {
  override readonly name = 'SyntaxFault';
  readonly code = 'SYNTAX';
}

/** @throws {SyntaxFault} */
export function parseModule(file: string, text: string) {
  const { program, module, errors } = parseSync(file, text);
  const [error] = errors;
  if (error !== undefined) throw new SyntaxFault(`${file}: ${error.message}`);
  return { program: program as unknown as Node, module };
}

/** Whether the text is a module at all: some mutants are not. */
export function isModule(file: string, text: string): boolean {
  return parseSync(file, text).errors.length === 0;
}

/** Fields that hold types only, or names. */
const SILENT_FIELDS = new Set([
  'typeAnnotation',
  'returnType',
  'typeParameters',
  'typeArguments',
  'superTypeArguments',
  'implements',
  'decorators',
  'label',
]);
/** Wrappers of an expression that runs. All other nodes of TypeScript are types. */
const RUNNING_WRAPPERS = new Set(['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression']);
const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);
const IMPORTS = new Set(['ImportDeclaration', 'ExportAllDeclaration', 'ImportExpression']);

/** All places of code that runs, outer ones first. */
export function* walkRunningCode(node: Node, parent?: Node, field = '', enclosing?: Node): Generator<Place> {
  if (isSilent(node)) return;
  yield { node, parent, field, enclosing };
  const inner = FUNCTIONS.has(node.type) ? node : enclosing;
  for (const [name, value] of Object.entries(node)) {
    if (SILENT_FIELDS.has(name) || isFixedName(node, name)) continue;
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) yield* walkRunningCode(child, node, name, inner);
    }
  }
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

function isSilent({ type, declare }: Node): boolean {
  return (type.startsWith('TS') && !RUNNING_WRAPPERS.has(type)) || IMPORTS.has(type) || declare === true;
}

/** Names of properties and the sources of re-exports are no values. */
function isFixedName(node: Node, field: string): boolean {
  return (field === 'key' && node.computed !== true) || field === 'source' || field === 'attributes';
}
