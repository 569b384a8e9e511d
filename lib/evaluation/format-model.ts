/** A model as JSON for people to read: indented, but for lists of numbers, which take one line each. */
export function formatModel(model: object): string {
  const indented = JSON.stringify(model, undefined, 2);
  return `${indented.replace(/\[\s+([\s\d.,-]*?)\s+\]/g, (_, numbers: string) => `[${numbers.replace(/\s+/g, ' ')}]`)}\n`;
}
