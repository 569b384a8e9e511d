import type { Edit, MutationKind } from '../mutant.ts';
import { isNode, type Node, type Place } from '../syntax.ts';

/** A boundary is moved and a comparison turned round; equality is negated. */
const COMPARISONS: Readonly<Record<string, readonly string[]>> = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '==': ['!='],
  '!=': ['=='],
  '===': ['!=='],
  '!==': ['==='],
};

const ARITHMETIC: Readonly<Record<string, readonly string[]>> = {
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '**': ['*'],
  '<<': ['>>'],
  '>>': ['<<'],
  '>>>': ['<<'],
  '&': ['|'],
  '|': ['&'],
  '^': ['&'],
};

const LOGIC: Readonly<Record<string, readonly string[]>> = { '&&': ['||'], '||': ['&&'], '??': ['&&'] };

const ASSIGNMENTS: Readonly<Record<string, readonly string[]>> = {
  '+=': ['-='],
  '-=': ['+='],
  '*=': ['/='],
  '/=': ['*='],
  '%=': ['*='],
  '&&=': ['||='],
  '||=': ['&&='],
  '??=': ['&&='],
};

const TEXT = new Set(['TemplateLiteral', 'StringLiteral']);

/** Operators of comparison, arithmetic and logic, compound assignments, `!`, `-` and `?.`. */
export function mutateOperator({ node }: Place, text: string): Edit[] {
  switch (node.type) {
    case 'BinaryExpression':
      return [
        ...replaceOperator('comparison', node, COMPARISONS, text),
        ...(joinsText(node) ? [] : replaceOperator('arithmetic', node, ARITHMETIC, text)),
      ];
    case 'LogicalExpression':
      return replaceOperator('logic', node, LOGIC, text);
    case 'AssignmentExpression':
      return joinsText(node) ? [] : replaceOperator('arithmetic', node, ASSIGNMENTS, text);
    case 'UpdateExpression':
      return replaceUpdate(node);
    case 'UnaryExpression':
      return dropSign(node);
    case 'MemberExpression':
    case 'CallExpression':
      return node.optional === true ? dropChaining(node, text) : [];
    default:
      return [];
  }
}

function replaceOperator(
  kind: MutationKind,
  { left, right, operator }: Node,
  replacements: Readonly<Record<string, readonly string[]>>,
  text: string,
): Edit[] {
  if (!isNode(left) || !isNode(right)) return [];
  const start = text.indexOf(String(operator), left.end);
  const end = start + String(operator).length;
  if (start < 0 || end > right.start) return [];
  return (replacements[String(operator)] ?? []).map((replacement) => ({ kind, start, end, replacement }));
}

/** `+` between texts joins them; nothing else would make sense there. */
function joinsText({ left, right, operator }: Node): boolean {
  if (operator !== '+' && operator !== '+=') return false;
  return [left, right].some(
    (side) => isNode(side) && (TEXT.has(side.type) || typeof side.value === 'string'),
  );
}

function replaceUpdate({ operator, prefix, start, end }: Node): Edit[] {
  const at = prefix === true ? start : end - 2;
  return [{ kind: 'arithmetic', start: at, end: at + 2, replacement: operator === '++' ? '--' : '++' }];
}

function dropSign({ operator, start }: Node): Edit[] {
  if (operator !== '!' && operator !== '-') return [];
  return [{ kind: operator === '!' ? 'condition' : 'arithmetic', start, end: start + 1, replacement: '' }];
}

function dropChaining({ object, callee, property }: Node, text: string): Edit[] {
  const before = object ?? callee;
  if (!isNode(before)) return [];
  const start = text.indexOf('?.', before.end);
  if (start < 0) return [];
  const isNamed = isNode(property) && property.start === start + 2;
  return [{ kind: 'chaining', start, end: start + 2, replacement: isNamed ? '.' : '' }];
}
