import type { Edit } from '../mutant.ts';
import { isNode, type Place } from '../syntax.ts';

const OTHERS: ReadonlyMap<string, string> = new Map(
  [
    ['some', 'every'],
    ['min', 'max'],
    ['floor', 'ceil'],
    ['startsWith', 'endsWith'],
    ['toLowerCase', 'toUpperCase'],
    ['push', 'unshift'],
    ['pop', 'shift'],
    ['find', 'findLast'],
    ['indexOf', 'lastIndexOf'],
    ['padStart', 'padEnd'],
  ].flatMap(([one = '', other = '']) => [
    [one, other],
    [other, one],
  ]),
);

/** Methods without which a list or text is still one, only another. */
const DROPPABLE = new Set([
  'filter',
  'sort',
  'toSorted',
  'reverse',
  'toReversed',
  'slice',
  'trim',
  'trimEnd',
  'trimStart',
]);

/** Methods of lists, texts and `Math`: another one of the pair, or none. */
export function mutateMethod({ node }: Place): Edit[] {
  const { type, callee, end } = node;
  if (type !== 'CallExpression' || !isNode(callee) || callee.type !== 'MemberExpression') return [];
  const { object, property, computed } = callee;
  if (!isNode(object) || !isNode(property) || computed === true) return [];
  const name = String(property.name);
  const other = OTHERS.get(name);
  if (other !== undefined) {
    return [{ kind: 'method', start: property.start, end: property.end, replacement: other }];
  }
  return DROPPABLE.has(name) ? [{ kind: 'method', start: object.end, end, replacement: '' }] : [];
}
