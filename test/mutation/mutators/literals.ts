import type { Edit } from '../mutant.ts';
import { isNode, type Node, type Place } from '../syntax.ts';

/** Numbers, truth values, texts, pieces of templates, and lists that are written out. */
export function mutateLiteral(place: Place): Edit[] {
  const { node } = place;
  switch (node.type) {
    case 'Literal':
      return isOnlyForTypes(place) ? [] : replaceLiteral(place);
    case 'TemplateElement':
      return dropPiece(node);
    case 'ArrayExpression':
      return (node.elements as readonly unknown[]).length > 0 && !isOnlyForTypes(place)
        ? [{ kind: 'literal', start: node.start, end: node.end, replacement: '[]' }]
        : [];
    default:
      return [];
  }
}

function replaceLiteral({ node, parent }: Place): Edit[] {
  const replacement = replacementOf(node.value);
  // A directive ("use strict") says nothing that a test could notice.
  if (replacement === undefined || parent?.directive !== undefined) return [];
  return [{ kind: 'literal', start: node.start, end: node.end, replacement }];
}

/** A number moves by one, or by half of it where it is a fraction. */
function replacementOf(value: unknown): string | undefined {
  if (typeof value === 'boolean') return String(!value);
  if (typeof value === 'string') return value === '' ? "'mutated'" : "''";
  if (typeof value !== 'number') return undefined;
  return String(Number.isInteger(value) ? value + 1 : Number((value * 1.5).toPrecision(12)));
}

/**
 * `list[i] ?? 0`: the type checker asks for a fallback although the index is known to be within the list. No test can
 * tell one such fallback from another.
 */
function isOnlyForTypes({ parent, field }: Place): boolean {
  if (parent?.type !== 'LogicalExpression' || parent.operator !== '??' || field !== 'right') return false;
  return isNode(parent.left) && isIndexed(parent.left);
}

function isIndexed(node: Node): boolean {
  if (node.type === 'MemberExpression') return node.computed === true;
  return isNode(node.expression) && isIndexed(node.expression);
}

/** The ranges of pieces include the delimiters: a backtick or brace before, a backtick or `${` behind. */
function dropPiece({ start, end, tail, value }: Node): Edit[] {
  if ((value as { readonly raw: string }).raw === '') return [];
  return [{ kind: 'template', start: start + 1, end: end - (tail === true ? 1 : 2), replacement: '' }];
}
