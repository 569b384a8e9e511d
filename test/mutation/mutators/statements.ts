import type { Edit, MutationKind } from '../mutant.ts';
import { isNode, type Node, type Place } from '../syntax.ts';

const REMOVABLE = new Set(['ThrowStatement', 'BreakStatement', 'ContinueStatement']);
const REMOVABLE_EXPRESSIONS = new Set(['CallExpression', 'AssignmentExpression', 'UpdateExpression']);

/** Conditions, statements that do something and yield nothing, and what functions return. */
export function mutateStatement(place: Place): Edit[] {
  const { node } = place;
  switch (node.type) {
    case 'IfStatement':
    case 'ConditionalExpression':
      return replaceCondition(node, ['true', 'false']);
    case 'WhileStatement':
    case 'DoWhileStatement':
    case 'ForStatement':
      // With `true` a loop would not end.
      return replaceCondition(node, ['false']);
    case 'ReturnStatement':
      return isNode(node.argument) ? replaceResult(node.argument, place.enclosing) : [];
    case 'ArrowFunctionExpression':
      return node.expression === true && isNode(node.body) ? replaceResult(node.body, node) : [];
    default:
      return isRemovable(node) ? [replace('statement', node, ';')] : [];
  }
}

function replaceCondition({ test }: Node, values: readonly string[]): Edit[] {
  if (!isNode(test) || test.type === 'Literal') return [];
  return values.map((value) => replace('condition', test, value));
}

function replaceResult(result: Node, enclosing: Node | undefined): Edit[] {
  if (result.type === 'Literal' || (result.type === 'Identifier' && result.name === 'undefined')) return [];
  const values = isPredicate(enclosing) ? ['true', 'false'] : ['undefined'];
  return values.map((value) => replace('return', result, value));
}

/** Declared to return a truth value, or to promise one. */
function isPredicate(enclosing: Node | undefined): boolean {
  if (!isNode(enclosing?.returnType) || !isNode(enclosing.returnType.typeAnnotation)) return false;
  const { type, typeArguments } = enclosing.returnType.typeAnnotation;
  if (type === 'TSBooleanKeyword' || type === 'TSTypePredicate') return true;
  const [promised] = isNode(typeArguments) ? (typeArguments.params as readonly Node[]) : [];
  return enclosing.async === true && promised?.type === 'TSBooleanKeyword';
}

function isRemovable({ type, expression }: Node): boolean {
  if (REMOVABLE.has(type)) return true;
  if (type !== 'ExpressionStatement' || !isNode(expression)) return false;
  const done = expression.type === 'AwaitExpression' ? expression.argument : expression;
  if (!isNode(done) || (isNode(done.callee) && done.callee.type === 'Super')) return false;
  return REMOVABLE_EXPRESSIONS.has(done.type);
}

function replace(kind: MutationKind, { start, end }: Node, replacement: string): Edit {
  return { kind, start, end, replacement };
}
