/** A model as readable JSON: indented, but with one line for each list of numbers. */
export function formatModel(model: object): string {
  const indented = JSON.stringify(model, undefined, 2);
  return `${indented.replace(/\[\s+([\s\d.,-]*?)\s+\]/g, (_, numbers: string) => `[${numbers.replace(/\s+/g, ' ')}]`)}\n`;
}
